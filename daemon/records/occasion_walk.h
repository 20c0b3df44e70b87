#ifndef AYNI_DAEMON_RECORDS_OCCASION_WALK_H
#define AYNI_DAEMON_RECORDS_OCCASION_WALK_H

#include "daemon/records/occasion_list.h"
#include "daemon/records/reader.h"

/*
 * Records by where and when they are of, out of the indexes alone:
 *
 *   SCOPED_OCCASION_WALK walk = { 0 };
 *   occasion_walk_open(reader, &wish, &walk);
 *   while (occasion_walk_next(&walk, &row))
 *       ...
 *   return walk.status;
 *
 * Each record once, those that aren't shown left out; by place, then month, those that say nothing
 * first, whatever the space. What the reader's limits don't allow isn't there. Rows of which the
 * indexes don't know what is shown come last: all records of several versions where the reader is
 * limited, and those whose place or date isn't of its kind.
 */
struct occasion_when {
    uint16_t month;
    uint8_t day;
};
struct occasion_wish {
    const struct ayni_space *spaces; /* lent until the walk is closed */
    size_t space_count;
    uint32_t type;
    uint8_t place_from[OCCASION_PLACE_SIZE], place_to[OCCASION_PLACE_SIZE]; /* inclusive */
    struct occasion_when from, to;                                          /* likewise */
};
/* All of them. */
struct occasion_wish occasion_wish_all(uint32_t type);

struct occasion_row {
    struct ayni_space space;
    bool known; /* `at` is what is shown; else only the record's fold says */
    struct occasion at;
    bool single; /* it has the one version `ref`; else it is `record` */
    struct version_ref ref;
    struct ayni_record record;
};

struct occasion_source;
struct occasion_walk {
    struct reader *reader;
    struct occasion_wish wish;
    bool limited;
    struct occasion_source *sources;
    size_t source_count;
    struct occasion_source *current; /* the one whose key is being given */
    struct occasion_list list;       /* of it, where it is a list */
    size_t last_index;               /* of the spaces, of what comes last */
    struct views_cursor last;
    uint8_t last_prefix[OCCASION_MONTH_KEY_SIZE];
    bool last_open;
    enum ayni_status status; /* the first failure; the end is none */
};

void occasion_walk_open(struct reader *reader, const struct occasion_wish *wish,
                        struct occasion_walk *walk);
bool occasion_walk_next(struct occasion_walk *walk, struct occasion_row *row);
void occasion_walk_close(struct occasion_walk *walk);
#define SCOPED_OCCASION_WALK __attribute__((cleanup(occasion_walk_close))) struct occasion_walk

/*
 * Whether they can be used: not as long as a change of the registry leaves records to be folded
 * again. `odd`: some record of the type may be among the rows that come last.
 */
AYNI_CHECKED enum ayni_status occasions_usable(struct reader *reader, uint32_t type, bool *usable,
                                               bool *odd);

#endif
