#ifndef AYNI_PROTO_CHILD_LIST_H
#define AYNI_PROTO_CHILD_LIST_H

#include "proto/crypto.h"
#include "proto/payload.h"

/*
 * Ordered lists that somebody signs for: the children of a monthly act, and the acts that an
 * approval is about. Of each only a hash is kept, so that whoever holds the records can make it
 * again and see whether anything has changed since. docs/protocol.md, section 4.9.
 */

/* One of the list: its id, and a digest of what its record shows. */
struct ayni_listed {
    struct ayni_record id;
    uint8_t digest[16];
};

/* What a record shows: fields ascending by number; those whose value is null count as absent. */
struct ayni_shown {
    const struct ayni_field *fields;
    size_t count;
};
/*
 * The digest of one that is kept as `count` records of `type`: one as a rule, several where links
 * join them, then ascending by id. AYNI_E_MEMORY is its only failure.
 */
AYNI_CHECKED enum ayni_status ayni_listed_digest(uint32_t type, const struct ayni_shown *records,
                                                 size_t count, uint8_t digest[16]);

/* <0, 0, >0: the order of lists, by id and then digest; good for qsort(). */
int ayni_listed_compare(const void *a, const void *b);

/*
 * The hash of a list, of which no id comes twice, ascending. `name` and `place` are texts and
 * `month` the day of its first, as section 4.9 says for each kind of list. AYNI_E_MEMORY is its
 * only failure.
 */
AYNI_CHECKED enum ayni_status ayni_list_root(const char *name, const char *place, int64_t month,
                                             const struct ayni_listed *list, size_t count,
                                             struct ayni_hash *root);

#endif
