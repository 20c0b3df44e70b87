#include "daemon/control/lag_item.h"

#include <stdio.h>

#include "daemon/control/error.h"
#include "proto/registry.h"

void put_space_name(struct ayni_control_writer *item, const struct charter *charter,
                    const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    if (info != NULL)
        ayni_control_put_string(item, "space", info->name);
    else
        ayni_control_put_space(item, "space", space);
}

void put_lags(struct ayni_control_writer *item, const struct net_space *space)
{
    uint64_t behind = 0;

    ayni_control_open_array(item, "in_sync_with");
    for (size_t i = 0; i < space->lag_count; i++)
        if (space->lags[i].lag.in_sync)
            ayni_control_put_node(item, NULL, &space->lags[i].node);
    ayni_control_close(item);
    for (size_t i = 0; i < space->lag_count; i++)
        behind = space->lags[i].lag.behind > behind ? space->lags[i].lag.behind : behind;
    ayni_control_put_int(item, "behind", (int64_t)behind);
}

/* Why nothing that is missing comes. */
static void put_untaken(struct ayni_control_writer *item, uint64_t untaken)
{
    struct complaint said = { 0 };
    char count[24];

    snprintf(count, sizeof(count), "%llu", (unsigned long long)untaken);
    complain_hint(&said,
                  N_("`ayni problems` names authors of too many feeds; what waits for a "
                     "right comes as soon as that is known here"),
                  NULL);
    (void)complain(
        &said, AYNI_OK,
        N_("{} entries that it holds aren't taken here: their author has too many feeds, "
           "or no right that is known here"),
        count, NULL);
    control_words_put(item, &said);
}

static void put_difference(struct ayni_control_writer *item, const struct charter *charter,
                           const struct ayni_space *space, const struct net_lag *of)
{
    ayni_control_open_object(item, NULL);
    put_space_name(item, charter, space);
    ayni_control_put_node(item, "node", &of->node);
    ayni_control_put_int(item, "missing_here", (int64_t)of->lag.behind);
    ayni_control_put_int(item, "missing_there", (int64_t)of->lag.ahead);
    ayni_control_put_int(item, "not_taken", (int64_t)of->lag.untaken);
    if (of->lag.untaken > 0)
        put_untaken(item, of->lag.untaken);
    ayni_control_close(item);
}

void put_differences(struct ayni_control_writer *item, const struct charter *charter,
                     const struct net_space *spaces, size_t count)
{
    ayni_control_open_array(item, "differences");
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < spaces[i].lag_count; n++)
            if (!spaces[i].lags[n].lag.in_sync)
                put_difference(item, charter, &spaces[i].space, &spaces[i].lags[n]);
    ayni_control_close(item);
}
