#ifndef AYNI_DAEMON_RECORDS_FIRST_PLACE_H
#define AYNI_DAEMON_RECORDS_FIRST_PLACE_H

#include "daemon/records/reader.h"

/* Whether the record is at `key` in the first space that shows it, by id: who goes through all
 * spaces and takes it there takes it once. */
AYNI_CHECKED enum ayni_status first_place_is(struct reader *reader, const struct record_key *key,
                                             bool *first);

#endif
