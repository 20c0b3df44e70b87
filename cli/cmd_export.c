#include "cli/ask.h"

#include <string.h>

#include "cli/language.h"
#include "cli/output.h"
#include "cli/output_rows.h"
#include "cli/xlsx.h"

enum { SHOWN_EVERY = 1024 }; /* rows */

/* A workbook that fills. */
struct filling {
    struct xlsx_file *file;
    struct progress progress;
    uint64_t count; /* of what was put, with the headings */
};

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct filling *filling = context;
    progress_show(&filling->progress, done, total);
}

static enum ayni_status put_row(void *context, const struct ayni_control_value *row,
                                struct failure *failure)
{
    struct filling *filling = context;

    if (++filling->count % SHOWN_EVERY == 0)
        progress_show(&filling->progress, filling->count, 0);
    return xlsx_put_row(filling->file, row, failure);
}

/* What there is to say of a file that nobody sees filling. */
static void tell_written(const struct settings *settings, const struct arguments *arguments,
                         uint64_t rows)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value answer;
    const struct output output = { .settings = settings,
                                   .command = arguments->command,
                                   .people = { .to = stdout } };

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_bool(&writer, "done", true);
    ayni_control_put_int(&writer, "rows", (int64_t)rows);
    ayni_control_close(&writer);
    if (ayni_control_value_decode(ayni_buffer_bytes(&encoded), &answer) == AYNI_OK)
        output_object(&output, &answer);
}

static enum ayni_status fill(struct filling *filling, const struct settings *settings,
                             const struct arguments *arguments, struct failure *failure)
{
    struct client_sink sink = { .context = filling, .item = put_row, .progress = on_progress };
    enum ayni_status status = ask_to(settings, arguments, &sink, failure);

    progress_end(&filling->progress);
    if (status == AYNI_OK)
        return xlsx_close(filling->file, failure);
    xlsx_abandon(filling->file);
    return status;
}

/* A file that is whole, or none. */
static enum ayni_status export_xlsx(const struct settings *settings,
                                    const struct arguments *arguments, struct failure *failure)
{
    const char *path = arguments_value(arguments, "file");
    struct filling filling = { 0 };

    if (path == NULL) {
        fail_hint(failure, _("for example: ayni {}"), "export child --format xlsx children.xlsx",
                  NULL);
        return fail(failure, AYNI_E_USAGE, _("--format xlsx needs a FILE"), NULL);
    }
    enum ayni_status status = xlsx_open(path, &filling.file, failure);
    if (status == AYNI_OK)
        status = fill(&filling, settings, arguments, failure);
    if (status == AYNI_OK)
        tell_written(settings, arguments, filling.count > 0 ? filling.count - 1 : 0);
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
    struct client_sink sink = output_rows_sink(&rows);
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
