#ifndef AYNI_DAEMON_RECORDS_ID_SET_H
#define AYNI_DAEMON_RECORDS_ID_SET_H

#include "proto/ids.h"

/*
 * Ids of records, each once, in the order in which they came: what a walk from one to the next has
 * met already. All zero is an empty one.
 */
struct id_set {
    struct ayni_record *items;
    uint32_t *slots; /* open addressing: index + 1; 0 is free */
    size_t count;
    size_t slot_count; /* a power of two, at least twice the count */
};

/* Whether it wasn't there yet is in `*added`, which may be NULL. AYNI_E_MEMORY: nothing changed. */
AYNI_CHECKED enum ayni_status id_set_add(struct id_set *set, const struct ayni_record *record,
                                         bool *added);
bool id_set_has(const struct id_set *set, const struct ayni_record *record);
/* In the order of ids from now on: nothing is added or looked for afterwards. */
void id_set_sort(struct id_set *set);
void id_set_free(struct id_set *set); /* all zero again */
#define SCOPED_ID_SET __attribute__((cleanup(id_set_free))) struct id_set

#endif
