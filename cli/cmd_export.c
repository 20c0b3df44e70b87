#include "cli/ask.h"

#include <string.h>

#include "cli/csv.h"
#include "cli/language.h"
#include "cli/output.h"
#include "cli/output_json.h"
#include "cli/value.h"

/* An export that runs: CSV lines or JSON objects, as rows come. */
struct export
{
    bool json, excel;
    struct ayni_buffer columns; /* encoded, once they have come */
};

/* What a spreadsheet would take for a formula. Numbers and dates are none. */
static bool looks_like_formula(const struct ayni_control_value *value, struct ayni_bytes text)
{
    return (value->kind == AYNI_CONTROL_TEXT || value->kind == AYNI_CONTROL_ARRAY) &&
           text.size > 0 && text.data[0] != '\0' && strchr("=+-@\t\r", text.data[0]) != NULL;
}

static void put_line(const struct export *export, const struct ayni_control_value *row)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_cursor cursor = ayni_control_cursor(row);
    struct ayni_control_value value;

    for (bool first = true; ayni_control_next(&cursor, NULL, &value); first = false) {
        if (!first)
            putchar(',');
        ayni_buffer_clear(&text);
        value_text(&value, &text);
        if (export->excel && looks_like_formula(&value, ayni_buffer_bytes(&text))) {
            SCOPED_BUFFER guarded = { 0 };
            ayni_buffer_append_byte(&guarded, '\'');
            ayni_buffer_append(&guarded, text.data, text.size);
            csv_put_cell(stdout, ayni_buffer_bytes(&guarded), ',');
        } else {
            csv_put_cell(stdout, ayni_buffer_bytes(&text), ',');
        }
    }
    fputs(export->excel ? "\r\n" : "\n", stdout);
}

static enum ayni_status put_object(const struct export *export,
                                   const struct ayni_control_value *row)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value columns;
    enum ayni_status status =
        ayni_control_value_decode(ayni_buffer_bytes(&export->columns), &columns);

    if (status != AYNI_OK)
        return status;
    output_json_row(&text, &columns, row);
    ayni_buffer_append_byte(&text, '\n');
    fwrite(text.data, 1, text.size, stdout);
    return ayni_buffer_status(&text);
}

static enum ayni_status on_row(void *context, const struct ayni_control_value *row,
                               struct failure *failure)
{
    struct export *export = context;
    enum ayni_status status = AYNI_OK;

    if (export->columns.size == 0) {
        struct ayni_control_writer writer = ayni_control_writer(&export->columns);
        ayni_control_put_value(&writer, NULL, row);
        status = ayni_buffer_status(&export->columns);
        if (export->excel)
            fputs("\xEF\xBB\xBF", stdout); /* so that Excel reads UTF-8 */
        if (!export->json)
            put_line(export, row);
    } else if (export->json) {
        status = put_object(export, row);
    } else {
        put_line(export, row);
    }
    return status == AYNI_OK ? output_status(failure) : fail_memory(failure);
}

enum ayni_status cmd_export(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    const char *format = arguments_value(arguments, "format");
    struct export export = {
        .json = format != NULL ? strcmp(format, "json") == 0 : settings->json,
        .excel = arguments_value(arguments, "excel") != NULL,
    };
    struct client_sink sink = { .context = &export, .item = on_row };

    if (export.json && export.excel)
        return fail(failure, AYNI_E_USAGE, _("--excel is for CSV"), NULL);
    enum ayni_status status = ask_to(settings, arguments, &sink, failure);
    ayni_buffer_free(&export.columns);
    return status;
}
