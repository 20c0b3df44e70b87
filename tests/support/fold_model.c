#include "tests/support/fold_model.h"

#include <stdlib.h>

#include "tests/support/fold_model_policy.h"

/* --- which versions count --- */

static bool same_entry(const struct ayni_fold_item *a, const struct ayni_fold_item *b)
{
    return ayni_id_equal(&a->feed, &b->feed) && a->seq == b->seq &&
           ayni_id_equal(&a->chain, &b->chain);
}

static bool is_repeat(const struct ayni_fold_item *items, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_entry(&items[i], &items[at]))
            return true;
    return false;
}

static bool names(const struct ayni_entry_name *name, const struct ayni_fold_item *item)
{
    return ayni_id_equal(&name->feed, &item->feed) && name->seq == item->seq &&
           memcmp(name->chain.bytes, item->chain.bytes, sizeof(name->chain.bytes)) == 0;
}

static bool is_withdrawn(const struct ayni_fold_item *items, size_t count, size_t at)
{
    const struct ayni_version *version = items[at].version;

    for (size_t i = 0; version != NULL && version->act == 1 && i < count; i++)
        if (items[i].valid && items[i].version != NULL && items[i].version->act == 2 &&
            names(&items[i].version->withdraws, &items[at]))
            return true;
    return false;
}

static bool does_count(const struct ayni_fold_item *items, size_t count, size_t at)
{
    return items[at].valid && items[at].version != NULL && items[at].version->act != 2 &&
           !is_withdrawn(items, count, at);
}

static const struct ayni_field *field_of(const struct ayni_fold_item *item, uint32_t number)
{
    for (size_t i = 0; item->version != NULL && i < item->version->field_count; i++)
        if (item->version->fields[i].number == number)
            return &item->version->fields[i];
    return NULL;
}

static bool has_role(const struct ayni_fold_item *item, struct ayni_bytes role)
{
    const char *word = (const char *)item->roles.data;
    const char *end = word + item->roles.size;

    for (; word < end; word += strnlen(word, (size_t)(end - word)) + 1)
        if (role.size > 0 && strnlen(word, (size_t)(end - word)) == role.size &&
            memcmp(word, role.data, role.size) == 0)
            return true;
    return false;
}

/* --- survivors --- */

static bool text_is(struct ayni_bytes text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static bool may_overwrite(const struct ayni_version *by, const struct ayni_version *what)
{
    if (by->origin.size == 0 || text_is(by->origin, "manual"))
        return true;
    return by->origin.size == what->origin.size &&
           memcmp(by->origin.data, what->origin.data, by->origin.size) == 0 &&
           by->origin_organisation.size == what->origin_organisation.size &&
           (by->origin_organisation.size == 0 ||
            memcmp(by->origin_organisation.data, what->origin_organisation.data,
                   by->origin_organisation.size) == 0);
}

/* By a version that sets the same field; with `role`, by one of that role. */
static bool is_overwritten(const struct fold_model *model, const struct ayni_fold_item *items,
                           size_t count, size_t at, uint32_t field, const struct ayni_bytes *role)
{
    for (size_t i = 0; i < count; i++) {
        if (!does_count(items, count, i) || field_of(&items[i], field) == NULL)
            continue;
        if (role != NULL && !has_role(&items[i], *role))
            continue;
        if (may_overwrite(items[i].version, items[at].version) &&
            model->covers(model->context, &items[i], &items[at]))
            return true;
    }
    return false;
}

bool fold_model_is_gone(const struct fold_model *model, const struct ayni_fold_item *items,
                        size_t count, size_t at, uint32_t field)
{
    return !does_count(items, count, at) || is_overwritten(model, items, count, at, field, NULL);
}

/* --- the state as bytes --- */

static void print_field(struct ayni_buffer *state, uint32_t number, bool contested, bool merged,
                        struct ayni_bytes shown, size_t alternatives)
{
    uint8_t head[6] = { (uint8_t)contested, (uint8_t)merged };

    ayni_put_u32(head + 2, number);
    ayni_buffer_append(state, head, sizeof(head));
    ayni_buffer_append(state, shown.data, shown.size);
    ayni_buffer_append_byte(state, (uint8_t)alternatives);
}

static void print_value(struct ayni_buffer *state, struct ayni_bytes value, size_t items)
{
    ayni_buffer_append(state, value.data, value.size);
    ayni_buffer_append_byte(state, (uint8_t)items);
}

static void print_item(struct ayni_buffer *state, const struct ayni_fold_item *item)
{
    ayni_buffer_append(state, item->chain.bytes, sizeof(item->chain.bytes));
}

static void print_flags(struct ayni_buffer *state, bool deleted, bool delete_contested,
                        bool contested)
{
    uint8_t flags[4] = { 0xff, (uint8_t)deleted, (uint8_t)delete_contested, (uint8_t)contested };

    ayni_buffer_append(state, flags, sizeof(flags));
}

/* Each withdrawn entry once, whatever the order of the items: as a sum. */
static void print_withdrawn(struct ayni_buffer *state, const struct ayni_fold_item *items,
                            size_t count, const bool *withdrawn)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        if (withdrawn[i] && !is_repeat(items, i))
            sum += ayni_get_u64(items[i].chain.bytes);
    uint8_t bytes[8];
    ayni_put_u64(bytes, sum);
    ayni_buffer_append(state, bytes, sizeof(bytes));
}

