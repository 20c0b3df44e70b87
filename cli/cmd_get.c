#include "cli/ask.h"
#include "cli/output_record.h"

enum ayni_status cmd_get(const struct settings *settings, const struct arguments *arguments,
                         struct failure *failure)
{
    return ask_and_show(settings, arguments, output_record, failure);
}
