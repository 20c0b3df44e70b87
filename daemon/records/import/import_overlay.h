#ifndef AYNI_DAEMON_RECORDS_IMPORT_OVERLAY_H
#define AYNI_DAEMON_RECORDS_IMPORT_OVERLAY_H

#include "daemon/records/key.h"
#include "proto/arena.h"
#include "proto/payload.h"

/*
 * What the rows of a file have said of records so far: what a reader can't see
 * yet, and what later rows of the same file don't overwrite. All zero is an empty one.
 */
struct overlay_entry {
    struct record_key key;
    struct ayni_field *fields; /* by number */
    size_t count, capacity;
    bool made; /* it wasn't here before: what rows have said is all that there is to it */
};

struct import_overlay {
    struct overlay_entry **slots; /* hash table, open addressing; a power of two */
    size_t slot_count;
    size_t count;
    size_t size; /* bytes that it takes, about */
    struct ayni_arena memory;
};

void import_overlay_free(struct import_overlay *overlay); /* all zero again */

/* NULL where no row has spoken of the record. */
struct overlay_entry *import_overlay_find(const struct import_overlay *overlay,
                                          const struct record_key *key);
/* The value that a row has given to a field; empty for none. */
struct ayni_bytes import_overlay_value(const struct overlay_entry *entry, uint32_t field);
/* Remember what a row says of a record. A field that has a value keeps it. AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status import_overlay_add(struct import_overlay *overlay,
                                                 const struct record_key *key,
                                                 const struct ayni_field *fields, size_t count);

/* Texts that may come once: the ids of rows. All zero is an empty one. */
struct import_ids {
    struct import_id *slots;
    size_t slot_count;
    size_t count;
    struct ayni_arena memory;
};

void import_ids_free(struct import_ids *ids);
/* The line that had it first: `line` itself where it is new. AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status import_ids_add(struct import_ids *ids, struct ayni_bytes text,
                                             uint64_t line, uint64_t *first);

#endif
