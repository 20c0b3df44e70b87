#ifndef AYNI_DAEMON_RECORDS_IMPORT_MEMO_H
#define AYNI_DAEMON_RECORDS_IMPORT_MEMO_H

#include "daemon/records/import/import_plan.h"

/*
 * References that the cells of a batch were found to mean, so that a facility
 * that stands in many rows, and in many records of a row, is looked for once. All zero is an empty
 * one; it holds for one snapshot, and forgets what another cell takes the place of.
 */
enum { IMPORT_MEMO_SLOTS = 1024, IMPORT_MEMO_TEXT_SIZE = 48, IMPORT_MEMO_VALUE_SIZE = 20 };

struct import_memo {
    struct import_memo_slot {
        const struct plan_field *as; /* reads_as; NULL: empty */
        uint8_t text_size, value_size;
        uint8_t text[IMPORT_MEMO_TEXT_SIZE], value[IMPORT_MEMO_VALUE_SIZE];
    } slots[IMPORT_MEMO_SLOTS];
};

/* The value, appended to `cbor`; false where it isn't known. */
bool import_memo_find(const struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_buffer *cbor);
/* What is too large for it is not remembered. */
void import_memo_keep(struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_bytes value);

#endif
