#include <stdlib.h>

#include "daemon/records/import/import_place.h"
#include "proto/cbor.h"
#include "proto/registry.h"

void import_draft_clear(struct import_draft *draft)
{
    if (!draft->plan->from->existing && draft->state.items != NULL)
        record_state_free(&draft->state);
    draft->present = draft->ambiguous = draft->is_new = draft->conflicts = false;
    draft->elsewhere = false;
    draft->identifier_count = draft->says_count = draft->moved_count = 0;
    draft->before_count = draft->change_count = 0;
    draft->earlier = NULL;
    draft->disputed = 0;
}

void import_draft_forget(struct import_draft *draft)
{
    record_state_free(&draft->state);
    draft->found.known = false;
}

/* As the reader shows it, to which nothing happens while it reads. What an earlier row made needn't
 * be read: it may not be there yet, either. */
static enum ayni_status fold(struct import_reading *reading, struct import_draft *draft)
{
    if (draft->earlier != NULL && draft->earlier->made && !draft->plan->from->existing)
        return AYNI_E_NOT_FOUND;
    if (draft->state.count > 0 && record_key_compare(&draft->state.key, &draft->key) == 0)
        return AYNI_OK;
    record_state_free(&draft->state);
    return reader_fold(reading->reader, &draft->key, &draft->state);
}

static struct ayni_bytes value_in(const struct ayni_field *fields, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].number == number)
            return fields[i].value;
    return (struct ayni_bytes){ NULL, 0 };
}

struct ayni_bytes import_draft_value(const struct import_draft *draft, uint32_t field)
{
    struct ayni_bytes value = value_in(draft->changes, draft->change_count, field);

    return value.size > 0 ? value : value_in(draft->before, draft->before_count, field);
}

/* --- what this origin said before --- */

/* What survives among this origin's own versions, whoever may have written over them since. */
static enum ayni_status fold_own(struct import_reading *reading, const struct record_state *state,
                                 struct ayni_fold_item **items, struct ayni_folded *own)
{
    size_t count = 0;

    *items = calloc(state->count + 1, sizeof(**items));
    if (*items == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < state->count; i++)
        if (state->items[i].valid && import_is_own(reading, state->items[i].version))
            (*items)[count++] = state->items[i];
    return reader_fold_items(reading->reader, *items, count, own);
}

/* --- which fields are set --- */

/* Whether one of the values that survive is this one already. */
static bool among(const struct ayni_folded_field *field, struct ayni_bytes value)
{
    for (size_t i = 0; field != NULL && i < field->alternative_count; i++)
        if (ayni_bytes_equal(field->alternatives[i].value, value))
            return true;
    return false;
}

static bool is_set(const struct import_reading *reading, const struct import_draft *draft,
                   size_t index, const struct ayni_folded *own)
{
    const struct ayni_field *said = &draft->says[index];
    const struct ayni_folded_field *mine = ayni_folded_field(own, said->number);
    const struct ayni_folded_field *held = ayni_folded_field(&draft->state.folded, said->number);

    if (import_overlay_value(draft->earlier, said->number).size > 0 ||
        import_place_is_left(draft, said->number))
        return false;
    if (draft->from[index]->source->initial)
        return held == NULL;
    if (mine == NULL && held != NULL && !held->contested &&
        (reading->plan->map->restates || draft->from[index]->source->unless_shown) &&
        ayni_bytes_equal(held->shown, said->value))
        return false;
    return !among(mine, said->value);
}

/* An earlier row of the file stands against a later one: else each import of it would change
 * something. */
static void find_dispute(struct import_draft *draft)
{
    for (size_t i = 0; i < draft->says_count && draft->disputed == 0; i++) {
        struct ayni_bytes before = import_overlay_value(draft->earlier, draft->says[i].number);
        if (before.size > 0 && !draft->from[i]->source->initial &&
            !ayni_bytes_equal(before, draft->says[i].value))
            draft->disputed = draft->says[i].number;
    }
}

static void find_changes(const struct import_reading *reading, struct import_draft *draft,
                         const struct ayni_folded *own)
{
    bool deleted = draft->state.count > 0 && draft->state.folded.deleted;

    if (deleted)
        draft->changes[draft->change_count++] =
            (struct ayni_field){ .number = 0, .value = ayni_cbor_null() };
    for (size_t i = 0; i < draft->says_count; i++)
        if (is_set(reading, draft, i, own))
            draft->changes[draft->change_count++] = draft->says[i];
    if (deleted && draft->change_count == 1)
        draft->change_count = 0;
}

