#include "proto/fold.h"

#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/fold_state.h"
#include "proto/policy.h"

int ayni_fold_item_order(const struct ayni_fold_item *a, const struct ayni_fold_item *b)
{
    if (a->time.ms != b->time.ms)
        return a->time.ms < b->time.ms ? -1 : 1;
    return ayni_id_compare(&a->chain, &b->chain);
}

const struct ayni_fold_item *ayni_fold_item_of(const struct fold *fold,
                                               const struct ayni_setting *setting)
{
    return fold->survivors.slots[setting->slot].item;
}

/* --- fields --- */

/*
 * What survives among the versions of the role alone. They are weighed apart
 * from the others, so that one they were overwritten by elsewhere stays among them.
 */
static size_t add_role_candidates(struct fold *fold, const struct ayni_setting *run, size_t count,
                                  struct ayni_bytes role)
{
    size_t role_count = 0;
    size_t candidates = 0;

    for (size_t i = 0; i < count; i++)
        if (ayni_policy_has_role(ayni_fold_item_of(fold, &run[i])->roles, role))
            fold->role_settings[role_count++] = (struct ayni_setting){ .slot = run[i].slot,
                                                                       .preferred = true,
                                                                       .field = run[i].field };
    ayni_survivors_overwrite(&fold->survivors, fold->role_settings, role_count, fold->role_settings,
                             role_count);
    for (size_t i = 0; i < role_count; i++)
        if (!fold->role_settings[i].gone)
            fold->candidates[candidates++] = &fold->role_settings[i];
    return candidates;
}

static struct ayni_merge_rule rule_of(const struct fold *fold, uint32_t number, size_t count)
{
    if (count < 2) /* nothing to settle under any rule */
        return (struct ayni_merge_rule){ AYNI_MERGE_REVIEW, { NULL, 0 } };
    return fold->rule(fold->rule_context, fold->folded->type, number);
}

static enum ayni_status fold_field(struct fold *fold, struct ayni_setting *run, size_t count)
{
    uint32_t number = run[0].field->number;
    struct ayni_merge_rule rule = rule_of(fold, number, count);
    struct ayni_folded_field field = { .number = number };
    size_t candidates = 0;
    size_t preferred = 0;

    if (rule.merge == AYNI_MERGE_AUTHORITY)
        candidates = add_role_candidates(fold, run, count, rule.role);
    for (size_t i = 0; i < count; i++)
        if (!run[i].gone)
            fold->candidates[candidates++] = &run[i];
    if (candidates == 0)
        return AYNI_OK;

    enum ayni_status status = ayni_fold_alternatives(fold, candidates, &field, &preferred);
    field.shown =
        field.alternative_count == 0 ? (struct ayni_bytes){ NULL, 0 } : field.alternatives[0].value;
    if (status == AYNI_OK && field.alternative_count > 1)
        status = ayni_policy_settle(rule.merge, preferred, &fold->folded->memory, &field);
    if (status != AYNI_OK)
        return status;
    fold->folded->contested = fold->folded->contested || field.contested;
    fold->folded->fields[fold->folded->field_count++] = field;
    return AYNI_OK;
}

static void note_survivors(struct fold *fold, const struct ayni_setting *run, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ayni_slot *slot = &fold->survivors.slots[run[i].slot];
        if (run[i].gone)
            continue;
        slot->survives = true;
        slot->deletes = slot->deletes || ayni_field_deletes(run[i].field);
    }
}

static size_t run_length(const struct ayni_survivors *s, size_t first)
{
    size_t end = first + 1;

    while (end < s->setting_count &&
           s->settings[end].field->number == s->settings[first].field->number)
        end++;
    return end - first;
}

static enum ayni_status fold_fields(struct fold *fold)
{
    const struct ayni_survivors *s = &fold->survivors;
    size_t fields = 0;

    for (size_t i = 0; i < s->setting_count; i += run_length(s, i))
        fields++;
    fold->folded->fields =
        ayni_arena_take(&fold->folded->memory, fields, sizeof(*fold->folded->fields));
    fold->role_settings =
        ayni_arena_take(&fold->scratch, s->setting_count, sizeof(*fold->role_settings));
    fold->candidates =
        ayni_arena_take(&fold->scratch, 2 * s->setting_count, sizeof(*fold->candidates));
    if (fold->folded->fields == NULL || fold->role_settings == NULL || fold->candidates == NULL)
        return AYNI_E_MEMORY;

    for (size_t i = 0, count; i < s->setting_count; i += count) {
        struct ayni_setting *run = &s->settings[i];
        count = run_length(s, i);
        ayni_survivors_overwrite(s, run, count, run, count);
        note_survivors(fold, run, count);
        enum ayni_status status = run->field->number == 0 ? AYNI_OK : fold_field(fold, run, count);
        if (status != AYNI_OK)
            return status;
    }
    return AYNI_OK;
}

/* --- deletion --- */

/* The item of the newest of some, of those alone that aren't gone. */
static size_t newest_item(const struct fold *fold, const struct ayni_setting *settings,
                          size_t count)
{
    const struct ayni_fold_item *newest = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct ayni_fold_item *item = ayni_fold_item_of(fold, &settings[i]);
        if (!settings[i].gone && (newest == NULL || ayni_fold_item_order(newest, item) < 0))
            newest = item;
    }
    return newest == NULL ? 0 : (size_t)(newest - fold->folded->items);
}

