#ifndef AYNI_DAEMON_RECORDS_CHECK_POOL_H
#define AYNI_DAEMON_RECORDS_CHECK_POOL_H

#include "daemon/records/charter.h"
#include "daemon/records/rules/check.h"

/*
 * Checks that are ready for the next request: to prepare the rules of a type takes several times
 * as long as to ask them. A few of one charter are kept, that of whom was served last. Any thread.
 */
struct check_pool;

AYNI_CHECKED enum ayni_status check_pool_new(struct check_pool **pool);
void check_pool_free(struct check_pool *pool); /* all have been given back; NULL is fine */

/* One for the charter's catalogue, the caller's alone until it is given back. The charter is held
 * by the caller meanwhile. */
AYNI_CHECKED enum ayni_status check_pool_take(struct check_pool *pool,
                                              const struct charter *charter, struct check **check);
void check_pool_give(struct check_pool *pool, const struct charter *charter, struct check *check);

#endif
