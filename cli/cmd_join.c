#include "cli/ask.h"

#include "cli/language.h"

/* Whether the answer says that steering has yet to add this node. */
static bool is_waiting(const struct output *output)
{
    struct ayni_control_value object, state;

    return ayni_control_value_decode(ayni_buffer_bytes(&output->items), &object) == AYNI_OK &&
           ayni_control_find(&object, "state", &state) && state.kind == AYNI_CONTROL_TEXT &&
           ayni_bytes_equal(state.bytes, ayni_bytes_of_text("waiting"));
}

enum ayni_status cmd_join(const struct settings *settings, const struct arguments *arguments,
                          struct failure *failure)
{
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    enum ayni_status status = ask_for(&output, arguments, failure);

    output_end(&output, status, failure);
    if (status == AYNI_OK && !settings->json && is_waiting(&output))
        printf("\n%s\n", _("Send what `ayni card` prints to the steering node, which adds it with "
                           "`ayni member add`. This node is a member then."));
    return status;
}
