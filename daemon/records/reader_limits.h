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
/*
 * Up to where each feed of a space had been written by some time, by its writer's clock, which
 * never goes back within a feed: the same on all nodes that hold the same, whenever it came. Feeds
 * of other spaces, the registry among them, are not limited.
 */
AYNI_CHECKED enum ayni_status reader_limits_written(struct reader *reader,
                                                    const struct ayni_space *space,
                                                    struct ayni_instant until,
                                                    struct reader_limits *limits);
void reader_limits_free(struct reader_limits *limits);
#define SCOPED_LIMITS __attribute__((cleanup(reader_limits_free))) struct reader_limits

#endif
