#include "daemon/records/settle_many.h"

#include <stdlib.h>

#include "daemon/records/authority.h"
#include "proto/registry.h"

enum { BATCH = 64 }; /* records written at once */

/* Some records, chosen under one reader and written without it. */
struct batch {
    struct records *records;
    const struct prefer *prefer;
    const struct prefer_listener *listener;
    bool stopped;
    struct author_change changes[BATCH];
    struct ayni_field fields[BATCH][CONFLICT_FIELDS_MAX];
    struct ayni_buffer values[BATCH];
    size_t count;
};

/* Those that it is chosen from. */
struct found {
    struct record_key keys[BATCH];
    size_t count;
};

static bool keep_key(void *context, const struct conflict *conflict)
{
    struct found *found = context;

    found->keys[found->count++] = conflict->key;
    return found->count < BATCH;
}

/* The alternative that the rule picks; its count where the rule says nothing of them. */
static size_t pick(const struct batch *batch, const struct record_state *state,
                   const struct ayni_folded_field *field)
{
    switch (batch->prefer->rule) {
    case PREFER_LATEST:
        return 0;
    case PREFER_OLDEST:
        return field->alternative_count - 1;
    case PREFER_NODE:
        for (size_t i = 0; i < field->alternative_count; i++)
            for (size_t j = 0; j < field->alternatives[i].item_count; j++)
                if (ayni_id_equal(&state->items[field->alternatives[i].items[j]].node,
                                  &batch->prefer->node))
                    return i;
    }
    return field->alternative_count;
}

static bool may_pick(const struct batch *batch, const struct charter *charter,
                     const struct record_state *state, const struct ayni_folded_field *field)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);

    return field->contested &&
           !authority_is_others(charter, &batch->records->node,
                                type == NULL ? NULL : ayni_catalogue_field(type, field->number),
                                state->items, field);
}

static bool choose_field(struct batch *batch, const struct charter *charter,
                         const struct record_state *state, const struct ayni_folded_field *field,
                         size_t *offset)
{
    size_t picked = may_pick(batch, charter, state, field) ? pick(batch, state, field)
                                                           : field->alternative_count;
    struct ayni_buffer *values = &batch->values[batch->count];
    const struct ayni_alternative *alternative;
    struct preferred preferred = { .key = &state->key, .field = field->number };

    if (picked == field->alternative_count)
        return false;
    alternative = &field->alternatives[picked];
    preferred.value = alternative->value;
    preferred.node = &state->items[alternative->items[0]].node;
    if (!batch->listener->tell(batch->listener->context, charter, &preferred)) {
        batch->stopped = true;
        return false;
    }
    *offset = values->size;
    ayni_buffer_append(values, alternative->value.data, alternative->value.size);
    return true;
}

static enum ayni_status choose_record(struct batch *batch, struct reader *reader,
                                      const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    struct ayni_field *fields = batch->fields[batch->count];
    struct ayni_buffer *values = &batch->values[batch->count];
    size_t offsets[CONFLICT_FIELDS_MAX];
    size_t count = 0;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    ayni_buffer_clear(values);
    for (size_t i = 0; i < state.folded.field_count && count < CONFLICT_FIELDS_MAX; i++) {
        const struct ayni_folded_field *field = &state.folded.fields[i];
        if (batch->stopped ||
            !choose_field(batch, reader_charter(reader), &state, field, &offsets[count]))
            continue;
        fields[count++].number = field->number;
    }
    for (size_t i = 0; i < count; i++)
        fields[i].value =
            (struct ayni_bytes){ values->data + offsets[i],
                                 (i + 1 < count ? offsets[i + 1] : values->size) - offsets[i] };
    if (values->failed || count == 0)
        return values->failed ? AYNI_E_MEMORY : AYNI_OK;
    batch->changes[batch->count++] = (struct author_change){
        .space = key->space,
        .record = key->record,
        .type = key->type,
        .fields = fields,
        .field_count = count,
        .steward = ayni_bytes_of_text(batch->prefer->steward),
        .reason = ayni_bytes_of_text(batch->prefer->reason == NULL ? "" : batch->prefer->reason),
        .act = AYNI_ACT_RESOLUTION,
        .expects = true,
        .expected = state.total,
    };
    return AYNI_OK;
}

