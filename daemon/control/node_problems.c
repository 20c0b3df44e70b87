#include "daemon/control/node_problems.h"

#include "daemon/clock.h"
#include "daemon/control/copy_item.h"
#include "daemon/control/fork_item.h"
#include "daemon/control/quota_item.h"
#include "daemon/daemon.h"

/* --- listing --- */

struct listing {
    struct outbox *outbox;
    const struct charter *charter;
    struct problem_filter *filter;
    const struct ayni_node *self;
};

static bool is_asked_for(const struct listing *listing, const struct ayni_space *space)
{
    const struct ayni_space *asked = scope_space(&listing->filter->scope);

    return asked == NULL || ayni_id_equal(asked, space);
}

/* Of a node in a space, and no record's. */
static bool is_listed(const struct listing *listing, const char *reason,
                      const struct ayni_space *space, const struct ayni_node *node)
{
    const struct problem_found found = { reason, space, node, "" };

    return problem_filter_lists(listing->filter, &found);
}

static bool put_fork(void *context, const struct log_fork *fork)
{
    struct listing *listing = context;

    if (!is_asked_for(listing, &fork->descriptor.space) ||
        !is_listed(listing, "forked", &fork->descriptor.space, &fork->descriptor.node))
        return true;
    fork_item_put(outbox_begin(listing->outbox), listing->charter, fork);
    outbox_end(listing->outbox);
    return true;
}

static bool put_copy(void *context, const struct copies_finding *finding)
{
    struct listing *listing = context;

    if (!is_listed(listing, copy_item_reason(finding), &finding->space, &finding->node))
        return true;
    copy_item_put(outbox_begin(listing->outbox), listing->charter, listing->self, finding);
    outbox_end(listing->outbox);
    return true;
}

static bool put_quota(void *context, const struct quota_use *use)
{
    struct listing *listing = context;

    if (!is_asked_for(listing, &use->space) ||
        !is_listed(listing, quota_item_reason(use), &use->space, &use->node))
        return true;
    quota_item_put(outbox_begin(listing->outbox), listing->charter, use);
    outbox_end(listing->outbox);
    return true;
}

static enum ayni_status gather(struct log_snapshot *log, struct listing *listing)
{
    SCOPED_QUOTAS quotas = { 0 };
    enum ayni_status status = log_each_fork(log, put_fork, listing);

    if (status == AYNI_OK &&
        scope_space(&listing->filter->scope) == NULL) /* homes are of no space alone */
        status = copies_each(log, clock_now(), put_copy, listing);
    if (status == AYNI_OK)
        status = quotas_read(log, &quotas);
    if (status == AYNI_OK)
        quotas_each(&quotas, put_quota, listing);
    return status;
}

enum ayni_status node_problems_list(struct daemon *daemon, struct control_call *call,
                                    struct problem_filter *filter, struct outbox *outbox)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct listing listing = { outbox, charter, filter, &daemon->identity.node };
    struct log_snapshot *log;

    enum ayni_status status = log_snapshot_begin(daemon->log, &log);
    if (status != AYNI_OK)
        return status;
    status = gather(log, &listing);
    log_snapshot_end(log);
    return status == AYNI_OK ? outbox_send(outbox, call) : status;
}

/* --- counting --- */

static bool count_fork(void *context, const struct log_fork *fork)
{
    (void)fork;
    ++*(uint64_t *)context;
    return true;
}

static bool count_copy(void *context, const struct copies_finding *finding)
{
    (void)finding;
    ++*(uint64_t *)context;
    return true;
}

static bool count_quota(void *context, const struct quota_use *use)
{
    (void)use;
    ++*(uint64_t *)context;
    return true;
}

enum ayni_status node_problems_count(struct log_snapshot *log, const struct quotas *quotas,
                                     uint64_t *count)
{
    uint64_t found = 0;
    enum ayni_status status = log_each_fork(log, count_fork, &found);

    if (status == AYNI_OK)
        status = copies_each(log, clock_now(), count_copy, &found);
    if (status != AYNI_OK)
        return status;
    quotas_each(quotas, count_quota, &found);
    *count = found;
    return AYNI_OK;
}
