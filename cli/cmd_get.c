#include "cli/ask.h"
#include "cli/output_record.h"

/* Asks, and prints the one object of the answer by `show` where people read it. */
static enum ayni_status
ask_and_show(const struct settings *settings, const struct arguments *arguments,
             void (*show)(const struct people *people, const struct ayni_control_value *object),
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

enum ayni_status cmd_get(const struct settings *settings, const struct arguments *arguments,
                         struct failure *failure)
{
    return ask_and_show(settings, arguments, output_record, failure);
}

enum ayni_status cmd_conflicts_show(const struct settings *settings,
                                    const struct arguments *arguments, struct failure *failure)
{
    return ask_and_show(settings, arguments, output_conflict, failure);
}
