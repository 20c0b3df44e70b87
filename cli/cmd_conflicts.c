/* conflicts, conflicts show: what people said differently, open or merged. */
#include <string.h>

#include "cli/ask.h"
#include "cli/output_record.h"

/* A member of an object under the same key in another one. */
static void copy_member(const struct ayni_control_value *from, const char *key,
                        struct ayni_control_writer *to)
{
    struct ayni_control_value value;

    if (ayni_control_find(from, key, &value))
        ayni_control_put_value(to, key, &value);
}

/* What people read of a merged field: a line for each of its values. */
static void put_line(const struct ayni_control_value *merge,
                     const struct ayni_control_value *alternative, struct ayni_buffer *line)
{
    static const char *const of_field[] = { "id", "type", "space", "field", "rule", "shown" };
    static const char *const of_value[] = { "n", "value", "org", "node", "steward", "time" };
    struct ayni_control_writer writer = ayni_control_writer(line);

    ayni_control_open_object(&writer, NULL);
    for (size_t i = 0; i < sizeof(of_field) / sizeof(of_field[0]); i++)
        copy_member(merge, of_field[i], &writer);
    for (size_t i = 0; i < sizeof(of_value) / sizeof(of_value[0]); i++)
        copy_member(alternative, of_value[i], &writer);
    ayni_control_close(&writer);
}

static enum ayni_status print_merge(void *context, const struct ayni_control_value *merge,
                                    struct failure *failure)
{
    struct client_sink sink = output_sink(context);
    struct ayni_control_value values, alternative, line;
    enum ayni_status status = AYNI_OK;

    if (!ayni_control_find(merge, "values", &values))
        return sink.item(sink.context, merge, failure);
    struct ayni_control_cursor cursor = ayni_control_cursor(&values);
    while (status == AYNI_OK && ayni_control_next(&cursor, NULL, &alternative)) {
        SCOPED_BUFFER encoded = { 0 };
        put_line(merge, &alternative, &encoded);
        status = ayni_control_value_decode(ayni_buffer_bytes(&encoded), &line);
        if (status == AYNI_OK)
            status = sink.item(sink.context, &line, failure);
    }
    return status;
}

enum ayni_status cmd_conflicts(const struct settings *settings, const struct arguments *arguments,
                               struct failure *failure)
{
    if (settings->json || arguments_value(arguments, "merged") == NULL)
        return ask_and_print(settings, arguments, failure);

    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    struct client_sink sink = output_sink(&output);
    sink.item = print_merge;
    enum ayni_status status = ask_for_sink(&output, arguments, &sink, failure);
    output_end(&output, status, failure);
    return status;
}

enum ayni_status cmd_conflicts_show(const struct settings *settings,
                                    const struct arguments *arguments, struct failure *failure)
{
    return ask_and_show(settings, arguments, output_conflict, failure);
}
