#include "cli/ask.h"

#include <string.h>

#include "cli/output_rows.h"

static enum ayni_status print_csv(const struct settings *settings,
                                  const struct arguments *arguments, struct failure *failure)
{
    SCOPED_ROWS rows = { 0 };
    struct client_sink sink = output_rows_sink(&rows);

    return ask_to(settings, arguments, &sink, failure);
}

/* As a table or as JSON like other answers; as CSV like an export. */
enum ayni_status cmd_query(const struct settings *settings, const struct arguments *arguments,
                           struct failure *failure)
{
    const char *format = arguments_value(arguments, "format");
    struct settings wanted = *settings;

    if (format != NULL && strcmp(format, "csv") == 0)
        return print_csv(settings, arguments, failure);
    if (format != NULL)
        wanted.json = strcmp(format, "json") == 0;
    return ask_and_print(&wanted, arguments, failure);
}
