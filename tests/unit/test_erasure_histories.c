#include <stdio.h>
#include <stdlib.h>

#include "daemon/federation/cuts.h"
#include "daemon/records/erasure/erase_late.h"
#include "proto/crypto.h"
#include "tests/support/erasing.h"
#include "tests/support/erasure_model.h"
#include "tests/support/random.h"
#include "tests/support/refill.h"
#include "tests/support/suite.h"

/*
 * Random histories of a space: nodes that write while they are apart, erase what
 * they may and what they may not, hand each other parts of what they hold, run
 * twice under one key, lose their views, compact, and hear late of grants and
 * cuts. In the end all hold the same, what the slow model says is erased is in no
 * file, its receipts say so, and nothing else is gone.
 *
 *     AYNI_SEEDS=100   a tenth as many seeds: one takes a second
 *     AYNI_SEED=17     this one alone, which a failure prints
 */
enum { SEEDS_DEFAULT = 8, STEPS = 45, NODES_MAX = 4, RECORDS = 3, ROUNDS = 6 };

static struct test_node nodes[NODES_MAX]; /* midis, innova, care of innova's organisation, and
                                             perhaps a copy of innova */
static size_t node_count;
static struct ayni_record grants[NODES_MAX];
static bool granted[NODES_MAX];
static struct ayni_space space;
static struct erasure_model model;
static struct test_random rnd;
static unsigned long long seed;

static size_t below(size_t count)
{
    return (size_t)test_random_below(&rnd, count);
}

static struct test_node *any_node(void)
{
    return &nodes[below(node_count)];
}

/* --- handing over, payloads that are missed included --- */

/* Nobody hands a space to who has no right there, until the end. */
static bool is_apart(const struct test_node *node)
{
    size_t index = (size_t)(node - nodes);

    return index > 0 && !granted[index == NODES_MAX - 1 ? 1 : index];
}

static void hand(struct test_node *from, struct test_node *to, size_t runs_max)
{
    if (from == to)
        return;
    test_node_hand(from, to, runs_max, below(2) == 0);
    test_fill_missing(from, to);
}

static void meet(struct test_node *from, struct test_node *to)
{
    if (!is_apart(from) && !is_apart(to))
        hand(from, to, below(3) == 0 ? 1 + below(3) : SIZE_MAX);
}

/* --- what happens --- */

static void write_something(struct test_node *node)
{
    char id[32], surname[40], name[40];
    struct edit_assignment assignments[] = {
        { "dni", id },           { "surname_1", surname },
        { "given_names", name }, { "birth_date", "2024-02-29" },
        { "sex", "f" },          { "ubigeo", "160101" },
        { "state", "active" },
    };
    struct edit_request request = { .type = "child",
                                    .space = "visits",
                                    .assignments = assignments,
                                    .assignment_count = sizeof(assignments) / sizeof(*assignments),
                                    .steward = "maria" };
    struct edit_result result;
    struct complaint complaint = { 0 };

    snprintf(id, sizeof(id), "9900000%zu", below(RECORDS));
    snprintf(surname, sizeof(surname), "Quispe%zu", below(1000));
    snprintf(name, sizeof(name), "Ana%zu", below(1000));
    if (below(3) > 0)
        assignments[2].value = "Ana"; /* one field alone differs, then */
    enum ayni_status status = edit_put(&node->records, &request, &result, &complaint);
    ck_assert(status == AYNI_OK || status == AYNI_E_RIGHT);
}

static void erase_something(struct test_node *node)
{
    char id[32];
    struct erase_request request = {
        .id = id, .reason = "asked", .steward = "rosa", .only = below(2) == 0
    };
    struct erase_result result;
    struct complaint complaint = { 0 };

    snprintf(id, sizeof(id), "dni:9900000%zu", below(RECORDS));
    enum ayni_status status = erase_record(&node->records, &request, &result, &complaint);
    ck_assert(status == AYNI_OK || status == AYNI_E_RIGHT || status == AYNI_E_NOT_FOUND);
    test_node_settle(node);
}

/* An order that names nothing, or what it likes: whole feeds, or what isn't there. */
static void forge_something(struct test_node *node)
{
    const struct erasure_model_entry *entry;
    struct ayni_erase_order order = { .type = 101 };
    SCOPED_BUFFER bytes = { 0 }, payload = { 0 };

    if (model.count == 0)
        return;
    entry = &model.entries[below(model.count)];
    if (entry->is_version) {
        order.record = entry->version.record;
        order.type = entry->version.type;
    }
    ayni_random(order.salt, sizeof(order.salt));
    ayni_erase_order_encode(&order, &bytes);
    struct ayni_erase_range range = { .feed = entry->place.feed,
                                      .from = 1 + below(entry->place.seq),
                                      .to = entry->place.seq,
                                      .chain = ayni_chain_prefix_of(&entry->place.chain) };
    if (below(4) == 0)
        range.chain.bytes[0] ^= 1;
    struct ayni_erase erase = { .ranges = &range,
                                .range_count = below(2),
                                .order = ayni_buffer_bytes(&bytes) };
    ayni_erase_encode(&erase, &payload);
    test_must(author_write_entry(node->records.author, &space, AYNI_KIND_ERASE,
                                 ayni_buffer_bytes(&payload), NULL),
              "order");
    test_node_settle(node);
}

