#ifndef AYNI_DAEMON_RECORDS_ATTEMPTS_H
#define AYNI_DAEMON_RECORDS_ATTEMPTS_H

#include "daemon/records/complaint.h"
#include "daemon/records/records.h"

/*
 * Read, decide and write; once more from the start where somebody wrote in
 * between. `one` answers AYNI_E_CHANGED then, without a complaint: with one
 * that is its answer. AYNI_E_CHANGED where that never ends.
 */
typedef enum ayni_status attempt(void *context);
AYNI_CHECKED enum ayni_status attempts(const struct records *records, attempt *one, void *context,
                                       const struct complaint *complaint);

#endif
