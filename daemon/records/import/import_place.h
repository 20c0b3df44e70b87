#ifndef AYNI_DAEMON_RECORDS_IMPORT_PLACE_H
#define AYNI_DAEMON_RECORDS_IMPORT_PLACE_H

#include "daemon/records/import/import_row.h"
#include "daemon/records/territories.h"

/*
 * Codes of places that have moved. Where a row gives one that was a place and is none on the row's
 * day, and that became one other by the table of territories, the draft says that one, and
 * draft->moved which they are. What became several stays as it is, for the check of places to
 * refuse. The draft has been read; `today` is the row's. AYNI_E_MEMORY is its only failure.
 */
AYNI_CHECKED enum ayni_status import_place_move(struct import_reading *reading,
                                                const struct territories *table, int64_t today,
                                                struct import_draft *draft);

/*
 * What the record has under its old code stays so, since the row says nothing new of it: where this
 * origin said it, or the record shows it. `own` is what survives among this origin's versions.
 */
void import_place_leave(struct import_draft *draft, const struct ayni_folded *own);
bool import_place_is_left(const struct import_draft *draft, uint32_t field);
/* The warning of one that is stored under its code of today; false where it is left. */
bool import_place_doubt(const struct import_reading *reading, const struct import_draft *draft,
                        const struct import_moved *moved, struct import_finding *warning);

#endif
