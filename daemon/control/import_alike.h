#ifndef AYNI_DAEMON_CONTROL_IMPORT_ALIKE_H
#define AYNI_DAEMON_CONTROL_IMPORT_ALIKE_H

#include "daemon/control/call.h"
#include "daemon/records/import/import.h"

/* What there is to count of the children that an import made. */
struct import_alike {
    uint64_t found;   /* may be here already */
    uint64_t crowded; /* have more like them than they were compared with */
};

/*
 * What an import says of the children that it made: which of them may be here already.
 * After import_finish(): a warning for each, with its line. Of too many children, or of some that
 * are like too many, the first ones are looked at, and that is said: so what this costs has an end,
 * whatever the file.
 */
AYNI_CHECKED enum ayni_status import_alike_send(struct control_call *call,
                                                const struct records *records,
                                                const struct import *import,
                                                struct import_alike *alike);

#endif
