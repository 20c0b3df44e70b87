#ifndef AYNI_CLI_OUTPUT_ROWS_H
#define AYNI_CLI_OUTPUT_ROWS_H

#include "cli/client.h"
#include "cli/progress.h"

/* Rows as files have them, printed as they come: CSV lines under their headings, or JSON objects.
 */
struct output_rows {
    bool json;
    bool excel;                 /* CSV that is safe to open in Excel */
    bool to_terminal;           /* CSV that somebody reads: cli/visible.h */
    struct ayni_buffer columns; /* encoded, once they have come */
    uint64_t count;             /* of rows that were taken */
    struct progress progress;
};

/* What client_exchange() calls. Where rows go into a file, who looks on sees how many. */
struct client_sink output_rows_sink(struct output_rows *rows);
/* One of them; the first is that of the columns. */
AYNI_CHECKED enum ayni_status output_rows_take(void *rows, const struct ayni_control_value *row,
                                               struct failure *failure);
void output_rows_free(struct output_rows *rows);
#define SCOPED_ROWS __attribute__((cleanup(output_rows_free))) struct output_rows

#endif
