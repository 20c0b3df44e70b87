#ifndef AYNI_DAEMON_RECORDS_IMPORT_CELL_H
#define AYNI_DAEMON_RECORDS_IMPORT_CELL_H

#include "daemon/records/import/import_plan.h"
#include "proto/value_parse.h"

/* Without white space at its ends. */
struct ayni_bytes import_cell_trim(struct ayni_bytes cell);
/* A day as the file writes days. AYNI_E_INVALID where it is none. */
AYNI_CHECKED enum ayni_status import_cell_day(enum import_dates dates, struct ayni_bytes text,
                                              int64_t *day);

/* The text that a source has in a row: cells joined, cut, and without spaces at the ends. Empty
 * where none of them says anything; then nothing was put. `text` is cleared first. */
void import_cell_text(const struct plan_field *field, const struct ayni_bytes *cells,
                      struct ayni_buffer *text);

/*
 * The value that such a text means for its field: words are translated, dates
 * turned round, the decimal point moved; then it is read as any value. CBOR, appended.
 *
 *   AYNI_E_INVALID, AYNI_E_RIGHT  `*reason` says why, as of ayni_value_parse()
 */
AYNI_CHECKED enum ayni_status import_cell_value(const struct ayni_value_context *context,
                                                const struct plan_field *field,
                                                struct ayni_bytes text, struct ayni_buffer *cbor,
                                                struct ayni_reason *reason);

/* A source of a day that many weeks before: whether the row says how many; true of any other
 * source. Then the day, one value of CBOR, becomes that one. AYNI_E_INVALID: they are no weeks of a
 * pregnancy. */
bool import_cell_has_weeks(const struct plan_field *field, const struct ayni_bytes *cells);
AYNI_CHECKED enum ayni_status import_cell_weeks_before(const struct plan_field *field,
                                                       const struct ayni_bytes *cells,
                                                       struct ayni_buffer *cbor,
                                                       struct ayni_reason *reason);

#endif
