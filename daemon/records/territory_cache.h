#ifndef AYNI_DAEMON_RECORDS_TERRITORY_CACHE_H
#define AYNI_DAEMON_RECORDS_TERRITORY_CACHE_H

#include "daemon/records/territories.h"

/*
 * The table that was read last, kept until a territory changes (daemon/records/rules/kept.h). One
 * for a node, in struct records; any thread.
 */
AYNI_CHECKED enum ayni_status territory_cache_new(struct kept_cache **cache);
/*
 * The table as the reader sees it, or a newer one; to be released once. Not
 * inside a projection whose batch has territories: that one loads its own.
 */
AYNI_CHECKED enum ayni_status territory_cache_hold(struct kept_cache *cache, struct reader *reader,
                                                   const struct territories **table);

#endif
