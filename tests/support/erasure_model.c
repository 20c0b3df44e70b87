#include "tests/support/erasure_model.h"

#include <string.h>

void erasure_model_free(struct erasure_model *model)
{
    for (size_t i = 0; i < model->count; i++) {
        struct erasure_model_entry *entry = &model->entries[i];
        if (entry->is_version)
            ayni_version_free(&entry->version);
        if (entry->is_order)
            ayni_erase_free(&entry->erase);
    }
    ayni_arena_free(&model->memory);
}

/* --- learning --- */

static bool is_known(const struct erasure_model *model, const struct ayni_hash *chain)
{
    for (size_t i = 0; i < model->count; i++)
        if (ayni_id_equal(&model->entries[i].place.chain, chain))
            return true;
    return false;
}

static void decode(struct erasure_model_entry *entry)
{
    if (entry->kind == AYNI_KIND_VERSION)
        entry->is_version = ayni_version_decode(entry->payload, &entry->version) == AYNI_OK;
    if (entry->kind != AYNI_KIND_ERASE || entry->lane != AYNI_LANE_CONTROL ||
        ayni_erase_decode(entry->payload, &entry->erase) != AYNI_OK)
        return;
    entry->is_order = ayni_erase_order_decode(entry->erase.order, &entry->order) == AYNI_OK;
    if (!entry->is_order)
        ayni_erase_free(&entry->erase);
}

static void learn_entry(struct erasure_model *model, const struct log_feed *feed, uint64_t seq,
                        const struct log_entry *held)
{
    struct erasure_model_entry *entry = &model->entries[model->count];
    size_t size = held->entry.payload.size;

    ck_assert_uint_lt(model->count, ERASURE_MODEL_MAX);
    ck_assert_uint_eq(held->entry.hollow, AYNI_HOLLOW_NONE);
    *entry =
        (struct erasure_model_entry){ .lane = feed->descriptor.lane, .kind = held->entry.kind };
    entry->place = (struct ayni_registry_entry){ .space = feed->descriptor.space,
                                                 .feed = feed->id,
                                                 .node = feed->descriptor.node,
                                                 .seq = seq,
                                                 .chain = held->chain,
                                                 .time = held->entry.time };
    uint8_t *copy = ayni_arena_take(&model->memory, size + 1, 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, held->entry.payload.data, size);
    entry->payload = (struct ayni_bytes){ copy, size };
    decode(entry);
    model->count++;
}

struct learning {
    struct erasure_model *model;
    struct log_snapshot *log;
};

static bool learn_feed(void *context, const struct log_feed *feed)
{
    struct learning *learning = context;
    struct log_entry entry;

    if (!ayni_id_equal(&feed->descriptor.space, &learning->model->space))
        return true;
    for (uint64_t seq = 1; seq <= feed->head.seq; seq++) {
        test_must(log_get_entry(learning->log, feed->no, seq, &entry), "entry");
        if (!is_known(learning->model, &entry.chain))
            learn_entry(learning->model, feed, seq, &entry);
    }
    return true;
}

void erasure_model_learn(struct erasure_model *model, struct test_node *node)
{
    struct learning learning = { .model = model };

    test_must(log_snapshot_begin(node->log, &learning.log), "snapshot");
    test_must(log_each_feed(learning.log, learn_feed, &learning), "feeds");
    log_snapshot_end(learning.log);
}

/* --- judging --- */

static const struct erasure_model_entry *find(const struct erasure_model *model,
                                              const struct ayni_feed *feed, uint64_t seq)
{
    for (size_t i = 0; i < model->count; i++)
        if (ayni_id_equal(&model->entries[i].place.feed, feed) &&
            model->entries[i].place.seq == seq)
            return &model->entries[i];
    return NULL;
}

static bool names(const struct erasure_model *model, const struct erasure_model_entry *order,
                  const struct erasure_model_entry *version)
{
    for (size_t i = 0; i < order->erase.range_count; i++) {
        const struct ayni_erase_range *range = &order->erase.ranges[i];
        const struct erasure_model_entry *last = find(model, &range->feed, range->to);
        if (ayni_id_equal(&range->feed, &version->place.feed) &&
            range->from <= version->place.seq && version->place.seq <= range->to && last != NULL &&
            memcmp(last->place.chain.bytes, range->chain.bytes, 8) == 0)
            return true;
    }
    return false;
}

static bool has_seen(const struct ayni_version *version, const struct ayni_hash *order)
{
    for (size_t i = 0; i < version->erases_seen_count; i++)
        if (memcmp(version->erases_seen[i].bytes, order->bytes, 8) == 0)
            return true;
    return false;
}

static bool orders(const struct erasure_model_entry *order,
                   const struct erasure_model_entry *version)
{
    return version->is_version && !order->order.has_earlier &&
           ayni_id_equal(&order->order.record, &version->version.record) &&
           order->order.type == version->version.type &&
           !has_seen(&version->version, &order->place.chain);
}

static bool judge(const struct erasure_model *model, const struct ayni_registry *registry,
                  size_t index)
{
    const struct erasure_model_entry *version = &model->entries[index];

    for (size_t i = 0; i < model->count; i++) {
        const struct erasure_model_entry *order = &model->entries[i];
        if (!order->is_order || version->kind != AYNI_KIND_VERSION ||
            (!names(model, order, version) && !orders(order, version)))
            continue;
        if (registry == NULL ||
            ayni_registry_order_standing(registry, &order->place, &version->place, NULL) !=
                AYNI_STANDING_NO_RIGHT)
            return true;
    }
    return false;
}

bool erasure_model_is_erased(const struct erasure_model *model,
                             const struct ayni_registry *registry, size_t index)
{
    return judge(model, registry, index);
}

bool erasure_model_was_ordered(const struct erasure_model *model, size_t index)
{
    return judge(model, NULL, index);
}

static bool is_ordered(const struct erasure_model *model, const struct erasure_model_entry *version)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->entries[i].is_order && orders(&model->entries[i], version))
            return true;
    return false;
}

bool erasure_model_adds_rightly(const struct erasure_model *model, size_t index)
{
    const struct erasure_model_entry *order = &model->entries[index];

    for (size_t i = 0; i < model->count; i++)
        if (order->is_order && order->order.has_earlier && model->entries[i].is_version &&
            names(model, order, &model->entries[i]) && !is_ordered(model, &model->entries[i]))
            return false;
    return true;
}
