#include "cli/ask.h"

#include <string.h>

#include "cli/language.h"
#include "cli/output_rows.h"

enum ayni_status cmd_export(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    const char *format = arguments_value(arguments, "format");
    SCOPED_ROWS rows = {
        .json = format != NULL ? strcmp(format, "json") == 0 : settings->json,
        .excel = arguments_value(arguments, "excel") != NULL,
    };
    struct client_sink sink = { .context = &rows, .item = output_rows_take };

    if (rows.json && rows.excel)
        return fail(failure, AYNI_E_USAGE, _("--excel is for CSV"), NULL);
    return ask_to(settings, arguments, &sink, failure);
}
