#ifndef AYNI_DAEMON_RECORDS_TERRITORY_CACHE_H
#define AYNI_DAEMON_RECORDS_TERRITORY_CACHE_H

#include "daemon/records/territories.h"

/*
 * The table that was read last, kept until a territory changes. One for a node,
 * in struct records; any thread.
 */
struct territory_cache;
AYNI_CHECKED enum ayni_status territory_cache_new(struct territory_cache **cache);
void territory_cache_free(struct territory_cache *cache); /* NULL is fine */
/* By which it hears of changes: for projector_add_hook(). */
struct projection_hook territory_cache_hook(struct territory_cache *cache);
/*
 * The table as the reader sees it, or a newer one; to be released once. Not
 * inside a projection whose batch has territories: that one loads its own.
 */
AYNI_CHECKED enum ayni_status territory_cache_hold(struct territory_cache *cache,
                                                   struct reader *reader,
                                                   const struct territories **table);

#endif
