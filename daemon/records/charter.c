#include "daemon/records/charter.h"

#include <stdlib.h>

#include "daemon/records/charter_items.h"
#include "daemon/records/epoch_keys.h"
#include "daemon/records/held_chains.h"
#include "proto/catalogue_builder.h"
#include "proto/registry.h"

enum ayni_status charter_empty(struct charter **charter)
{
    struct charter *made = calloc(1, sizeof(*made));
    SCOPED_CATALOGUE_BUILDER builder = ayni_catalogue_builder_new();
    enum ayni_status status = made == NULL || builder == NULL ? AYNI_E_MEMORY : AYNI_OK;

    if (status == AYNI_OK)
        status = ayni_registry_build(&made->root, NULL, 0, NULL, 0, NULL, &made->registry);
    if (status == AYNI_OK)
        status = ayni_catalogue_build(builder, &made->catalogue);
    if (status != AYNI_OK) {
        if (made != NULL)
            ayni_registry_free(made->registry);
        free(made);
        return status;
    }
    made->registry_space = ayni_registry_space(&made->root);
    atomic_init(&made->holders, 1);
    *charter = made;
    return AYNI_OK;
}

const struct charter *charter_hold(const struct charter *charter)
{
    atomic_fetch_add(&((struct charter *)(uintptr_t)charter)->holders, 1);
    return charter;
}

void charter_release(const struct charter *charter)
{
    struct charter *last = (struct charter *)(uintptr_t)charter; /* it ends here */

    if (atomic_fetch_sub(&last->holders, 1) != 1)
        return;
    ayni_registry_free(last->registry);
    ayni_catalogue_free(last->catalogue);
    ayni_secret_free(last->identity_key);
    epoch_keys_free(last->epoch_keys);
    free(last->records);
    free(last);
}

bool charter_is_of(uint32_t type)
{
    return type < 100 || type == AYNI_TYPE_ORGANISATION || type == AYNI_ROW_LIST;
}

