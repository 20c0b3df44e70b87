#ifndef AYNI_DAEMON_RECORDS_GOVERN_H
#define AYNI_DAEMON_RECORDS_GOVERN_H

#include "daemon/records/complaint.h"
#include "daemon/records/standing.h"

/*
 * Members, rights, stewards and the catalogue are records of the registry: who
 * could write them as she writes others could give herself any role. So an
 * admin alone writes there. AYNI_E_RIGHT, with a complaint.
 */
AYNI_CHECKED enum ayni_status govern_check(const struct charter *charter,
                                           const struct ayni_space *space, bool by_admin,
                                           struct complaint *complaint);

#endif
