#ifndef AYNI_DAEMON_RECORDS_LINKAGE_H
#define AYNI_DAEMON_RECORDS_LINKAGE_H

#include "daemon/records/rules/survey.h"

/*
 * Whether the member of a programme is known: a record that is held here, with a
 * valid number of a public register as its own (a programme's or service's own code is none).
 */
enum linkage { LINKAGE_NONE /* no membership that goes on */, LINKAGE_OPEN, LINKAGE_LINKED };

AYNI_CHECKED enum ayni_status linkage_of(const struct surveyed *record, int64_t today,
                                         enum linkage *linkage);
/* Whether the catalogue has memberships at all. */
bool linkage_is_known(const struct charter *charter);

#endif
