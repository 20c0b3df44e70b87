#include "cli/ask.h"

#include "cli/request.h"

/* The request of the table on a connection that is open. */
static enum ayni_status ask(struct client *client, const struct settings *settings,
                            const struct arguments *arguments, const struct client_sink *sink,
                            struct failure *failure)
{
    struct ayni_control_writer writer = client_request(client, arguments->command->request);

    ayni_control_open_object(&writer, NULL);
    request_put_arguments(arguments, settings, &writer);
    ayni_control_close(&writer);
    return client_exchange(client, sink, failure);
}

enum ayni_status ask_to(const struct settings *settings, const struct arguments *arguments,
                        const struct client_sink *sink, struct failure *failure)
{
    SCOPED_CLIENT client;
    enum ayni_status status = client_connect(settings, &client, failure);

    return status == AYNI_OK ? ask(&client, settings, arguments, sink, failure) : status;
}

enum ayni_status ask_for_sink(struct output *output, const struct arguments *arguments,
                              const struct client_sink *sink, struct failure *failure)
{
    SCOPED_CLIENT client;
    enum ayni_status status = client_connect(output->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    if (!output->settings->json && arguments->command->prints == NULL)
        names_load(&output->people.names, &client);
    return ask(&client, output->settings, arguments, sink, failure);
}

enum ayni_status ask_for(struct output *output, const struct arguments *arguments,
                         struct failure *failure)
{
    struct client_sink sink = output_sink(output);

    return ask_for_sink(output, arguments, &sink, failure);
}

enum ayni_status ask_and_print(const struct settings *settings, const struct arguments *arguments,
                               struct failure *failure)
{
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    enum ayni_status status = ask_for(&output, arguments, failure);

    output_end(&output, status, failure);
    return status;
}

enum ayni_status ask_and_show(const struct settings *settings, const struct arguments *arguments,
                              void (*show)(const struct people *people,
                                           const struct ayni_control_value *object),
                              struct failure *failure)
{
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    struct ayni_control_value object;
    enum ayni_status status = ask_for(&output, arguments, failure);

    if (settings->json || status != AYNI_OK ||
        ayni_control_value_decode(ayni_buffer_bytes(&output.items), &object) != AYNI_OK)
        output_end(&output, status, failure);
    else
        show(&output.people, &object);
    return status;
}
