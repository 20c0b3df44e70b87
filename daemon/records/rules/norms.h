#ifndef AYNI_DAEMON_RECORDS_NORMS_H
#define AYNI_DAEMON_RECORDS_NORMS_H

#include "daemon/records/rules/growth.h"
#include "daemon/records/rules/kept.h"
#include "daemon/records/rules/schedule.h"

/*
 * What rules measure by and steering loads into the registry: schedules, and the standards of
 * growth. What isn't loaded is empty, and says nothing.
 */
struct norms {
    struct kept kept;
    struct schedule schedule;
    struct lms_table standards[GROWTH_TABLE_COUNT];
};

/* Those tables of growth that are here and whole; the others are empty. To be freed in any case. */
AYNI_CHECKED enum ayni_status norms_load_standards(struct reader *reader,
                                                   struct lms_table standards[GROWTH_TABLE_COUNT]);
void norms_free_standards(struct lms_table standards[GROWTH_TABLE_COUNT]);

/* daemon/records/rules/kept.h. One for a node, in struct records. */
AYNI_CHECKED enum ayni_status norm_cache_new(struct kept_cache **cache);
AYNI_CHECKED enum ayni_status norm_cache_hold(struct kept_cache *cache, struct reader *reader,
                                              const struct norms **norms);
void norms_release(const struct norms *norms); /* NULL is fine */
void norms_release_scoped(const struct norms **norms);
#define SCOPED_NORMS __attribute__((cleanup(norms_release_scoped))) const struct norms

#endif
