#include "daemon/records/writing/settle_many.h"

#include <stdlib.h>

#include "daemon/records/authority.h"
#include "daemon/records/writing/decision.h"
#include "daemon/records/writing/lane.h"
#include "proto/registry.h"

enum { BATCH = 256 }; /* records written at once, in one commit */

/* One of them, and what it is settled to. */
struct settled {
    struct ayni_field *fields;
    struct ayni_buffer values;  /* of the fields, one behind the other */
    struct decision *decisions; /* of the fields, where evidence is given */
    size_t count;               /* of fields */
    size_t first_change, change_count;
    uint8_t lane; /* of its changes */
};

/* Some records, chosen under one reader and written without it. */
struct batch {
    struct records *records;
    const struct prefer *prefer;
    const struct prefer_listener *listener;
    struct complaint *complaint;
    bool stopped;
    struct settled settled[BATCH];
    size_t count;
    struct ayni_buffer changes; /* struct author_change, of all of them */
    bool mixed;                 /* they are of several lanes */
};

static void settled_free(struct settled *settled)
{
    for (size_t i = 0; settled->decisions != NULL && i < settled->count; i++)
        decision_free(&settled->decisions[i]);
    free(settled->decisions);
    ayni_buffer_free(&settled->values);
    free(settled->fields);
    *settled = (struct settled){ 0 };
}

static void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        settled_free(&batch->settled[i]);
    batch->count = 0;
    batch->mixed = false;
    ayni_buffer_clear(&batch->changes);
}

static void batch_free(struct batch **batch)
{
    if (*batch == NULL)
        return;
    batch_clear(*batch);
    ayni_buffer_free(&(*batch)->changes);
    free(*batch);
}

/* --- one field --- */

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

static bool tell(struct batch *batch, const struct charter *charter,
                 const struct record_state *state, const struct ayni_folded_field *field,
                 const struct ayni_alternative *picked)
{
    const struct preferred preferred = {
        .key = &state->key,
        .field = field->number,
        .value = picked->value,
        .shown = field->shown,
        .node = &state->items[picked->items[0]].node,
    };

    batch->stopped = !batch->listener->tell(batch->listener->context, charter, &preferred);
    return !batch->stopped;
}

/* The value that the rule picks, told and kept; none where it says nothing of this field. */
static void choose_field(struct batch *batch, const struct charter *charter,
                         const struct record_state *state, const struct ayni_folded_field *field,
                         struct settled *settled)
{
    size_t picked;

    if (!may_pick(batch, charter, state, field))
        return;
    picked = prefer_pick(&batch->prefer->rule, charter, state, field);
    if (picked == field->alternative_count ||
        !tell(batch, charter, state, field, &field->alternatives[picked]))
        return;
    settled->fields[settled->count++] =
        (struct ayni_field){ .number = field->number, .value = field->alternatives[picked].value };
}

/* The values outlive the reader that lent them. */
static enum ayni_status keep_values(struct settled *settled)
{
    size_t at = 0;

    for (size_t i = 0; i < settled->count; i++)
        ayni_buffer_append(&settled->values, settled->fields[i].value.data,
                           settled->fields[i].value.size);
    for (size_t i = 0; i < settled->count; i++) {
        settled->fields[i].value.data = settled->values.data + at;
        at += settled->fields[i].value.size;
    }
    return ayni_buffer_status(&settled->values);
}

/* --- one record --- */

static void add_change(struct batch *batch, struct settled *settled,
                       const struct author_change *change)
{
    ayni_buffer_append(&batch->changes, change, sizeof(*change));
    settled->change_count++;
}

static void add_resolution(struct batch *batch, const struct record_state *state,
                           struct settled *settled)
{
    const struct prefer *prefer = batch->prefer;
    const struct author_change change = {
        .space = state->key.space,
        .record = state->key.record,
        .type = state->key.type,
        .fields = settled->fields,
        .field_count = settled->count,
        .steward = ayni_bytes_of_text(prefer->steward),
        .reason = ayni_bytes_of_text(prefer->reason == NULL ? "" : prefer->reason),
        .act = AYNI_ACT_RESOLUTION,
        .expects = true,
        .expected = state->total,
    };

    settled->lane = prefer->evidence != NULL ? DECISION_LANE : lane_of_type(state->key.type);
    batch->mixed = batch->mixed || (batch->count > 0 && settled->lane != batch->settled[0].lane);
    settled->first_change = batch->changes.size / sizeof(change);
    add_change(batch, settled, &change);
}

