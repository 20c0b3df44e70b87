#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "tests/support/fold_model.h"
#include "tests/support/history.h"
#include "tests/support/suite.h"

/*
 * The fold against the model of tests/support/fold_model.h, over random
 * histories. AYNI_SEEDS is how many (2,000 if it isn't set; `make check-long`
 * sets more), AYNI_SEED the first of them, which a failure prints.
 */
enum { SEEDS_DEFAULT = 2000, STEPS_MAX = 110, ROUNDS = 8 };

static uint64_t number_from(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL ? fallback : strtoull(text, NULL, 0);
}

static struct fold_model model_of(struct history *h)
{
    return (struct fold_model){ h, history_covers, history_item_in_past, history_rule, NULL };
}

static void shuffle(struct history *h, struct ayni_fold_item *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = test_random_below(&h->random, i);
        struct ayni_fold_item item = items[i - 1];
        items[i - 1] = items[other];
        items[other] = item;
    }
}

/* Some of them a second time. */
static size_t repeat_some(struct history *h, struct ayni_fold_item *items, size_t count)
{
    size_t repeated = count;

    for (size_t i = 0; i < count; i++)
        if (test_random_below(&h->random, 6) == 0)
            items[repeated++] = items[i];
    return repeated;
}

static void fold_as(struct history *h, int node, const struct ayni_fold_item *items, size_t count,
                    struct ayni_buffer *state)
{
    struct ayni_fold_chains chains = { h, history_fits,
                                       history_has_forks(h, node) ? history_on_chain : NULL };
    struct ayni_folded folded;

    h->reader = node;
    ck_assert_int_eq(ayni_fold(items, count, &chains, history_rule, NULL, &folded), AYNI_OK);
    fold_model_print(&folded, state);
    ayni_folded_free(&folded);
}

/* What a node holds folds as the model says, in any order and with repeats. */
static void check_node(struct history *h, int node)
{
    struct ayni_fold_item items[2 * HISTORY_ENTRIES_MAX];
    struct fold_model model = model_of(h);
    SCOPED_BUFFER expected = { 0 };
    SCOPED_BUFFER state = { 0 };
    size_t count = history_items(h, node, items);

    h->reader = node;
    fold_model_fold(&model, items, count, &expected);
    count = repeat_some(h, items, count);
    shuffle(h, items, count);
    fold_as(h, node, items, count, &state);
    ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&state), ayni_buffer_bytes(&expected)),
                  "AYNI_SEED=%llu: node %d folds otherwise than the model at step %d",
                  (unsigned long long)h->seed, node, h->step);
}

/* --- no value is gone without a reason --- */

static bool sets(const struct history_entry *entry, uint32_t field)
{
    for (size_t i = 0; i < entry->version.field_count; i++)
        if (entry->version.fields[i].number == field)
            return true;
    return false;
}

/* The same organisation and name, and nobody's own. */
static bool is_same_origin(const struct ayni_version *a, const struct ayni_version *b)
{
    return !ayni_version_is_manual(a) && !ayni_version_is_manual(b) &&
           ayni_bytes_equal(a->origin_organisation, b->origin_organisation) &&
           ayni_bytes_equal(a->origin, b->origin);
}

/*
 * What the rules name: a withdrawal, or a version that counts, sets the field,
 * may replace this one and, if its writer is honest, had really folded it.
 */
static bool is_reason(const struct history *h, const struct ayni_fold_item *by, int gone,
                      uint32_t field)
{
    const struct history_entry *entry = &h->entries[history_entry_of(h, by)];
    const struct history_entry *victim = &h->entries[gone];
    const struct ayni_version *version = &entry->version;

    if (!by->valid)
        return false;
    if (version->act == AYNI_ACT_WITHDRAWAL)
        return version->withdraws.seq == victim->seq &&
               victim->version.act == AYNI_ACT_RESOLUTION &&
               ayni_id_equal(&version->withdraws.feed, &h->feeds[victim->feed].id);
    if (!sets(entry, field) ||
        (!ayni_version_is_manual(version) && !is_same_origin(version, &victim->version)))
        return false;
    return !entry->honest || entry->folded[gone];
}