/* --- what it shows without the row --- */

static void fill_before(struct import_draft *draft)
{
    const struct ayni_folded *folded = &draft->state.folded;
    size_t fields = 0, later = 0;
    size_t later_count = draft->earlier == NULL ? 0 : draft->earlier->count;

    while (draft->before_count < PLAN_FIELDS_MAX &&
           (fields < folded->field_count || later < later_count)) {
        struct ayni_field *to = &draft->before[draft->before_count];
        if (later < later_count &&
            (fields == folded->field_count ||
             draft->earlier->fields[later].number <= folded->fields[fields].number)) {
            *to = draft->earlier->fields[later++];
            if (fields < folded->field_count && folded->fields[fields].number == to->number)
                fields++;
        } else {
            *to =
                (struct ayni_field){ folded->fields[fields].number, folded->fields[fields].shown };
            fields++;
        }
        draft->before_count += !ayni_cbor_is_null(to->value);
    }
}

/* --- what it will stand against --- */

static bool has_role(struct ayni_bytes roles, struct ayni_bytes role)
{
    while (roles.size > 0) {
        const uint8_t *end = memchr(roles.data, 0, roles.size);
        size_t size = end == NULL ? roles.size : (size_t)(end - roles.data);
        if (ayni_bytes_equal((struct ayni_bytes){ roles.data, size }, role))
            return true;
        roles.data += end == NULL ? size : size + 1;
        roles.size -= end == NULL ? size : size + 1;
    }
    return false;
}

static struct ayni_bytes own_roles(const struct import_reading *reading)
{
    const struct ayni_member *member =
        ayni_registry_member(reader_charter(reading->reader)->registry, reading->own);

    return member == NULL || member->organisation == NULL ? (struct ayni_bytes){ NULL, 0 }
                                                          : member->organisation->roles;
}

/* Whether another's surviving value differs; of those with the role alone where one is given. */
static bool others_differ(const struct import_reading *reading, const struct import_draft *draft,
                          const struct ayni_field *change, const struct ayni_bytes *role)
{
    const struct ayni_folded_field *field = ayni_folded_field(&draft->state.folded, change->number);

    for (size_t i = 0; field != NULL && i < field->alternative_count; i++) {
        const struct ayni_alternative *alternative = &field->alternatives[i];
        if (ayni_bytes_equal(alternative->value, change->value))
            continue;
        for (size_t j = 0; j < alternative->item_count; j++) {
            const struct ayni_fold_item *item = &draft->state.items[alternative->items[j]];
            if (!import_is_own(reading, item->version) &&
                (role == NULL || has_role(item->roles, *role)))
                return true;
        }
    }
    return false;
}

static bool someone_has_role(const struct import_draft *draft, struct ayni_bytes role)
{
    for (size_t i = 0; i < draft->state.count; i++)
        if (draft->state.items[i].valid && has_role(draft->state.items[i].roles, role))
            return true;
    return false;
}

static bool will_conflict(const struct import_reading *reading, const struct import_draft *draft,
                          const struct ayni_field *change)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field(draft->plan->type, change->number);

    if (field == NULL || field->merge.merge == AYNI_MERGE_REVIEW)
        return others_differ(reading, draft, change, NULL);
    if (field->merge.merge != AYNI_MERGE_AUTHORITY)
        return false;
    if (has_role(own_roles(reading), field->merge.role))
        return others_differ(reading, draft, change, &field->merge.role);
    return !someone_has_role(draft, field->merge.role) &&
           others_differ(reading, draft, change, NULL);
}

enum ayni_status import_decide(struct import_reading *reading, struct import_draft *draft)
{
    struct ayni_folded own = { 0 };
    struct ayni_fold_item *items = NULL;
    enum ayni_status status;

    draft->earlier = import_overlay_find(reading->overlay, &draft->key);
    status = fold(reading, draft);
    if (status == AYNI_OK && draft->state.count > 0)
        status = fold_own(reading, &draft->state, &items, &own);
    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND) {
        status = AYNI_OK;
        draft->is_new = !draft->plan->from->existing && draft->state.folded.field_count == 0 &&
                        draft->earlier == NULL;
        import_place_leave(draft, &own);
        find_dispute(draft);
        if (!draft->elsewhere)
            find_changes(reading, draft, &own);
        fill_before(draft);
    }
    for (size_t i = 0; status == AYNI_OK && i < draft->change_count && !draft->conflicts; i++)
        draft->conflicts = will_conflict(reading, draft, &draft->changes[i]);
    ayni_folded_free(&own);
    free(items);
    return status;
}
