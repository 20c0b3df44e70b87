#ifndef AYNI_DAEMON_RECORDS_DUPLICATES_H
#define AYNI_DAEMON_RECORDS_DUPLICATES_H

#include "daemon/records/links/likeness_search.h"
#include "daemon/records/records.h"

/*
 * Pairs of children who may be one and about whom nobody has decided. All
 * children are looked at, each with those that a key may hold for; the
 * snapshots are short, so children who come meanwhile may or may not be in it.
 */
struct duplicate {
    struct ayni_record a, b; /* a below b */
    struct likeness_match match;
    bool crowded; /* one of them has more like it than were compared */
};

/* Whose pairs; all zero: everybody's. One of the two is enough. */
struct duplicates_scope {
    const struct ayni_space *space;
    const char *territory; /* the first digits of the district; or NULL */
    unsigned keys;         /* of these alone, bits 1 << enum likeness_key; 0: all */
    int score_min;
};

struct duplicates_listener {
    /* Children looked at, of how many; false gives up: AYNI_E_STOPPED. */
    bool (*went_on)(void *context, uint64_t done, uint64_t total);
    void *context;
};

enum { DUPLICATES_MAX = 200000 }; /* of more pairs the strongest are kept */

struct duplicates {
    struct duplicate *list; /* the strongest first, then by a and b */
    size_t count, capacity;
    bool more; /* there are weaker ones that aren't listed */
};
AYNI_CHECKED enum ayni_status duplicates_find(const struct records *records,
                                              const struct duplicates_scope *scope,
                                              const struct duplicates_listener *listener,
                                              struct duplicates *duplicates);
/* Whether somebody has said of these two that they are one or that they aren't:
 * daemon/records/links/links.h.
 */
AYNI_CHECKED enum ayni_status duplicates_decided(struct reader *reader, const struct ayni_record *a,
                                                 const struct ayni_record *b, bool *decided);
void duplicates_free(struct duplicates *duplicates);
#define SCOPED_DUPLICATES __attribute__((cleanup(duplicates_free))) struct duplicates

#endif
