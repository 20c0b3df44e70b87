#ifndef AYNI_DAEMON_RECORDS_CATALOGUE_ROWS_H
#define AYNI_DAEMON_RECORDS_CATALOGUE_ROWS_H

#include "daemon/records/json_form.h"
#include "proto/catalogue.h"

/*
 * The rows that an edition's file declares: words, lists, types, fields,
 * rules. The event block is expanded into each type that has it. What is wrong
 * is noted in the document (json_form_fail).
 */
struct catalogue_rows {
    struct ayni_arena
        *memory; /* of texts that are put together; the others borrow from the document */
    struct ayni_buffer rows; /* of struct ayni_catalogue_row */
    struct ayni_bytes edition;
    int64_t valid_from;
};

void catalogue_rows_read(const struct json_at *root, struct catalogue_rows *rows);

#endif
