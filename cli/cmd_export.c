#include "cli/ask.h"

#include <string.h>

#include "cli/language.h"
#include "cli/output_rows.h"
#include "cli/xlsx.h"

static enum ayni_status put_row(void *context, const struct ayni_control_value *row,
                                struct failure *failure)
{
    return xlsx_put_row(context, row, failure);
}

/* A file that is whole, or none. */
static enum ayni_status export_xlsx(const struct settings *settings,
                                    const struct arguments *arguments, struct failure *failure)
{
    const char *path = arguments_value(arguments, "file");
    struct client_sink sink = { .item = put_row };
    struct xlsx_file *file;

    if (path == NULL) {
        fail_hint(failure, _("for example: ayni {}"), "export child --format xlsx children.xlsx",
                  NULL);
        return fail(failure, AYNI_E_USAGE, _("--format xlsx needs a FILE"), NULL);
    }
    enum ayni_status status = xlsx_open(path, &file, failure);
    if (status != AYNI_OK)
        return status;
    sink.context = file;
    status = ask_to(settings, arguments, &sink, failure);
    if (status == AYNI_OK)
        return xlsx_close(file, failure);
    xlsx_abandon(file);
    return status;
}

enum ayni_status cmd_export(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    const char *format = arguments_value(arguments, "format");
    SCOPED_ROWS rows = {
        .json = format != NULL ? strcmp(format, "json") == 0 : settings->json,
        .excel = arguments_value(arguments, "excel") != NULL,
    };
    struct client_sink sink = { .context = &rows, .item = output_rows_take };
    bool is_xlsx = format != NULL && strcmp(format, "xlsx") == 0;

    if ((rows.json || is_xlsx) && rows.excel)
        return fail(failure, AYNI_E_USAGE, _("--excel is for CSV"), NULL);
    if (is_xlsx)
        return export_xlsx(settings, arguments, failure);
    if (arguments_value(arguments, "file") != NULL)
        return fail(failure, AYNI_E_USAGE, _("a FILE goes with --format xlsx; else write > FILE"),
                    NULL);
    return ask_to(settings, arguments, &sink, failure);
}
