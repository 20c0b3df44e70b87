#include "daemon/records/authority.h"
#include "daemon/records/links/split_private.h"
#include "proto/catalogue.h"
#include "proto/cbor.h"

static bool is_set(const struct ayni_folded_field *field)
{
    return field != NULL && field->number != 0 && field->shown.size > 0 &&
           !ayni_cbor_is_null(field->shown);
}

/* --- the new one --- */

/* What it must have and those nodes didn't write is taken over, and said. */
static void copy_required(struct split *split, const struct record_state *old,
                          const struct ayni_folded *own, struct split_draft *draft)
{
    for (size_t i = 0; i < split->type->field_count; i++) {
        const struct ayni_catalogue_field *field = &split->type->fields[i];
        const struct ayni_folded_field *shown = ayni_folded_field(&old->folded, field->number);
        if (!field->required || !is_set(shown) || is_set(ayni_folded_field(own, field->number)))
            continue;
        split_draft_put(split, draft, field->number, shown->shown);
        split_add_field(&split->result->copied, field->number);
    }
}

static void make_new(struct split *split, const struct record_state *old,
                     const struct ayni_folded *own)
{
    struct record_key key = { old->key.space, old->key.type, split->result->child };
    struct split_draft draft;

    split_draft_begin(split, &draft, own->field_count + split->type->field_count);
    for (size_t i = 0; i < own->field_count; i++) {
        if (!is_set(&own->fields[i]))
            continue;
        split_draft_put(split, &draft, own->fields[i].number, own->fields[i].shown);
        if (own->fields[i].contested)
            split_add_field(&split->result->contested, own->fields[i].number);
    }
    copy_required(split, old, own, &draft);
    split_add_new(split, &key, &draft);
    split->made = true;
}

/* --- the old one --- */

/* Whether one of the values that survive is theirs. */
static bool has_own(const struct split *split, const struct record_state *old,
                    const struct ayni_folded_field *field)
{
    for (size_t i = 0; i < field->alternative_count; i++)
        for (size_t j = 0; j < field->alternatives[i].item_count; j++)
            if (split_is_own(split, &old->items[field->alternatives[i].items[j]].node))
                return true;
    return false;
}

static void give_back_field(struct split *split, const struct record_state *old,
                            const struct ayni_folded_field *field, const struct ayni_folded *others,
                            struct split_draft *draft)
{
    const struct ayni_folded_field *theirs = ayni_folded_field(others, field->number);
    const struct ayni_catalogue_field *declared = ayni_catalogue_field(split->type, field->number);
    struct ayni_bytes value = is_set(theirs) ? theirs->shown : ayni_cbor_null();

    if (field->number == 0 || !has_own(split, old, field))
        return;
    if (theirs != NULL && theirs->contested) { /* nobody chooses for them */
        split_add_field(&split->result->contested, field->number);
        return;
    }
    if (!is_set(theirs) && declared != NULL && declared->required)
        return; /* nobody else says it, and it must be there */
    if (field->alternative_count == 1 && ayni_bytes_equal(field->shown, value))
        return;
    if (authority_is_others(reader_charter(split->reader), &split->records->node, declared,
                            old->items, field)) {
        split_add_field(&split->result->role_needed, field->number);
        return;
    }
    split_draft_put(split, draft, field->number, value);
    split_add_field(&split->result->changed, field->number);
}

static void give_back(struct split *split, const struct record_state *old,
                      const struct ayni_folded *others)
{
    struct split_draft draft;

    split_draft_begin(split, &draft, old->folded.field_count);
    for (size_t i = 0; i < old->folded.field_count; i++)
        give_back_field(split, old, &old->folded.fields[i], others, &draft);
    if (draft.count > 0)
        split_add_change(split, &old->key, &draft, old->total);
}

/* --- in each space --- */

static enum ayni_status part_state(struct split *split, const struct record_state *old)
{
    __attribute__((cleanup(ayni_folded_free))) struct ayni_folded own = { 0 };
    __attribute__((cleanup(ayni_folded_free))) struct ayni_folded others = { 0 };
    struct split_part part;
    enum ayni_status status = split_part_of(split, old, &part);

    if (status != AYNI_OK)
        return status;
    split->others = split->others || part.other_count > 0;
    if (part.own_count == 0)
        return AYNI_OK;
    status = reader_fold_items(split->reader, part.own, part.own_count, &own);
    if (status == AYNI_OK)
        status = reader_fold_items(split->reader, part.others, part.other_count, &others);
    if (status != AYNI_OK)
        return status;
    make_new(split, old, &own);
    if (part.other_count == 0)
        split_add_deletion(split, &old->key, old->total);
    else
        give_back(split, old, &others);
    return AYNI_OK;
}

enum ayni_status split_child(struct split *split)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < split->place_count; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(split->reader, &split->places[i], &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            status = part_state(split, &state);
    }
    return status;
}

enum ayni_status split_child_from_old(struct split *split)
{
    const struct ayni_folded nothing = { .field_count = 0 };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && !split->made && i < split->place_count; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(split->reader, &split->places[i], &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            make_new(split, &state, &nothing);
    }
    return status;
}
