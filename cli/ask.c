#include "cli/ask.h"

#include "cli/output.h"

enum ayni_status ask_to(const struct settings *settings, const struct arguments *arguments,
                        const struct client_sink *sink, struct failure *failure)
{
    SCOPED_CLIENT client;
    enum ayni_status status = client_connect(settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = client_request(&client, arguments->command->request);
    ayni_control_open_object(&writer, NULL);
    arguments_put(arguments, settings, &writer);
    ayni_control_close(&writer);
    return client_exchange(&client, sink, failure);
}

enum ayni_status ask_and_print(const struct settings *settings, const struct arguments *arguments,
                               struct failure *failure)
{
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    struct client_sink sink = output_sink(&output);
    enum ayni_status status = ask_to(settings, arguments, &sink, failure);

    output_end(&output, status, failure);
    return status;
}