bool charter_may_hold(const struct charter *charter, const struct ayni_record *record)
{
    size_t from = 0, to = charter->record_count;

    if (charter->records == NULL)
        return true;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = ayni_id_compare(record, &charter->records[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

struct ayni_merge_rule charter_fold_rule(void *charter, uint32_t type, uint32_t field)
{
    const struct charter *of = charter;

    if (type < 100)
        return (struct ayni_merge_rule){ .merge = AYNI_MERGE_LATEST };
    return ayni_catalogue_fold_rule(of->catalogue, type, field);
}

/* A catalogue in the making, and its rows as bytes to hash. */
struct rows {
    struct ayni_catalogue_builder *builder;
    struct ayni_buffer scratch, bytes;
};

static void put_number(struct ayni_buffer *to, uint64_t number)
{
    uint8_t bytes[8];

    ayni_put_u64(bytes, number);
    ayni_buffer_append(to, bytes, sizeof(bytes));
}

static void put_row(struct ayni_buffer *to, uint32_t type, const struct ayni_field *fields,
                    size_t count)
{
    put_number(to, type);
    put_number(to, count);
    for (size_t i = 0; i < count; i++) {
        put_number(to, fields[i].number);
        put_number(to, fields[i].value.size);
        ayni_buffer_append(to, fields[i].value.data, fields[i].value.size);
    }
}

/* The row that these fields say, added; what is no row is left out. */
static enum ayni_status add_row(struct rows *rows, uint32_t type, const struct ayni_field *fields,
                                size_t count)
{
    struct ayni_catalogue_row row;
    enum ayni_status status =
        ayni_catalogue_row_from_fields(type, fields, count, &rows->scratch, &row);

    put_row(&rows->bytes, type, fields, count);
    if (status == AYNI_OK)
        status = ayni_catalogue_builder_add(rows->builder, &row);
    return status == AYNI_E_MEMORY ? status : AYNI_OK;
}

static enum ayni_status add_shown(struct rows *rows, const struct ayni_folded *folded)
{
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < folded->field_count && count < AYNI_ROW_FIELDS_MAX; i++)
        fields[count++] = (struct ayni_field){ .number = folded->fields[i].number,
                                               .value = folded->fields[i].shown };
    return add_row(rows, folded->type, fields, count);
}

/* One record of the catalogue: its first valid version, then what it folds to. */
static enum ayni_status add_record(struct charter *charter, struct rows *rows,
                                   const struct charter_items *items, size_t from, size_t to,
                                   struct ayni_fold_item *folds)
{
    const struct ayni_fold_chains chains = held_chains(items->log);
    const struct ayni_chain_lookup lookup = held_lookup(items->log);
    const struct ayni_fold_item *first = NULL;
    struct ayni_folded folded;
    enum ayni_status status;

    for (size_t i = from; i < to; i++) {
        const struct ayni_registry_item *item = &items->items[i];
        struct ayni_fold_item *fold = &folds[i - from];
        *fold = (struct ayni_fold_item){
            .feed = item->feed,
            .node = item->node,
            .seq = item->seq,
            .chain = item->chain,
            .time = item->time,
            .version = item->version,
            .valid = ayni_registry_item_standing(charter->registry, item, &lookup) !=
                     AYNI_STANDING_NO_RIGHT,
        };
        if (fold->valid && (first == NULL || ayni_fold_item_order(fold, first) < 0))
            first = fold;
    }
    if (first == NULL)
        return AYNI_OK;
    status =
        add_row(rows, first->version->type, first->version->fields, first->version->field_count);
    if (status != AYNI_OK || to - from == 1)
        return status;
    status = ayni_fold(folds, to - from, &chains, charter_fold_rule, charter, &folded);
    if (status != AYNI_OK)
        return status;
    status = add_shown(rows, &folded);
    ayni_folded_free(&folded);
    return status;
}

static bool is_row(uint32_t type)
{
    return (type >= AYNI_ROW_TYPE && type <= AYNI_ROW_RULE) || type == AYNI_ROW_LIST;
}

static enum ayni_status add_records(struct charter *charter, const struct charter_items *items,
                                    struct rows *rows)
{
    struct ayni_fold_item *folds = calloc(items->count + 1, sizeof(*folds));
    enum ayni_status status = folds == NULL ? AYNI_E_MEMORY : AYNI_OK;

    for (size_t from = 0, to; status == AYNI_OK && from < items->count; from = to) {
        to = charter_items_same(items, from);
        if (is_row(items->items[from].version->type))
            status = add_record(charter, rows, items, from, to, folds);
    }
    free(folds);
    return status == AYNI_OK ? ayni_buffer_status(&rows->bytes) : status;
}

static enum ayni_status build_catalogue(struct charter *charter, const struct charter_items *items)
{
    struct rows rows = { .builder = ayni_catalogue_builder_new() };
    struct ayni_catalogue *catalogue;
    enum ayni_status status =
        rows.builder == NULL ? AYNI_E_MEMORY : add_records(charter, items, &rows);

    if (status == AYNI_OK)
        status = ayni_catalogue_build(rows.builder, &catalogue);
    if (status == AYNI_OK) {
        ayni_catalogue_free(charter->catalogue);
        charter->catalogue = catalogue;
        charter->catalogue_rows = ayni_hash_of(ayni_buffer_bytes(&rows.bytes));
    }
    ayni_catalogue_builder_free(rows.builder);
    ayni_buffer_free(&rows.scratch);
    ayni_buffer_free(&rows.bytes);
    return status;
}

/* The identity key, if somebody has wrapped it for this node. */
static enum ayni_status open_identity_key(const struct charter_owner *owner,
                                          struct charter *charter)
{
    size_t count;
    const struct ayni_wrapped_key *keys =
        ayni_registry_wrapped_keys(charter->registry, &owner->node, &count);
    SCOPED_BUFFER plain = { 0 };

    for (size_t i = 0; i < count; i++) {
        ayni_buffer_clear(&plain);
        if (keys[i].purpose != AYNI_KEY_IDENTITY || owner->secret == NULL ||
            ayni_sealed_box_open(&owner->node, owner->secret, keys[i].box, &plain) != AYNI_OK ||
            plain.size != 32)
            continue;
        charter->identity_key = ayni_secret_new(32);
        if (charter->identity_key != NULL)
            memcpy(charter->identity_key, plain.data, 32);
        ayni_wipe(plain.data, plain.size);
        return charter->identity_key == NULL ? AYNI_E_MEMORY : AYNI_OK;
    }
    return AYNI_OK;
}

static enum ayni_status build(const struct charter_owner *owner, struct charter_items *items,
                              struct charter **charter)
{
    const struct ayni_chain_lookup chains = held_lookup(items->log);
    struct charter *made;
    struct ayni_registry *registry;
    enum ayni_status status = charter_empty(&made);

    if (status != AYNI_OK)
        return status;
    made->founded = owner->founded;
    made->root = owner->root;
    made->self = owner->node;
    made->registry_space = ayni_registry_space(&owner->root);
    status = ayni_registry_build(&owner->root, items->items, items->count, items->cuts,
                                 items->cut_count, &chains, &registry);
    if (status == AYNI_OK) {
        ayni_registry_free(made->registry);
        made->registry = registry;
        status = build_catalogue(made, items);
    }
    if (status == AYNI_OK)
        status = open_identity_key(owner, made);
    if (status == AYNI_OK)
        status = epoch_keys_of(made->registry, &owner->node, owner->secret, &made->epoch_keys);
    if (status != AYNI_OK) {
        charter_release(made);
        return status;
    }
    *charter = made;
    return AYNI_OK;
}

enum ayni_status charter_from_views(const struct charter_owner *owner, struct views_snapshot *views,
                                    struct log_snapshot *log, struct charter **charter)
{
    struct charter_items items = { .log = log };
    enum ayni_status status = AYNI_OK;

    if (owner->founded)
        status = charter_items_from_views(&owner->root, views, log, &items);
    if (status == AYNI_OK)
        status = build(owner, &items, charter);
    if (status == AYNI_OK) {
        (*charter)->records = items.records;
        (*charter)->record_count = items.record_count;
        items.records = NULL;
    }
    charter_items_free(&items);
    return status;
}

enum ayni_status charter_from_log(const struct charter_owner *owner, struct log_snapshot *log,
                                  struct charter **charter)
{
    struct charter_items items = { .log = log };
    enum ayni_status status = AYNI_OK;

    if (owner->founded)
        status = charter_items_from_log(&owner->root, log, &items);
    if (status == AYNI_OK)
        status = build(owner, &items, charter);
    charter_items_free(&items);
    return status;
}

enum ayni_status charter_check_author(const struct charter *charter,
                                      const struct ayni_feed_descriptor *descriptor)
{
    size_t count;

    if (ayni_id_equal(&descriptor->space, &charter->registry_space))
        return AYNI_OK;
    const struct ayni_space_info *space =
        ayni_registry_space_info(charter->registry, &descriptor->space);
    if (space == NULL)
        return AYNI_E_NOT_FOUND;
    if (ayni_id_equal(&space->owner, &descriptor->node) ||
        ayni_id_equal(&space->creator, &descriptor->node))
        return AYNI_OK;
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(charter->registry, &descriptor->space, &count);
    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&pairs[i].node, &descriptor->node))
            return AYNI_OK;
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);
    return steering != NULL && ayni_id_equal(steering, &descriptor->node) ? AYNI_OK : AYNI_E_RIGHT;
}