static void change_rights(void)
{
    size_t who = 1 + below(2);

    if (below(3) == 0) {
        test_must(cuts_give(&nodes[0].records), "cuts");
    } else if (granted[who]) {
        (void)test_node_ungrant(&nodes[0], &grants[who]);
        granted[who] = false;
    } else {
        grants[who] = test_node_grant(&nodes[0], &space, &nodes[who], AYNI_RIGHT_WRITER);
        granted[who] = true;
    }
    test_node_settle(&nodes[0]);
}

/* Innova's home on a second machine, as old as it is. */
static void copy_home(void)
{
    struct ayni_node root = test_root().node;

    if (node_count == NODES_MAX)
        return;
    test_node_open(&nodes[node_count], 2);
    nodes[node_count].in_federation = true;
    test_must(projector_set_root(nodes[node_count].records.projector, &root), "root");
    test_node_hand(&nodes[1], &nodes[node_count], SIZE_MAX, false);
    node_count++;
}

static void step(void)
{
    struct test_node *node = any_node();
    bool waiting;

    switch (below(17)) {
    case 0:
    case 1:
    case 2:
    case 3:
        write_something(node);
        break;
    case 4:
    case 5:
        erase_something(node);
        break;
    case 6:
        if (below(3) == 0)
            forge_something(node);
        break;
    case 7:
        change_rights();
        break;
    case 8:
        if (below(3) == 0)
            copy_home();
        break;
    case 9:
        test_must(erase_name_late(&node->records, below(2) == 0, &waiting), "name late");
        test_node_settle(node);
        break;
    case 10:
        if (below(3) == 0)
            test_same_after_rebuild(node);
        break;
    case 11:
        (void)test_give_receipts(node, NULL);
        if (below(2) == 0)
            test_scrub(node);
        break;
    default:
        meet(any_node(), node);
    }
    for (size_t i = 0; i < node_count; i++)
        erasure_model_learn(&model, &nodes[i]);
}

/* Half of the histories end with rights for all, so that nobody's word is cut off. */
static void grant_all(void)
{
    for (size_t i = 1; i < 3; i++)
        if (!granted[i])
            (void)test_node_grant(&nodes[0], &space, &nodes[i], AYNI_RIGHT_WRITER);
}

static void exchange_all(void)
{
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < node_count; i++)
            for (size_t k = 0; k < node_count; k++)
                hand(&nodes[i], &nodes[k], SIZE_MAX);
        for (size_t i = 0; i < node_count && round + 2 < ROUNDS; i++)
            test_name_late(&nodes[i]);
        for (size_t i = 0; i < node_count; i++)
            erasure_model_learn(&model, &nodes[i]);
    }
}

/* Each confirms what it has dropped, scrubs, and says so, and all hear of it. */
static void confirm_all(void)
{
    for (size_t i = 0; i < node_count; i++) {
        (void)test_give_receipts(&nodes[i], NULL);
        test_scrub(&nodes[i]);
        ck_assert_msg(!test_give_receipts(&nodes[i], NULL), "AYNI_SEED=%llu: node %zu waits", seed,
                      i);
    }
    for (size_t i = 0; i < node_count; i++)
        for (size_t k = 0; k < node_count; k++)
            hand(&nodes[i], &nodes[k], SIZE_MAX);
}

/* --- what must be true then --- */

static bool holds_payload(struct test_node *node, const struct erasure_model_entry *entry)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_feed feed;
    struct log_entry held;

    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    test_must(log_find_feed(log, &entry->place.feed, &feed), "feed");
    test_must(log_get_entry(log, feed.no, entry->place.seq, &held), "entry");
    return held.entry.hollow == AYNI_HOLLOW_NONE;
}

/* Whether a fold of its record there has the version. */
static bool is_read(struct test_node *node, const struct erasure_model_entry *entry)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct record_key key = { space, entry->version.type, entry->version.record };

    test_must(reader_begin(&node->records, &reader), "read");
    if (reader_fold(reader, &key, &state) != AYNI_OK)
        return false;
    for (size_t i = 0; i < state.count; i++)
        if (ayni_id_equal(&state.items[i].chain, &entry->place.chain))
            return true;
    return false;
}

/* Its salt is nowhere else. */
static void check_files(size_t index)
{
    const struct ayni_version *version = &model.entries[index].version;

    for (size_t i = 0; i < node_count; i++)
        ck_assert_msg(!test_files_hold(&nodes[i],
                                       (struct ayni_bytes){ version->salt, sizeof(version->salt) }),
                      "AYNI_SEED=%llu: the files of node %zu have entry %zu", seed, i, index);
}

