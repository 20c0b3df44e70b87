#ifndef AYNI_DAEMON_RECORDS_NEIGHBOURS_H
#define AYNI_DAEMON_RECORDS_NEIGHBOURS_H

#include "daemon/records/reader.h"
#include "proto/catalogue.h"

/*
 * The records of one type about one subject, as rules across records look at them
 * (daemon/records/rules/check_others.h): what each of them shows, each record once, whatever spaces
 * hold it. Those who are linked are one subject (daemon/records/links/link_component.h). Nothing
 * here changes once it is made.
 */
enum { NEIGHBOURS_MAX = 256 }; /* about whom there are more, nothing is said */

struct neighbour {
    struct ayni_record record;
    const struct ayni_field *fields; /* by number; what is null says nothing */
    size_t field_count;
};
struct neighbours {
    const struct ayni_catalogue_type *type;
    const struct neighbour *items;
    size_t count;
    const struct ayni_record *subjects; /* all who are one with the subject, itself among them */
    size_t subject_count;
};

/* A value by the name of its field: empty where there is none. The others are false for that, or
 * where it isn't of that kind. */
struct ayni_bytes neighbour_value(const struct neighbours *all, const struct neighbour *one,
                                  const char *field);
bool neighbour_integer(const struct neighbours *all, const struct neighbour *one, const char *field,
                       int64_t *number);
bool neighbour_is_true(const struct neighbours *all, const struct neighbour *one,
                       const char *field);

/* What was found last, since rows of one visit and rules of one record ask the same again. */
enum { NEIGHBOUR_SLOTS = 8 };
struct neighbour_cache {
    struct reader *reader; /* lent */
    struct ayni_space space;
    struct neighbour_slot {
        struct ayni_record subject;
        struct neighbours found; /* `type` is NULL: empty */
        bool known;              /* else there are too many, or they can't be read */
        struct ayni_arena memory;
    } slots[NEIGHBOUR_SLOTS];
    size_t next; /* to be used again */
};
void neighbour_cache_begin(struct neighbour_cache *cache, struct reader *reader,
                           const struct ayni_space *space);
void neighbour_cache_end(struct neighbour_cache *cache);
/* Records of which whoever asks knows more than the reader shows: they are passed over. */
struct neighbours_besides {
    bool (*has)(const void *context, const struct ayni_record *record);
    const void *context;
};
/* A type by its name; NULL where there is none. */
const struct ayni_catalogue_type *neighbour_cache_type(const struct neighbour_cache *cache,
                                                       const char *name);
/* Those of a type, but for those that `besides` has (NULL: none); NULL where nothing can be said of
 * them. Lent until the cache is asked for NEIGHBOUR_SLOTS others. */
const struct neighbours *neighbour_cache_get(struct neighbour_cache *cache,
                                             const struct ayni_catalogue_type *type,
                                             const struct ayni_record *subject,
                                             const struct neighbours_besides *besides);

/* The births of which she is the mother, wherever; likewise. */
const struct neighbours *neighbour_cache_births(struct neighbour_cache *cache,
                                                const struct ayni_record *mother);

#endif
