/*
 * Settling and taking back in any history of three nodes, against the slow model of the fold.
 *
 *     AYNI_SEEDS=100   a tenth of it is how many random histories
 *     AYNI_SEED=17     this one alone
 *
 * After each step what the node shows is what the model says; what was settled and taken back at
 * once is what it was, with its authors; and in the end, on all nodes alike, what a withdrawal
 * names is as if neither of the two had been written.
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/conflict.h"
#include "daemon/records/writing/settle.h"
#include "proto/catalogue.h"
#include "tests/support/erasing.h"
#include "tests/support/fold_model.h"
#include "tests/support/random.h"

/* One history for so many seeds that are asked for: each step waits for disks. */
enum { SEEDS = 60, SEEDS_A_HISTORY = 10, HISTORIES_MAX = 100 };
enum { STEPS = 70, CHILDREN = 2, NODES = 3 };

static unsigned long long seed;
static struct test_random dice;
static struct test_node third;
static struct test_node *const nodes[NODES] = { &test_midis, &test_innova, &third };
static struct record_key children[CHILDREN];

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

/* --- three nodes, and two children that all hold --- */

static void exchange_all(void)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < NODES; i++)
            for (size_t j = i + 1; j < NODES; j++)
                test_node_exchange(nodes[i], nodes[j]);
}

static void open_three(void)
{
    test_two_open();
    test_node_open(&third, 3);
    test_node_join(&third, &test_midis, "posta");
    (void)test_node_grant(&test_midis, &test_visits, &third, AYNI_RIGHT_WRITER);
    for (size_t i = 0; i < CHILDREN; i++) {
        char dni[16];
        snprintf(dni, sizeof(dni), "9900000%zu", i);
        children[i] = test_put_child(&test_midis, dni, "Rojas");
    }
    exchange_all();
}

static void close_three(void)
{
    test_node_close(&third);
    test_two_close();
}

/* --- a record under a reader, as it folds --- */

struct held {
    struct reader *reader;
    struct record_state state;
};

static bool hold(struct test_node *node, const struct record_key *key, struct held *held)
{
    test_node_settle(node);
    *held = (struct held){ 0 };
    test_must(reader_begin(&node->records, &held->reader), "read");
    return reader_fold(held->reader, key, &held->state) == AYNI_OK;
}

static void let_go(struct held *held)
{
    record_state_free(&held->state);
    reader_end(held->reader);
}

static void put_bytes(struct ayni_buffer *text, const void *bytes, size_t size)
{
    ayni_buffer_append(text, bytes, size);
}

static void put_since(struct ayni_buffer *text, const struct record_state *state,
                      enum conflict_kind kind)
{
    struct conflict conflict;

    if (conflict_of(state, kind, &conflict))
        conflict_encode(&conflict, text);
    ayni_buffer_append_text(text, ";");
}

/* What stands in each field and who says so; what is contested and since when. */
static void put_folded(struct ayni_buffer *text, const struct record_state *state,
                       const struct ayni_folded *folded)
{
    for (size_t i = 0; i < folded->field_count; i++) {
        const struct ayni_folded_field *field = &folded->fields[i];
        put_bytes(text, &field->number, sizeof(field->number));
        put_bytes(text, field->shown.data, field->shown.size);
        ayni_buffer_append_text(text, field->contested ? "c" : field->merged ? "m" : "-");
        for (size_t j = 0; j < field->alternative_count; j++)
            for (size_t k = 0; k < field->alternatives[j].item_count; k++)
                put_bytes(text, &folded->items[field->alternatives[j].items[k]].chain,
                          sizeof(struct ayni_hash));
    }
    ayni_buffer_append_text(text, folded->deleted ? "deleted" : "alive");
    if (folded->delete_contested) {
        put_bytes(text, &folded->items[folded->deletes].chain, sizeof(struct ayni_hash));
        put_bytes(text, &folded->items[folded->keeps].chain, sizeof(struct ayni_hash));
    }
    if (folded == &state->folded) {
        put_since(text, state, CONFLICT_OPEN);
        put_since(text, state, CONFLICT_MERGED);
    }
}

/* --- the model's answers about what a node holds: nothing here has forked --- */

static bool is_of(const struct ayni_feed_prefix *prefix, const struct ayni_feed *feed)
{
    return memcmp(prefix->bytes, feed->bytes, sizeof(prefix->bytes)) == 0;
}