static enum ayni_status add_decisions(struct batch *batch, struct reader *reader,
                                      const struct record_key *key, struct settled *settled)
{
    const struct prefer *prefer = batch->prefer;
    const struct decision_wish wish = { prefer->evidence, prefer->reason };
    enum ayni_status status = AYNI_OK;

    settled->decisions = calloc(settled->count, sizeof(*settled->decisions));
    if (settled->decisions == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < settled->count; i++) {
        struct decision *decision = &settled->decisions[i];
        status = decision_make(reader, &wish, key, settled->fields[i].number, decision,
                               batch->complaint);
        const struct author_change change = decision_change(decision, key, prefer->steward);
        add_change(batch, settled, &change);
    }
    return status;
}

static enum ayni_status choose_fields(struct batch *batch, struct reader *reader,
                                      const struct record_state *state, struct settled *settled)
{
    settled->fields = calloc(state->folded.field_count, sizeof(*settled->fields));
    if (settled->fields == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < state->folded.field_count && !batch->stopped; i++)
        choose_field(batch, reader_charter(reader), state, &state->folded.fields[i], settled);
    if (settled->count == 0)
        return AYNI_OK;
    add_resolution(batch, state, settled);
    enum ayni_status status = keep_values(settled);
    if (status == AYNI_OK && batch->prefer->evidence != NULL)
        status = add_decisions(batch, reader, &state->key, settled);
    return status;
}

static enum ayni_status choose_record(struct batch *batch, struct reader *reader,
                                      const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    struct settled *settled = &batch->settled[batch->count];
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK || state.folded.field_count == 0)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    status = choose_fields(batch, reader, &state, settled);
    if (settled->count == 0)
        settled_free(settled);
    else
        batch->count++;
    return status == AYNI_OK ? ayni_buffer_status(&batch->changes) : status;
}

/* --- many --- */

static enum ayni_status write_each(struct batch *batch, const struct author_change *changes)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < batch->count; i++) {
        const struct settled *settled = &batch->settled[i];
        status = author_append(batch->records->author, changes + settled->first_change,
                               settled->change_count, settled->lane, NULL);
        if (status == AYNI_E_CHANGED)
            status = AYNI_OK;
    }
    return status;
}

/* All at once; one record after the other where somebody changed one of them, or they are of
 * several lanes. */
static enum ayni_status write_batch(struct batch *batch)
{
    const struct author_change *changes = (const struct author_change *)batch->changes.data;
    size_t count = batch->changes.size / sizeof(*changes);
    enum ayni_status status = AYNI_E_CHANGED;

    if (!batch->mixed)
        status =
            author_append(batch->records->author, changes, count, batch->settled[0].lane, NULL);
    return status == AYNI_E_CHANGED ? write_each(batch, changes) : status;
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

/* The records of one reading. */
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

static enum ayni_status choose_batch(struct batch *batch, struct conflict_cursor *from)
{
    SCOPED_READER *reader = NULL;
    const struct prefer *prefer = batch->prefer;
    const struct conflict_filter filter = { .space = prefer->space, .type = prefer->type };
    struct found found = { .count = 0 };
    enum ayni_status status = reader_begin(batch->records, &reader);

    if (status == AYNI_OK)
        status = conflicts_each(reader, &filter, from, keep_key, &found);
    for (size_t i = 0; status == AYNI_OK && !batch->stopped && i < found.count; i++)
        if (is_chosen(prefer, &found.keys[i]) && may_settle(batch, reader, &found.keys[i]))
            status = choose_record(batch, reader, &found.keys[i]);
    return status;
}

static enum ayni_status settle_batch(struct batch *batch, struct conflict_cursor *from)
{
    enum ayni_status status;

    batch_clear(batch);
    status = choose_batch(batch, from);
    if (status == AYNI_OK && !batch->prefer->dry_run && batch->count > 0)
        status = write_batch(batch);
    return status == AYNI_OK ? batch->listener->written(batch->listener->context) : status;
}

enum ayni_status settle_many(struct records *records, const struct prefer *prefer,
                             const struct prefer_listener *listener, struct complaint *complaint)
{
    __attribute__((cleanup(batch_free))) struct batch *batch = calloc(1, sizeof(*batch));
    struct conflict_cursor from = { 0 };
    enum ayni_status status = AYNI_OK;

    if (batch == NULL)
        return AYNI_E_MEMORY;
    batch->records = records;
    batch->prefer = prefer;
    batch->listener = listener;
    batch->complaint = complaint;
    while (status == AYNI_OK && !batch->stopped && !from.done)
        status = settle_batch(batch, &from);
    if (status == AYNI_OK && !prefer->dry_run)
        status = projector_catch_up(records->projector, UINT32_MAX);
    return status;
}