/* Deleted if some delete survives, and all others that survive were seen by such a one. */
static enum ayni_status fold_deletion(struct fold *fold)
{
    const struct ayni_survivors *s = &fold->survivors;
    struct ayni_setting *deletes = ayni_arena_take(&fold->scratch, s->slot_count, sizeof(*deletes));
    struct ayni_setting *others = ayni_arena_take(&fold->scratch, s->slot_count, sizeof(*others));
    size_t delete_count = 0;
    size_t other_count = 0;
    bool all_seen = true;

    if (deletes == NULL || others == NULL)
        return AYNI_E_MEMORY;
    for (uint32_t i = 0; i < s->slot_count; i++) {
        if (s->slots[i].deletes)
            deletes[delete_count++] = (struct ayni_setting){ .slot = i };
        else if (s->slots[i].survives)
            others[other_count++] = (struct ayni_setting){ .slot = i };
    }
    ayni_survivors_overwrite(s, deletes, delete_count, others, other_count);
    for (size_t i = 0; i < other_count; i++)
        all_seen = all_seen && others[i].gone;
    fold->folded->deleted = delete_count > 0 && all_seen;
    fold->folded->delete_contested = delete_count > 0 && !all_seen;
    fold->folded->deletes = newest_item(fold, deletes, delete_count);
    fold->folded->keeps = newest_item(fold, others, other_count);
    return AYNI_OK;
}

/* --- one version, by far the commonest --- */

static enum ayni_status fold_one(struct ayni_folded *folded)
{
    const struct ayni_version *version = folded->items[0].version;
    size_t *index = ayni_arena_take(&folded->memory, 1, sizeof(*index));
    struct ayni_folded_field *fields =
        ayni_arena_take(&folded->memory, version->field_count, sizeof(*fields));
    struct ayni_alternative *alternatives =
        ayni_arena_take(&folded->memory, version->field_count, sizeof(*alternatives));
    if (index == NULL || fields == NULL || alternatives == NULL)
        return AYNI_E_MEMORY;

    *index = 0;
    folded->fields = fields;
    for (size_t i = 0; i < version->field_count; i++) {
        const struct ayni_field *field = &version->fields[i];
        if (field->number == 0) {
            folded->deleted = ayni_cbor_is_true(field->value);
            continue;
        }
        alternatives[i] = (struct ayni_alternative){ field->value, index, 1 };
        fields[folded->field_count++] =
            (struct ayni_folded_field){ .number = field->number,
                                        .shown = field->value,
                                        .alternatives = &alternatives[i],
                                        .alternative_count = 1 };
    }
    return AYNI_OK;
}

static enum ayni_status fold_many(struct fold *fold, const struct ayni_fold_chains *chains)
{
    struct ayni_folded *folded = fold->folded;
    enum ayni_status status =
        ayni_survivors_find(folded->items, folded->item_count, chains, &fold->scratch,
                            folded->withdrawn, &fold->survivors);

    if (status == AYNI_OK)
        status = fold_fields(fold);
    if (status == AYNI_OK)
        status = fold_deletion(fold);
    folded->contested = !folded->deleted && (folded->contested || folded->delete_contested);
    return status;
}

/* Enough for the result of most folds, so that they ask for memory once. */
static size_t result_size(const struct ayni_fold_item *items, size_t count)
{
    size_t fields = 0;

    for (size_t i = 0; i < count; i++)
        fields += items[i].version == NULL ? 0 : items[i].version->field_count;
    return count + 64 +
           fields * (sizeof(struct ayni_folded_field) + sizeof(struct ayni_alternative) + 32);
}

static uint32_t type_of(const struct ayni_fold_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].version != NULL)
            return items[i].version->type;
    return 0;
}

static bool counts_alone(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL && item->version->act != AYNI_ACT_WITHDRAWAL;
}

enum ayni_status ayni_fold(const struct ayni_fold_item *items, size_t count,
                           const struct ayni_fold_chains *chains, ayni_fold_rule *rule,
                           void *rule_context, struct ayni_folded *folded)
{
    struct ayni_folded result = { .items = items,
                                  .item_count = count,
                                  .type = type_of(items, count) };
    struct fold fold = { .rule = rule, .rule_context = rule_context, .folded = &result };
    enum ayni_status status = AYNI_E_MEMORY;

    ayni_arena_reserve(&result.memory, result_size(items, count));
    result.withdrawn = ayni_arena_take(&result.memory, count, sizeof(*result.withdrawn));
    if (result.withdrawn != NULL) {
        memset(result.withdrawn, 0, count * sizeof(*result.withdrawn));
        status = count == 1 && counts_alone(items) ? fold_one(&result) : fold_many(&fold, chains);
    }
    ayni_arena_free(&fold.scratch);
    if (status != AYNI_OK)
        ayni_arena_free(&result.memory);
    else
        *folded = result;
    return status;
}

void ayni_folded_free(struct ayni_folded *folded)
{
    ayni_arena_free(&folded->memory);
    *folded = (struct ayni_folded){ 0 };
}

static int by_number(const void *number, const void *field)
{
    uint32_t key = *(const uint32_t *)number;
    uint32_t other = ((const struct ayni_folded_field *)field)->number;

    return (key > other) - (key < other);
}

const struct ayni_folded_field *ayni_folded_field(const struct ayni_folded *folded, uint32_t number)
{
    if (folded->field_count == 0)
        return NULL;
    return bsearch(&number, folded->fields, folded->field_count, sizeof(*folded->fields),
                   by_number);
}
