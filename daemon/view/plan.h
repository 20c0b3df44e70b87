#ifndef AYNI_DAEMON_VIEW_PLAN_H
#define AYNI_DAEMON_VIEW_PLAN_H

#include "daemon/records/reader.h"
#include "daemon/view/indicator.h"

/*
 * All indicators that the registry declares here and that can be read, in the
 * order of code and valid_from; what can't be read is reported and left out.
 * Immutable; two plans with one hash count alike.
 */
struct plan {
    struct indicator *indicators;
    size_t count;
    struct ayni_hash hash;
};

enum { PLAN_INDICATORS_MAX = 250 }; /* an indicator's place in the plan is one byte in keys */

AYNI_CHECKED enum ayni_status plan_load(struct reader *reader, struct plan **plan);
void plan_free(struct plan *plan); /* NULL is fine */
/*
 * The edition of an indicator that counts in the month that ends on a day: of several the newest,
 * since two are never added up. `rules` is the name of a rule set, or NULL for any. NULL: none
 * counts then.
 */
const struct indicator *plan_edition(const struct plan *plan, const char *code, const char *rules,
                                     int64_t month_end);
/* The nearest code to one that isn't there, or NULL. */
const char *plan_nearest(const struct plan *plan, const char *code);

#endif