void fold_model_print(const struct ayni_folded *folded, struct ayni_buffer *state)
{
    for (size_t i = 0; i < folded->field_count; i++) {
        const struct ayni_folded_field *field = &folded->fields[i];
        print_field(state, field->number, field->contested, field->merged, field->shown,
                    field->alternative_count);
        for (size_t k = 0; k < field->alternative_count; k++) {
            const struct ayni_alternative *alternative = &field->alternatives[k];
            print_value(state, alternative->value, alternative->item_count);
            for (size_t m = 0; m < alternative->item_count; m++)
                print_item(state, &folded->items[alternative->items[m]]);
        }
    }
    print_flags(state, folded->deleted, folded->delete_contested, folded->contested);
    print_withdrawn(state, folded->items, folded->item_count, folded->withdrawn);
}

/* --- the fold --- */

/* What is at work on one field: the survivors, those of the role first. */
struct candidate {
    const struct ayni_fold_item *item;
    struct ayni_bytes value;
    bool preferred;
    bool taken;
};

static bool comes_before(const struct candidate *a, const struct candidate *b)
{
    if (a->preferred != b->preferred)
        return a->preferred;
    if (a->item->time.ms != b->item->time.ms)
        return a->item->time.ms > b->item->time.ms;
    return memcmp(a->item->chain.bytes, b->item->chain.bytes, 32) > 0;
}

static struct candidate *next_of(struct candidate *candidates, size_t count,
                                 const struct candidate *like)
{
    struct candidate *next = NULL;

    for (size_t i = 0; i < count; i++) {
        struct candidate *candidate = &candidates[i];
        bool fits = like == NULL || (candidate->preferred == like->preferred &&
                                     ayni_bytes_equal(candidate->value, like->value));
        if (!candidate->taken && fits && (next == NULL || comes_before(candidate, next)))
            next = candidate;
    }
    return next;
}

static void drop_value(struct candidate *candidates, size_t count, struct ayni_bytes value)
{
    for (size_t i = 0; i < count; i++)
        candidates[i].taken = candidates[i].taken || ayni_bytes_equal(candidates[i].value, value);
}

static size_t find_candidates(const struct fold_model *model, const struct ayni_fold_item *items,
                              size_t count, uint32_t number, const struct ayni_merge_rule *rule,
                              struct candidate *candidates)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const struct ayni_field *field = field_of(&items[i], number);
        if (field == NULL || is_repeat(items, i) || !does_count(items, count, i))
            continue;
        if (!is_overwritten(model, items, count, i, number, NULL))
            candidates[found++] = (struct candidate){ &items[i], field->value, false, false };
        if (rule->merge == AYNI_MERGE_AUTHORITY && has_role(&items[i], rule->role) &&
            !is_overwritten(model, items, count, i, number, &rule->role))
            candidates[found++] = (struct candidate){ &items[i], field->value, true, false };
    }
    return found;
}

static size_t make_choices(struct candidate *candidates, size_t count,
                           const struct ayni_fold_item **room, struct fold_model_choice *choices,
                           size_t *preferred)
{
    size_t choice_count = 0;

    for (struct candidate *first; (first = next_of(candidates, count, NULL)) != NULL;) {
        struct fold_model_choice *choice = &choices[choice_count++];
        *choice = (struct fold_model_choice){ .value = first->value, .items = room };
        *preferred += first->preferred;
        for (struct candidate *next; (next = next_of(candidates, count, first)) != NULL;) {
            room[choice->item_count++] = next->item;
            next->taken = true;
        }
        room += choice->item_count;
        drop_value(candidates, count, first->value);
    }
    return choice_count;
}

