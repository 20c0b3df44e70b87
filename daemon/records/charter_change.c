#include "daemon/records/charter_change.h"

#include <stdlib.h>

#include "daemon/records/projection/derive_occasion.h"
#include "daemon/records/reader.h"
#include "daemon/records/sealed.h"
#include "daemon/records/task.h"
#include "proto/catalogue.h"
#include "proto/registry.h"

/* A writer whose standing in a space changed. */
struct changed_pair {
    struct ayni_space space;
    struct ayni_node node;
};

struct plan {
    const struct charter *before, *after;
    struct views_txn *txn;
    struct ayni_buffer pairs; /* struct changed_pair, sorted */
    struct ayni_buffer types; /* uint32_t */
    bool registry;            /* all of the registry is to be folded again */
    enum ayni_status status;
};

static int by_pair(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct changed_pair));
}

static void note_pair(void *context, const struct ayni_node *node, const struct ayni_space *space)
{
    struct plan *plan = context;
    struct changed_pair pair;

    if (node == NULL) {
        plan->registry = true;
        return;
    }
    pair.space = *space;
    pair.node = *node;
    ayni_buffer_append(&plan->pairs, &pair, sizeof(pair));
}

static bool plan_feed(void *context, const struct log_feed *feed)
{
    struct plan *plan = context;
    struct changed_pair pair;

    pair.space = feed->descriptor.space;
    pair.node = feed->descriptor.node;
    if (bsearch(&pair, plan->pairs.data, plan->pairs.size / sizeof(pair), sizeof(pair), by_pair) !=
        NULL)
        plan->status = task_add_feed(plan->txn, feed->no);
    return plan->status == AYNI_OK;
}

static enum ayni_status plan_writers(struct plan *plan, struct log_snapshot *log)
{
    enum ayni_status status;

    if (plan->pairs.failed)
        return AYNI_E_MEMORY;
    if (plan->pairs.size == 0)
        return AYNI_OK;
    qsort(plan->pairs.data, plan->pairs.size / sizeof(struct changed_pair),
          sizeof(struct changed_pair), by_pair);
    status = log_each_feed(log, plan_feed, plan);
    return status != AYNI_OK ? status : plan->status;
}

/* --- types --- */

static void note_type(struct plan *plan, int64_t number)
{
    uint32_t type = (uint32_t)number;

    if (number > 0 && number <= UINT32_MAX)
        ayni_buffer_append(&plan->types, &type, sizeof(type));
}

/* All types that draw on a list of codes: a word may be one now. */
static void note_listed(struct plan *plan)
{
    const struct ayni_catalogue_type *types = plan->after->catalogue->types;

    for (size_t i = 0; i < plan->after->catalogue->type_count; i++)
        for (size_t j = 0; j < types[i].field_count; j++)
            if (types[i].fields[j].list_name[0] != 0) {
                note_type(plan, types[i].number);
                break;
            }
}

/* The type that a record of the catalogue is about: its first field, in types 9 to 12. */
static enum ayni_status note_about(struct plan *plan, struct reader *reader,
                                   const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    struct ayni_cbor_reader number;
    int64_t value;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    number = ayni_cbor_reader(record_state_value(&state, 1));
    value = ayni_cbor_read_int(&number);
    if (ayni_cbor_done(&number) == AYNI_OK)
        note_type(plan, value);
    return AYNI_OK;
}

static enum ayni_status note_types(struct plan *plan, struct log_snapshot *log,
                                   const struct record_key *keys, size_t count)
{
    SCOPED_READER *reader = NULL;
    bool listed = false;
    enum ayni_status status = reader_over(views_txn_snapshot(plan->txn), log, plan->after, &reader);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (!ayni_id_equal(&keys[i].space, &plan->after->registry_space))
            continue;
        if (keys[i].type >= AYNI_ROW_TYPE && keys[i].type <= AYNI_ROW_RULE)
            status = note_about(plan, reader, &keys[i]);
        listed = listed || keys[i].type == AYNI_ROW_LIST;
    }
    if (listed)
        note_listed(plan);
    return status == AYNI_OK ? ayni_buffer_status(&plan->types) : status;
}

static bool has_type(const struct plan *plan, uint32_t type)
{
    const uint32_t *types = (const uint32_t *)plan->types.data;

    for (size_t i = 0; i < plan->types.size / sizeof(*types); i++)
        if (types[i] == type)
            return true;
    return false;
}

/* Whether records of the type are listed by other fields from here on. */
static bool is_listed_otherwise(const struct plan *plan, uint32_t type)
{
    struct occasion_fields before, after;

    (void)occasion_fields_of(ayni_catalogue_type(plan->before->catalogue, type), &before);
    (void)occasion_fields_of(ayni_catalogue_type(plan->after->catalogue, type), &after);
    return before.place != after.place || before.date != after.date;
}

static enum ayni_status plan_place(struct plan *plan, const struct ayni_space *space, uint32_t type)
{
    enum ayni_status status =
        is_listed_otherwise(plan, type) ? derive_occasions_forget(plan->txn, space, type) : AYNI_OK;

    return status == AYNI_OK ? task_add_type(plan->txn, space, type) : status;
}

/* Tasks for the places that hold records of these types, or are of the registry. */
static enum ayni_status plan_places(struct plan *plan)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    SCOPED_BUFFER places = { 0 };
    struct ayni_bytes key, value;
    enum ayni_status status;

    views_cursor_open(views_txn_snapshot(plan->txn), RECORDS_TABLE_COUNTS, (struct ayni_bytes){ 0 },
                      &cursor);
    while (views_cursor_next(&cursor, &key, &value))
        if (key.size == COUNT_KEY_SIZE &&
            ((plan->registry && memcmp(key.data, plan->after->registry_space.bytes, 16) == 0) ||
             has_type(plan, ayni_get_u32(key.data + 16))))
            ayni_buffer_append(&places, key.data, COUNT_KEY_SIZE);
    status = cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(&places);
    for (size_t at = 0; status == AYNI_OK && at < places.size; at += COUNT_KEY_SIZE) {
        struct ayni_space space;
        memcpy(space.bytes, places.data + at, 16);
        status = plan_place(plan, &space, ayni_get_u32(places.data + at + 16));
    }
    return status;
}

/* When the registry itself stands otherwise, rows of the catalogue may count that didn't. */
static bool rows_stand_otherwise(const struct charter *before, const struct charter *after)
{
    return !ayni_id_equal(&before->catalogue_rows, &after->catalogue_rows);
}

static void note_all_types(struct plan *plan, const struct ayni_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->type_count; i++)
        note_type(plan, catalogue->types[i].number);
}

enum ayni_status charter_change_plan(const struct charter *before, const struct charter *after,
                                     struct views_txn *txn, struct log_snapshot *log,
                                     const struct record_key *keys, size_t key_count)
{
    struct plan plan = { .before = before, .after = after, .txn = txn };
    enum ayni_status status;

    ayni_registry_changed(before->registry, after->registry, note_pair, &plan);
    if (plan.registry && rows_stand_otherwise(before, after)) {
        note_all_types(&plan, before->catalogue);
        note_all_types(&plan, after->catalogue);
    }
    status = note_types(&plan, log, keys, key_count);
    if (status == AYNI_OK)
        status = plan_writers(&plan, log);
    if (status == AYNI_OK)
        status = sealed_plan(before, after, txn, log);
    if (status == AYNI_OK && (plan.registry || plan.types.size > 0))
        status = plan_places(&plan);
    ayni_buffer_free(&plan.pairs);
    ayni_buffer_free(&plan.types);
    return status;
}