static void check_version(const struct ayni_registry *registry, size_t index, size_t *unread)
{
    const struct erasure_model_entry *entry = &model.entries[index];
    bool erased = erasure_model_is_erased(&model, registry, index);
    bool anybody = false;

    if (erased && entry->is_version)
        check_files(index);
    for (size_t i = 0; i < node_count; i++)
        anybody = anybody || holds_payload(&nodes[i], entry);
    ck_assert_msg(!erased || !anybody, "AYNI_SEED=%llu: entry %zu is erased and held", seed, index);
    ck_assert_msg(erased || anybody || erasure_model_was_ordered(&model, index),
                  "AYNI_SEED=%llu: entry %zu is gone, and nobody ordered it", seed, index);
    for (size_t i = 0; i < node_count && entry->is_version; i++) {
        ck_assert_msg(erased || holds_payload(&nodes[i], entry) == anybody,
                      "AYNI_SEED=%llu: node %zu lacks entry %zu", seed, i, index);
        ck_assert_msg(is_read(&nodes[i], entry) == (!erased && anybody),
                      "AYNI_SEED=%llu: node %zu reads entry %zu otherwise", seed, i, index);
    }
    *unread += !erased && !anybody;
}

static bool check_scrubbed(void *context, const struct receipts_state *state)
{
    size_t node = *(const size_t *)context;

    ck_assert_msg(!state->member ||
                      (state->confirmed && state->receipt.state == AYNI_RECEIPT_SCRUBBED),
                  "AYNI_SEED=%llu: node %zu hasn't heard all receipts", seed, node);
    return true;
}

static void check_receipts(size_t node)
{
    SCOPED_READER *reader = NULL;

    test_must(reader_begin(&nodes[node].records, &reader), "read");
    test_must(receipts_each(reader, NULL, check_scrubbed, &node), "receipts");
}

/* Who lost its right can't tell of what it wrote that it is erased, and what came from it hollow
 * stays missed then. */
static void check_all(bool all_granted)
{
    SCOPED_CHARTER charter = standing_hold(nodes[0].records.standing);
    size_t unread = 0;

    for (size_t i = 0; i < model.count; i++)
        if (model.entries[i].kind == AYNI_KIND_VERSION)
            check_version(charter->registry, i, &unread);
    for (size_t i = 0; i < model.count; i++)
        ck_assert_msg(erasure_model_adds_rightly(&model, i),
                      "AYNI_SEED=%llu: order %zu adds what none is about", seed, i);
    for (size_t i = 0; i < node_count && all_granted; i++)
        ck_assert_msg(test_unread(&nodes[i]) == unread,
                      "AYNI_SEED=%llu: node %zu misses %llu payloads, not %zu", seed, i,
                      (unsigned long long)test_unread(&nodes[i]), unread);
    for (size_t i = 1; i < node_count; i++)
        test_same_answers(&nodes[0], &nodes[i]);
    for (size_t i = 0; i < node_count; i++) {
        test_same_after_rebuild(&nodes[i]);
        if (all_granted)
            check_receipts(i);
    }
}

/* --- one history --- */

static void begin(void)
{
    node_count = 3;
    test_node_open(&nodes[0], 1);
    test_node_found(&nodes[0]);
    space = test_node_space(&nodes[0], "visits", AYNI_CLASS_SENSITIVE);
    for (size_t i = 1; i < node_count; i++) {
        test_node_open(&nodes[i], (uint8_t)(i + 1));
        test_node_join(&nodes[i], &nodes[0], "innova");
        grants[i] = test_node_grant(&nodes[0], &space, &nodes[i], AYNI_RIGHT_WRITER);
        granted[i] = true;
    }
    for (size_t i = 1; i < node_count; i++)
        test_node_exchange(&nodes[0], &nodes[i]);
    model.space = space;
}

START_TEST(nothing_erased_comes_back_and_nothing_else_is_gone)
{
    seed = (unsigned long long)_i;
    rnd = (struct test_random){ seed };
    fprintf(stderr, "AYNI_SEED=%llu\n", seed);
    begin();
    for (int i = 0; i < STEPS; i++)
        step();
    if (_i % 2 == 0)
        grant_all();
    exchange_all();
    confirm_all();
    check_all(_i % 2 == 0);
    for (size_t i = 0; i < node_count; i++)
        test_node_close(&nodes[i]);
    erasure_model_free(&model);
}
END_TEST

/* 0 where it isn't set. */
static int number_from(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : atoi(text);
}

int main(void)
{
    Suite *suite = suite_create("erasure_histories");
    TCase *histories = tcase_create("histories");
    int first = number_from("AYNI_SEED"), seeds = number_from("AYNI_SEEDS") / 10;

    if (seeds < SEEDS_DEFAULT)
        seeds = SEEDS_DEFAULT;
    tcase_set_timeout(histories, 600);
    tcase_add_loop_test(histories, nothing_erased_comes_back_and_nothing_else_is_gone,
                        first == 0 ? 1 : first, first == 0 ? seeds + 1 : first + 1);
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
