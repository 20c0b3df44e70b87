/* What goes into the log because a peer sent it, and what the log has taken. */
#include <inttypes.h>

#include "daemon/net/meets.h"
#include "daemon/net/sync_driver_private.h"
#include "daemon/records/charter.h"
#include "daemon/records/writing/author.h"
#include "daemon/report.h"
#include "proto/registry.h"

/* --- who holds what --- */

static void note_meet(const struct sync_driver *driver, const struct ayni_node *peer,
                      const struct ayni_space *space, struct ayni_buffer *meets)
{
    struct meet meet = { *space, driver->heads.arrival };
    struct ayni_sync_lag lag;

    if (ayni_sync_get_lag(driver->engine, peer, space, &lag) == AYNI_OK && lag.in_sync)
        ayni_buffer_append(meets, &meet, sizeof(meet));
}

void sync_driver_meets(const struct sync_driver *driver, const struct ayni_node *peer,
                       struct ayni_buffer *meets)
{
    size_t count;

    if (driver->charter == NULL)
        return;
    const struct ayni_space_info *spaces = ayni_registry_spaces(driver->charter->registry, &count);
    note_meet(driver, peer, &driver->charter->registry_space, meets);
    for (size_t i = 0; i < count; i++)
        note_meet(driver, peer, &spaces[i].id, meets);
}

/* --- what the engine asks to store --- */

static void refuse(struct sync_driver *driver, uint64_t number, enum ayni_status status)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_REFUSED };

    event.store = number;
    event.status = status;
    sync_driver_handle(driver, &event);
}

static bool is_breach(enum ayni_status status)
{
    return status == AYNI_E_SIGNATURE || status == AYNI_E_MALFORMED || status == AYNI_E_INVALID ||
           status == AYNI_E_LIMIT;
}

static enum ayni_status take(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    switch (action->type) {
    case AYNI_SYNC_FILL:
        return intake_take_payloads(driver->intake, &action->store);
    case AYNI_SYNC_FORK:
        return intake_take_fork(driver->intake, &action->store);
    default:
        return intake_take(driver->intake, &action->store);
    }
}

void sync_driver_store(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    const struct ayni_sync_store *batch = &action->store;
    char node[AYNI_NODE_TEXT_SIZE];
    enum ayni_status status = charter_check_author(driver->charter, &batch->descriptor);

    if (status == AYNI_OK)
        status = take(driver, action);
    if (status == AYNI_OK)
        return;
    if (is_breach(status)) {
        ayni_node_text(&action->peer, node);
        report(REPORT_WARNING, "runs_refused", "reason=%s peer=%.8s from=%" PRIu64,
               ayni_status_name(status), node, batch->from);
    }
    refuse(driver, batch->number, status);
}

enum ayni_status sync_driver_own_came(void *context, const struct ayni_feed *feed,
                                      const struct ayni_feed_descriptor *descriptor)
{
    struct sync_driver *driver = context;

    return author_meet(driver->options.author, feed, descriptor);
}

void sync_driver_tell_moved(struct sync_driver *driver)
{
    head_teller_tell_moved(&driver->heads);
}

void sync_driver_tell_fork(struct sync_driver *driver, const struct ayni_feed *feed)
{
    head_teller_tell_fork(&driver->heads, feed);
}

void sync_driver_tell_finished(struct sync_driver *driver)
{
    struct intake_result result;

    while (intake_next(driver->intake, &result)) {
        bool stored = result.status == AYNI_OK;
        struct ayni_sync_event event = { .type = stored ? AYNI_SYNC_STORED : AYNI_SYNC_REFUSED };
        event.store = result.number;
        event.status = result.status;
        sync_driver_tell_moved(driver); /* its heads come first */
        if (stored && result.is_fork) {
            sync_driver_tell_fork(driver, &result.feed);
            driver->options.fork_found(driver->options.fork_context);
        }
        sync_driver_handle(driver, &event);
    }
}