static bool is_held_to(const struct held *held, const struct ayni_feed *feed, uint64_t seq)
{
    for (size_t i = 0; i < held->state.count; i++)
        if (ayni_id_equal(&held->state.items[i].feed, feed)) {
            const struct log_feed *known = reader_feed(held->reader, held->state.versions[i].feed);
            return known != NULL && known->head.seq >= seq;
        }
    return false;
}

static bool covers(void *context, const struct ayni_fold_item *by,
                   const struct ayni_fold_item *what)
{
    for (size_t i = 0; i < by->version->seen_count; i++) {
        const struct ayni_seen *seen = &by->version->seen[i];
        bool on_its_feed =
            seen->own ? ayni_id_equal(&what->feed, &by->feed) : is_of(&seen->feed, &what->feed);
        bool holds_itself = (seen->own || is_of(&seen->feed, &by->feed)) && by->seq <= seen->seq;
        if (on_its_feed && !holds_itself && what->seq <= seen->seq &&
            is_held_to(context, &what->feed, seen->seq))
            return true;
    }
    return false;
}

static bool in_past(void *context, const struct ayni_fold_item *older,
                    const struct ayni_fold_item *newer)
{
    (void)context;
    return ayni_id_equal(&older->feed, &newer->feed) && older->seq <= newer->seq;
}

/* The model knows of no types: all are children. */
static struct ayni_merge_rule rule_of(void *catalogue, uint32_t type, uint32_t field)
{
    (void)type;
    return ayni_catalogue_fold_rule(catalogue, children[0].type, field);
}

static void check_model(struct held *held)
{
    const struct charter *charter = reader_charter(held->reader);
    const struct fold_model model = { held, covers, in_past, rule_of,
                                      (void *)(uintptr_t)charter->catalogue };
    SCOPED_BUFFER expected = { 0 }, shown = { 0 };

    fold_model_fold(&model, held->state.items, held->state.count, &expected);
    fold_model_print(&held->state.folded, &shown);
    ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&shown), ayni_buffer_bytes(&expected)),
                  "AYNI_SEED=%llu: a record folds otherwise than the model", seed);
}

/* Neither a withdrawal nor what it names counts: without them it folds to the same. */
static void check_withdrawn(struct held *held)
{
    const struct record_state *state = &held->state;
    struct ayni_fold_item *left = calloc(state->count + 1, sizeof(*left));
    SCOPED_BUFFER all = { 0 }, without = { 0 };
    struct ayni_folded folded = { 0 };
    size_t count = 0;

    for (size_t i = 0; i < state->count; i++)
        if (!state->folded.withdrawn[i] && state->items[i].version->act != AYNI_ACT_WITHDRAWAL)
            left[count++] = state->items[i];
    test_must(reader_fold_items(held->reader, left, count, &folded), "fold");
    put_folded(&without, state, &folded);
    ayni_folded_free(&folded);
    test_must(reader_fold_items(held->reader, state->items, state->count, &folded), "fold");
    put_folded(&all, state, &folded);
    ayni_folded_free(&folded);
    free(left);
    ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&all), ayni_buffer_bytes(&without)),
                  "AYNI_SEED=%llu: what was withdrawn left something behind", seed);
}

static void check(struct test_node *node)
{
    for (size_t i = 0; i < CHILDREN; i++) {
        struct held held;
        if (hold(node, &children[i], &held)) {
            check_model(&held);
            check_withdrawn(&held);
        }
        let_go(&held);
    }
}

/* --- a random history --- */

static const char *any_of(const char *const *texts, size_t count)
{
    return texts[test_random_below(&dice, count)];
}

