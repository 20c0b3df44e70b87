#ifndef AYNI_DAEMON_RECORDS_READER_LIMITS_H
#define AYNI_DAEMON_RECORDS_READER_LIMITS_H

#include "daemon/records/reader.h"

/*
 * Up to where each feed had arrived here by some time: --as-of. Found once by
 * walking the arrival journal, then good for any number of readers: the past
 * doesn't change. All zero: nothing had arrived.
 */
struct reader_limits {
    uint64_t *seq_max; /* by feed number */
    size_t count;
};
AYNI_CHECKED enum ayni_status reader_limits_find(struct reader *reader, struct ayni_instant as_of,
                                                 struct reader_limits *limits);
void reader_limits_free(struct reader_limits *limits);
#define SCOPED_LIMITS __attribute__((cleanup(reader_limits_free))) struct reader_limits

#endif