static void check_losses(struct history *h)
{
    struct ayni_fold_item items[HISTORY_ENTRIES_MAX];
    struct ayni_fold_chains chains = { h, history_fits, history_on_chain };
    size_t count = history_items(h, 0, items);
    struct ayni_folded folded;

    h->reader = 0;
    ck_assert_int_eq(ayni_fold(items, count, &chains, history_rule, NULL, &folded), AYNI_OK);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; items[i].valid && k < items[i].version->field_count; k++) {
            const struct ayni_field *set = &items[i].version->fields[k];
            const struct ayni_folded_field *field = ayni_folded_field(&folded, set->number);
            bool found = set->number == 0; /* of the deletion the model says more */
            for (size_t m = 0; field != NULL && m < field->alternative_count; m++)
                found = found || ayni_bytes_equal(field->alternatives[m].value, set->value);
            for (size_t m = 0; m < count && !found; m++)
                found = is_reason(h, &items[m], history_entry_of(h, &items[i]), set->number);
            ck_assert_msg(found, "AYNI_SEED=%llu: a value of field %u is gone without a reason",
                          (unsigned long long)h->seed, set->number);
        }
    }
    ayni_folded_free(&folded);
}

/* --- and none stays that was rightly overwritten --- */

/* What an honest writer had folded, and replaced, doesn't come back while its version counts. */
static bool must_be_gone(const struct history *h, const struct ayni_fold_item *items, size_t count,
                         int victim, uint32_t field, const bool *withdrawn)
{
    for (size_t i = 0; i < count; i++) {
        const struct history_entry *by = &h->entries[history_entry_of(h, &items[i])];
        if (items[i].valid && !withdrawn[i] && by->honest && by->reached[victim] &&
            sets(by, field) &&
            (ayni_version_is_manual(&by->version) ||
             is_same_origin(&by->version, &h->entries[victim].version)))
            return true;
    }
    return false;
}

static void check_overwritten(struct history *h)
{
    struct ayni_fold_item items[HISTORY_ENTRIES_MAX];
    struct ayni_fold_chains chains = { h, history_fits, history_on_chain };
    size_t count = history_items(h, 0, items);
    struct ayni_folded folded;

    h->reader = 0;
    ck_assert_int_eq(ayni_fold(items, count, &chains, history_rule, NULL, &folded), AYNI_OK);
    for (size_t i = 0; i < folded.field_count; i++) {
        const struct ayni_folded_field *field = &folded.fields[i];
        if (history_rule(NULL, 0, field->number).merge == AYNI_MERGE_AUTHORITY)
            continue; /* where others' versions don't overwrite a role's */
        for (size_t k = 0; k < field->alternative_count; k++)
            for (size_t m = 0; m < field->alternatives[k].item_count; m++) {
                size_t at = field->alternatives[k].items[m];
                ck_assert_msg(!must_be_gone(h, items, count, history_entry_of(h, &items[at]),
                                            field->number, folded.withdrawn),
                              "AYNI_SEED=%llu: a value of field %u stays that was overwritten",
                              (unsigned long long)h->seed, field->number);
            }
    }
    ayni_folded_free(&folded);
}

/* All hold the same: all show the same. */
static void check_settled(struct history *h)
{
    SCOPED_BUFFER first = { 0 };

    history_settle(h);
    for (int node = 0; node < h->node_count; node++) {
        struct ayni_fold_item items[HISTORY_ENTRIES_MAX];
        SCOPED_BUFFER state = { 0 };
        size_t count = history_items(h, node, items);
        shuffle(h, items, count);
        fold_as(h, node, items, count, &state);
        if (node == 0)
            ayni_buffer_append(&first, state.data, state.size);
        ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&state), ayni_buffer_bytes(&first)),
                      "AYNI_SEED=%llu: nodes 0 and %d hold the same and differ",
                      (unsigned long long)h->seed, node);
    }
    check_node(h, 0);
    check_losses(h);
    check_overwritten(h);
}

static void run(struct history *h, uint64_t seed)
{
    history_start(h, seed);
    uint64_t steps = 10 + test_random_below(&h->random, STEPS_MAX - 10);
    for (uint64_t i = 0; i < steps; i++) {
        history_go_on(h);
        if (test_random_below(&h->random, 6) == 0)
            check_node(h, (int)test_random_below(&h->random, (uint64_t)h->node_count));
    }
    check_settled(h);
    history_end(h);
}

START_TEST(any_history_folds_as_the_model_says_and_loses_nothing)
{
    struct history *h = calloc(1, sizeof(*h));
    uint64_t seeds = number_from("AYNI_SEEDS", SEEDS_DEFAULT);
    uint64_t first = number_from("AYNI_SEED", 1);

    for (uint64_t seed = first + (uint64_t)_i; seed < first + seeds; seed += ROUNDS)
        run(h, seed);
    free(h);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold_model");
    TCase *random = tcase_create("random histories");

    tcase_set_timeout(random, 3600);
    tcase_add_loop_test(random, any_history_folds_as_the_model_says_and_loses_nothing, 0, ROUNDS);
    suite_add_tcase(suite, random);
    return test_run(suite);
}