static const struct {
    const char *name;
    const char *values[3];
} fields[] = {
    { "surname_1", { "Rojas", "Rosas", "Diaz" } },
    { "surname_2", { "Ruiz", "Vela", "" } },
    { "address", { "Jr 1", "Jr 2", "Jr 3" } },
    { "insurance", { "sis", "essalud", "private" } },
    { "ubigeo", { "160101", "160102", "250101" } },
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

static void edit(struct test_node *node, const char *id)
{
    static const char *const origins[] = { NULL, NULL, "padron", "his" };
    size_t field = test_random_below(&dice, FIELDS);
    struct edit_assignment pair = { fields[field].name, any_of(fields[field].values, 3) };
    struct edit_request request = { .id = id,
                                    .assignments = &pair,
                                    .assignment_count = 1,
                                    .steward = "maria",
                                    .origin = any_of(origins, 4) };
    struct complaint complaint = { 0 };
    struct edit_result result;

    (void)!edit_set(&node->records, &request, &result, &complaint); /* erased: it lacks too much */
}

static void delete (struct test_node *node, const char *id)
{
    const struct edit_request request = { .id = id, .steward = "maria", .reason = "twice" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    (void)!edit_delete(&node->records, &request, &result, &complaint);
}

/* Where it is here, and by who may. */
static void erase(struct test_node *node, const struct record_key *key)
{
    struct complaint complaint = { 0 };
    struct erase_result result;

    (void)!test_try_erase(node, key, &result, &complaint);
}

static bool try_settle(struct test_node *node, const char *id, size_t field)
{
    struct settle_choice choice = { .field = field == FIELDS ? "_deleted" : fields[field].name,
                                    .pick = 1 + (size_t)test_random_below(&dice, 2) };
    struct settle_request request = {
        .id = id, .choices = &choice, .choice_count = 1, .steward = "rosa"
    };
    struct complaint complaint = { 0 };
    struct edit_result result;

    if (field < FIELDS && test_random_below(&dice, 3) == 0)
        choice.value = any_of(fields[field].values, 3);
    return settle_resolve(&node->records, &request, &result, &complaint) == AYNI_OK;
}

/* Something that can be, from any field on. */
static bool settle(struct test_node *node, const char *id)
{
    size_t first = test_random_below(&dice, FIELDS + 1);

    test_later(); /* the last one is this one */
    for (size_t i = 0; i <= FIELDS; i++)
        if (try_settle(node, id, (first + i) % (FIELDS + 1)))
            return true;
    return false;
}

static enum ayni_status take_back(struct test_node *node, const char *id)
{
    struct settle_request request = { .id = id, .steward = "rosa" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    return settle_unresolve(&node->records, &request, &result, &complaint);
}

static void picture(struct test_node *node, const struct record_key *key, struct ayni_buffer *text)
{
    struct held held;

    if (hold(node, key, &held))
        put_folded(text, &held.state, &held.state.folded);
    let_go(&held);
}

/* What was settled and taken back is what it was, by whom and since when. */
static void settle_and_take_back(struct test_node *node, const struct record_key *key,
                                 const char *id)
{
    SCOPED_BUFFER before = { 0 }, after = { 0 };

    picture(node, key, &before);
    if (!settle(node, id))
        return;
    ck_assert_msg(take_back(node, id) == AYNI_OK,
                  "AYNI_SEED=%llu: a resolution can't be taken back", seed);
    picture(node, key, &after);
    ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&before), ayni_buffer_bytes(&after)),
                  "AYNI_SEED=%llu: what was taken back isn't what it was", seed);
}

static void happen(void)
{
    struct test_node *node = nodes[test_random_below(&dice, NODES)];
    struct test_node *other = nodes[test_random_below(&dice, NODES)];
    const struct record_key *key = &children[test_random_below(&dice, CHILDREN)];
    char id[AYNI_RECORD_TEXT_SIZE];

    ayni_record_text(&key->record, id);
    switch (test_random_below(&dice, 16)) {
    case 0:
        delete (node, id);
        break;
    case 1:
        if (test_random_below(&dice, 6) == 0)
            erase(node, key);
        break;
    case 2:
        (void)settle(node, id);
        break;
    case 3:
    case 4:
        (void)!take_back(node, id);
        break;
    case 5:
    case 6:
        settle_and_take_back(node, key, id);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        if (node != other)
            test_node_hand(node, other, (size_t)test_random_below(&dice, 3),
                           test_random_below(&dice, 2) == 0);
        node = other;
        break;
    default:
        edit(node, id);
    }
    check(node);
}

START_TEST(any_history_settles_and_is_taken_back)
{
    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (int i = 0; i < STEPS; i++)
        happen();
    exchange_all();
    for (size_t i = 0; i < NODES; i++) {
        check(nodes[i]);
        test_same_answers(nodes[0], nodes[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settle_histories");
    TCase *histories = tcase_create("histories");
    uint64_t count = (number_of("AYNI_SEEDS", SEEDS) + SEEDS_A_HISTORY - 1) / SEEDS_A_HISTORY;

    tcase_add_checked_fixture(histories, open_three, close_three);
    tcase_set_timeout(histories, 60);
    if (getenv("AYNI_SEED") != NULL)
        count = 1;
    tcase_add_loop_test(histories, any_history_settles_and_is_taken_back, 0,
                        (int)(count < HISTORIES_MAX ? count : HISTORIES_MAX));
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
