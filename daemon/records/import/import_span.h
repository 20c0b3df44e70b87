#ifndef AYNI_DAEMON_RECORDS_IMPORT_SPAN_H
#define AYNI_DAEMON_RECORDS_IMPORT_SPAN_H

#include "daemon/records/import/import_row.h"

/*
 * Records that last, as pregnancies do (struct import_span of a map): which one of a holder's a
 * row's day falls into. They are looked for among what is held, and among what earlier rows of the
 * file made.
 */

/* The one of the draft's holder; of several the one that began last. AYNI_E_NOT_FOUND, also where
 * the row says no day. */
AYNI_CHECKED enum ayni_status import_span_find(struct import_reading *reading,
                                               const struct import_draft *drafts,
                                               struct import_draft *draft,
                                               const struct ayni_bytes *cells);
/* A row has made one: later rows find it by its holder. AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status import_span_note(struct import_overlay *overlay,
                                               const struct import_draft *drafts,
                                               const struct import_draft *draft);

#endif