static bool fold_field(const struct fold_model *model, const struct ayni_fold_item *items,
                       size_t count, uint32_t number, struct ayni_buffer *state)
{
    struct candidate *candidates = calloc(2 * count, sizeof(*candidates));
    struct fold_model_choice *choices = calloc(2 * count, sizeof(*choices));
    const struct ayni_fold_item **room = calloc(2 * count, sizeof(*room));
    struct ayni_merge_rule rule = model->rule(model->rule_context, 0, number);
    SCOPED_BUFFER shown = { 0 };
    enum fold_model_verdict verdict = ALONE;
    size_t preferred = 0;
    size_t found = find_candidates(model, items, count, number, &rule, candidates);
    size_t choice_count = make_choices(candidates, found, room, choices, &preferred);

    if (choice_count > 0) {
        verdict = fold_model_settle(rule.merge, preferred, choices, choice_count, &shown);
        print_field(state, number, verdict == CONTESTED, verdict == SETTLED,
                    ayni_buffer_bytes(&shown), choice_count);
    }
    for (size_t i = 0; i < choice_count; i++) {
        print_value(state, choices[i].value, choices[i].item_count);
        for (size_t k = 0; k < choices[i].item_count; k++)
            print_item(state, choices[i].items[k]);
    }
    free(candidates);
    free(choices);
    free(room);
    return verdict == CONTESTED;
}

static bool is_set_by_some(const struct ayni_fold_item *items, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (field_of(&items[i], number) != NULL)
            return true;
    return false;
}

static bool survives(const struct fold_model *model, const struct ayni_fold_item *items,
                     size_t count, size_t at)
{
    for (size_t i = 0; items[at].version != NULL && i < items[at].version->field_count; i++)
        if (!fold_model_is_gone(model, items, count, at, items[at].version->fields[i].number))
            return true;
    return false;
}

static bool is_delete(const struct fold_model *model, const struct ayni_fold_item *items,
                      size_t count, size_t at)
{
    const struct ayni_field *mark = field_of(&items[at], 0);

    return mark != NULL && mark->value.data[0] == 0xf5 &&
           !fold_model_is_gone(model, items, count, at, 0);
}

static bool seen_by_a_delete(const struct fold_model *model, const struct ayni_fold_item *items,
                             size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (is_delete(model, items, count, i) &&
            may_overwrite(items[i].version, items[at].version) &&
            model->covers(model->context, &items[i], &items[at]))
            return true;
    return false;
}

void fold_model_fold(const struct fold_model *model, const struct ayni_fold_item *items,
                     size_t count, struct ayni_buffer *state)
{
    enum { FIELD_NUMBERS = 32 }; /* what tests set is below */
    bool *withdrawn = calloc(count + 1, sizeof(*withdrawn));
    bool any_delete = false;
    bool unseen = false;
    bool contested = false;

    for (uint32_t number = 1; number < FIELD_NUMBERS; number++)
        if (is_set_by_some(items, count, number))
            contested = fold_field(model, items, count, number, state) || contested;
    for (size_t i = 0; i < count; i++) {
        bool is = is_delete(model, items, count, i);
        any_delete = any_delete || is;
        if (!is && survives(model, items, count, i))
            unseen = unseen || !seen_by_a_delete(model, items, count, i);
        withdrawn[i] = is_withdrawn(items, count, i);
    }
    bool deleted = any_delete && !unseen;
    print_flags(state, deleted, any_delete && unseen,
                !deleted && (contested || (any_delete && unseen)));
    print_withdrawn(state, items, count, withdrawn);
    free(withdrawn);
}

/* --- contexts --- */

static bool was_folded(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL;
}

/* The newest of its branch that has nothing unfolded in its past. */
static bool is_to_name(const struct fold_model *model, const struct ayni_fold_item *items,
                       size_t count, size_t at, bool newest)
{
    if (!was_folded(&items[at]))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!was_folded(&items[i]) && model->in_past(model->context, &items[i], &items[at]))
            return false;
        if (newest && !same_entry(&items[i], &items[at]) &&
            model->in_past(model->context, &items[at], &items[i]) &&
            is_to_name(model, items, count, i, false))
            return false;
    }
    return true;
}

static bool seen_before(const struct ayni_seen *a, const struct ayni_seen *b)
{
    if (a->own != b->own)
        return a->own;
    int order = memcmp(a->feed.bytes, b->feed.bytes, sizeof(a->feed.bytes));
    if (order != 0)
        return order < 0;
    return a->seq < b->seq || (a->seq == b->seq && memcmp(a->chain.bytes, b->chain.bytes, 8) < 0);
}

size_t fold_model_context(const struct fold_model *model, const struct ayni_fold_item *items,
                          size_t count, const struct ayni_feed *own, struct ayni_seen *seen)
{
    size_t seen_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (is_repeat(items, i) || !is_to_name(model, items, count, i, true))
            continue;
        struct ayni_seen pair = { .seq = items[i].seq, .own = ayni_id_equal(&items[i].feed, own) };
        memcpy(pair.feed.bytes, items[i].feed.bytes, sizeof(pair.feed.bytes));
        memcpy(pair.chain.bytes, items[i].chain.bytes, sizeof(pair.chain.bytes));
        size_t at = seen_count++;
        for (; at > 0 && seen_before(&pair, &seen[at - 1]); at--)
            seen[at] = seen[at - 1];
        seen[at] = pair;
    }
    return seen_count;
}
