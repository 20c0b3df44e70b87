#include "daemon/federation/space_keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/federation/registry_draft.h"
#include "daemon/records/epoch_keys.h"
#include "daemon/report.h"
#include "proto/registry.h"

struct space_keys {
    struct records *records;
    pthread_mutex_t lock; /* two at once would begin two epochs */
};

enum ayni_status space_keys_new(struct records *records, struct space_keys **keys)
{
    struct space_keys *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->records = records;
    pthread_mutex_init(&made->lock, NULL);
    *keys = made;
    return AYNI_OK;
}

void space_keys_free(struct space_keys *keys)
{
    if (keys == NULL)
        return;
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}

/* --- who has what --- */

static struct ayni_epoch epoch_id(const uint8_t bytes[16])
{
    struct ayni_epoch epoch;

    memcpy(epoch.bytes, bytes, sizeof(epoch.bytes));
    return epoch;
}

static bool was_given(const struct ayni_registry *registry, const struct ayni_node *node,
                      const struct ayni_space *space, const uint8_t epoch[16])
{
    size_t count;
    const struct ayni_wrapped_key *wrapped = ayni_registry_wrapped_keys(registry, node, &count);

    for (size_t i = 0; i < count; i++)
        if (wrapped[i].purpose == AYNI_KEY_SPACE && wrapped[i].counts &&
            ayni_id_equal(&wrapped[i].space, space) &&
            memcmp(wrapped[i].epoch, epoch, sizeof(wrapped[i].epoch)) == 0)
            return true;
    return false;
}

/* The owner, then all who may read beside it, by `visit`. */
struct giving {
    const struct charter *charter;
    const struct ayni_space_info *space;
    struct registry_draft draft;
    const struct epoch_key *fresh; /* the one that begins; NULL: those that there are */
    enum ayni_status status;
};

static void give(struct giving *giving, const struct ayni_node *node, const struct epoch_key *key)
{
    if (giving->status == AYNI_OK)
        giving->status =
            registry_draft_space_key(&giving->draft, &giving->charter->root, &giving->space->id,
                                     key->epoch.bytes, node, key->key);
    if (giving->status == AYNI_E_INVALID) /* a right was given to what is no node's key */
        giving->status = AYNI_OK;
}

/* What it hasn't got of the keys that are here, the oldest first. */
static void give_all(struct giving *giving, const struct ayni_node *node)
{
    const struct charter *charter = giving->charter;
    const struct ayni_space *space = &giving->space->id;
    size_t count;
    const struct ayni_space_epoch *epochs = ayni_registry_epochs(charter->registry, space, &count);

    for (size_t i = 0; i < count; i++) {
        const struct ayni_epoch epoch = epoch_id(epochs[i].epoch);
        const struct epoch_key *key = epoch_keys_find(charter->epoch_keys, space, &epoch);
        if (key != NULL && !was_given(charter->registry, node, space, epochs[i].epoch))
            give(giving, node, key);
    }
}

static void give_to(struct giving *giving, const struct ayni_node *node)
{
    if (giving->fresh != NULL)
        give(giving, node, giving->fresh);
    else
        give_all(giving, node);
}

static void give_to_readers(struct giving *giving)
{
    const struct ayni_registry *registry = giving->charter->registry;
    size_t count;
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(registry, &giving->space->id, &count);

    give_to(giving, &giving->space->owner);
    for (size_t i = 0; i < count; i++)
        if (!ayni_id_equal(&pairs[i].node, &giving->space->owner) &&
            ayni_registry_may_read(registry, &pairs[i].node, &giving->space->id))
            give_to(giving, &pairs[i].node);
}

/* An epoch whose key is here, and nobody has it who may not read. */
static bool has_clean_epoch(const struct charter *charter, const struct ayni_space *space)
{
    size_t count;
    const struct ayni_space_epoch *epochs = ayni_registry_epochs(charter->registry, space, &count);

    for (size_t i = 0; i < count; i++) {
        const struct ayni_epoch epoch = epoch_id(epochs[i].epoch);
        if (epochs[i].clean && epoch_keys_find(charter->epoch_keys, space, &epoch) != NULL)
            return true;
    }
    return false;
}

/* --- giving --- */

static enum ayni_status begin_epoch(struct giving *giving)
{
    struct epoch_key *fresh = ayni_secret_new(sizeof(*fresh));

    if (fresh == NULL)
        return AYNI_E_MEMORY;
    fresh->space = giving->space->id;
    ayni_random(fresh->epoch.bytes, sizeof(fresh->epoch.bytes));
    ayni_random(fresh->key, sizeof(fresh->key));
    giving->fresh = fresh;
    give_to_readers(giving);
    giving->fresh = NULL;
    ayni_secret_free(fresh);
    return giving->status;
}

static enum ayni_status tend_space(struct space_keys *keys, const struct charter *charter,
                                   const struct ayni_space_info *space)
{
    struct giving giving = { .charter = charter, .space = space };
    bool begins = !has_clean_epoch(charter, &space->id);
    enum ayni_status status;

    if (begins) {
        status = begin_epoch(&giving);
    } else {
        give_to_readers(&giving);
        status = giving.status;
    }
    if (status == AYNI_OK && giving.draft.item_count > 0)
        status = registry_draft_write(&giving.draft, keys->records->author,
                                      &charter->registry_space, "aynid", "", AYNI_LANE_CURRENT);
    if (status == AYNI_OK && giving.draft.item_count > 0)
        report(REPORT_INFO, begins ? "epoch_began" : "epoch_keys_given", "space=%.*s keys=%zu",
               (int)space->name.size, (const char *)space->name.data, giving.draft.item_count);
    registry_draft_free(&giving.draft);
    return status;
}

/* Twice: who gets the key of an epoch that begins may lack older ones, too. */
static enum ayni_status tend_spaces(struct space_keys *keys, bool *again)
{
    SCOPED_CHARTER charter = standing_hold(keys->records->standing);
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);
    enum ayni_status status = AYNI_OK;

    *again = false;
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (!spaces[i].confidential || !ayni_id_equal(&spaces[i].owner, &keys->records->node) ||
            !ayni_registry_may_write(charter->registry, &keys->records->node, &spaces[i].id))
            continue;
        *again = *again || !has_clean_epoch(charter, &spaces[i].id);
        status = tend_space(keys, charter, &spaces[i]);
    }
    return status;
}

enum ayni_status space_keys_tend(struct space_keys *keys)
{
    bool again;

    pthread_mutex_lock(&keys->lock);
    enum ayni_status status = tend_spaces(keys, &again);
    if (status == AYNI_OK && again)
        status = tend_spaces(keys, &again);
    pthread_mutex_unlock(&keys->lock);
    return status;
}
