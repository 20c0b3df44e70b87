#ifndef AYNI_DAEMON_RECORDS_IMPORT_DOUBT_H
#define AYNI_DAEMON_RECORDS_IMPORT_DOUBT_H

#include "daemon/records/import/import_row.h"

/* What is doubtful about a row that is accepted, but for what rules say of it: as many warnings as
 * there is room for. */
enum { IMPORT_WARNINGS_MAX = 8 };
struct import_warnings {
    struct import_finding items[IMPORT_WARNINGS_MAX];
    size_t count;
};

/* Which record it is, what an earlier row of the file says otherwise, and places that moved. */
void import_doubt_draft(const struct import_reading *reading, const struct import_draft *draft,
                        struct import_warnings *warnings);
/* Of a row that writes something: who was parted from another under the same number. */
void import_doubt_split(const struct import_reading *reading, const struct import_draft *drafts,
                        struct import_warnings *warnings);

#endif