/* All at once; one by one where somebody changed one of them. */
static enum ayni_status write_batch(struct batch *batch)
{
    struct author *author = batch->records->author;
    enum ayni_status status =
        author_append(author, batch->changes, batch->count, AYNI_LANE_CURRENT, NULL);

    if (status != AYNI_E_CHANGED)
        return status;
    status = AYNI_OK;
    for (size_t i = 0; status == AYNI_OK && i < batch->count; i++) {
        status = author_append(author, &batch->changes[i], 1, AYNI_LANE_CURRENT, NULL);
        if (status == AYNI_E_CHANGED)
            status = AYNI_OK;
    }
    return status;
}

/* One of those that the rule is for. */
static bool is_chosen(const struct prefer *prefer, const struct record_key *key)
{
    return !prefer->chosen ||
           (prefer->key_count > 0 && bsearch(key, prefer->keys, prefer->key_count,
                                             sizeof(*prefer->keys), record_key_compare) != NULL);
}

/* What the registry holds waits for an admin. */
static bool may_settle(const struct batch *batch, struct reader *reader,
                       const struct record_key *key)
{
    const struct charter *charter = reader_charter(reader);

    return (batch->prefer->by_admin || !ayni_id_equal(&key->space, &charter->registry_space)) &&
           ayni_registry_may_write(charter->registry, &batch->records->node, &key->space);
}

static enum ayni_status settle_batch(struct batch *batch, const struct record_key *keys,
                                     size_t count)
{
    struct reader *reader;
    enum ayni_status status = reader_begin(batch->records, &reader);

    if (status != AYNI_OK)
        return status;
    batch->count = 0;
    for (size_t i = 0; status == AYNI_OK && !batch->stopped && i < count; i++)
        if (is_chosen(batch->prefer, &keys[i]) && may_settle(batch, reader, &keys[i]))
            status = choose_record(batch, reader, &keys[i]);
    reader_end(reader);
    if (status == AYNI_OK && !batch->prefer->dry_run)
        status = write_batch(batch);
    return status == AYNI_OK ? batch->listener->written(batch->listener->context) : status;
}

static enum ayni_status find_conflicts(struct records *records, const struct prefer *prefer,
                                       struct conflict_cursor *from, struct found *found)
{
    SCOPED_READER *reader = NULL;
    const struct conflict_filter filter = { .space = prefer->space, .type = prefer->type };
    enum ayni_status status = reader_begin(records, &reader);

    found->count = 0;
    return status == AYNI_OK ? conflicts_each(reader, &filter, from, keep_key, found) : status;
}

static void free_batch(struct batch **batch)
{
    for (size_t i = 0; *batch != NULL && i < BATCH; i++)
        ayni_buffer_free(&(*batch)->values[i]);
    free(*batch);
}

enum ayni_status settle_many(struct records *records, const struct prefer *prefer,
                             const struct prefer_listener *listener)
{
    __attribute__((cleanup(free_batch))) struct batch *batch = calloc(1, sizeof(*batch));
    struct conflict_cursor from = { 0 };
    enum ayni_status status = AYNI_OK;
    struct found found;

    if (batch == NULL)
        return AYNI_E_MEMORY;
    *batch = (struct batch){ .records = records, .prefer = prefer, .listener = listener };
    while (status == AYNI_OK && !batch->stopped && !from.done) {
        status = find_conflicts(records, prefer, &from, &found);
        if (status == AYNI_OK && found.count > 0)
            status = settle_batch(batch, found.keys, found.count);
    }
    if (status == AYNI_OK && !prefer->dry_run)
        status = projector_catch_up(records->projector, UINT32_MAX);
    return status;
}
