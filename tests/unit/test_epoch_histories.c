/*
 * Random histories of a confidential space: its owner gives and ends rights, its
 * node gives keys late or an odd program gives them to some alone, members write
 * and erase with what keys they have, and hand each other parts of what they
 * hold. In the end all have all keys, and answer the same, whenever each key came.
 *
 *     AYNI_SEEDS=100   a tenth as many seeds: one takes a second
 *     AYNI_SEED=17     this one alone, which a failure prints
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/federation/registry_draft.h"
#include "daemon/federation/space_keys.h"
#include "daemon/records/tables.h"
#include "tests/support/erasing.h"
#include "tests/support/node_all.h"
#include "tests/support/random.h"

enum { SEEDS_DEFAULT = 8, STEPS = 40, NODES = 3, EPOCHS_MAX = STEPS };

static struct test_node care;
static struct test_node *const nodes[NODES] = { &test_innova, &test_midis, &care };
static struct space_keys *keys; /* innova's, who owns the space */
static struct ayni_space secret;
static struct ayni_record grants[NODES];
static bool granted[NODES];
static struct epoch {
    struct ayni_epoch id;
    uint8_t key[32];
} epochs[EPOCHS_MAX]; /* made by hand */
static size_t epoch_count;
static struct test_random dice;
static unsigned long long seed;

static size_t below(size_t count)
{
    return (size_t)test_random_below(&dice, count);
}

static void open_three(void)
{
    test_two_open();
    test_node_open(&care, 3);
    test_node_join(&care, &test_midis, "care");
    secret = test_node_space(&test_innova, "secret", AYNI_CLASS_SEALED);
    test_must(space_keys_new(&test_innova.records, &keys), "keys");
    test_must(space_keys_tend(keys), "tend");
    memset(granted, 0, sizeof(granted));
    epoch_count = 0;
}

static void close_three(void)
{
    space_keys_free(keys);
    test_node_close(&care);
    test_two_close();
}

/* --- what happens --- */

static void wrap(const struct epoch *epoch, size_t index)
{
    SCOPED_CHARTER charter = standing_hold(test_innova.records.standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    test_must(registry_draft_space_key(&draft, &charter->root, &secret, epoch->id.bytes,
                                       &nodes[index]->keys.node, epoch->key),
              "draft");
    test_must(registry_draft_write(&draft, test_innova.records.author, &charter->registry_space,
                                   "aynid", "", AYNI_LANE_CURRENT),
              "wrap");
}

/* A new key for some, or an older one for somebody who may have it already. */
static void give_by_hand(void)
{
    bool fresh = epoch_count == 0 || (epoch_count < EPOCHS_MAX && below(2) == 0);
    struct epoch *epoch = &epochs[fresh ? epoch_count : below(epoch_count)];

    if (fresh) {
        for (size_t i = 0; i < sizeof(epoch->key); i++)
            epoch->key[i] = (uint8_t)below(256);
        memcpy(epoch->id.bytes, epoch->key, sizeof(epoch->id.bytes));
        epoch_count++;
    }
    wrap(epoch, below(NODES));
}

static void change_right(size_t index)
{
    if (granted[index])
        (void)test_node_ungrant(&test_innova, &grants[index]);
    else
        grants[index] = test_node_grant(&test_innova, &secret, nodes[index], AYNI_RIGHT_WRITER);
    granted[index] = !granted[index];
}

/* Where it has no right or no key as it knows the registry nothing is written. */
static void write_something(struct test_node *node)
{
    static const char *const surnames[] = { "Rojas", "Rosas", "Diaz", "Quispe" };
    char dni[16];
    struct complaint complaint = { 0 };
    struct edit_result result;

    snprintf(dni, sizeof(dni), "9900000%zu", below(4));
    struct edit_assignment fields[] = { { "dni", dni },
                                        { "surname_1", surnames[below(4)] },
                                        { "given_names", "Ana" },
                                        { "birth_date", "2024-02-29" },
                                        { "sex", below(2) == 0 ? "f" : "m" },
                                        { "ubigeo", "160101" },
                                        { "state", "active" } };
    struct edit_request request = { .type = "child",
                                    .space = "secret",
                                    .assignments = fields,
                                    .assignment_count = sizeof(fields) / sizeof(fields[0]),
                                    .steward = "maria" };
    (void)!edit_put(&node->records, &request, &result, &complaint);
}

static void erase_something(struct test_node *node)
{
    char id[24];
    struct complaint complaint = { 0 };
    struct erase_result result;
    struct erase_request request = { .id = id, .reason = "asked for", .steward = "maria" };

    snprintf(id, sizeof(id), "dni:9900000%zu", below(4));
    (void)!erase_record(&node->records, &request, &result, &complaint);
}

static void happen(void)
{
    struct test_node *node = nodes[below(NODES)];

    switch (below(12)) {
    case 0:
        change_right(1 + below(NODES - 1));
        break;
    case 1:
        test_must(space_keys_tend(keys), "tend");
        break;
    case 2:
        give_by_hand();
        break;
    case 3:
        erase_something(node);
        break;
    case 4:
        if (below(3) == 0)
            test_node_reopen(node, below(2) == 0);
        break;
    case 5:
    case 6:
    case 7:
        test_node_hand(nodes[below(NODES)], node, below(3) == 0 ? SIZE_MAX : 1 + below(3),
                       below(2) == 0);
        break;
    default:
        write_something(node);
    }
}

/* --- the end --- */

static void exchange_all(void)
{
    for (size_t i = 0; i < NODES; i++)
        for (size_t k = i + 1; k < NODES; k++)
            test_node_exchange(nodes[i], nodes[k]);
}

static void settle(void)
{
    exchange_all();
    for (size_t i = 1; i < NODES; i++)
        if (!granted[i])
            change_right(i);
    for (size_t i = 0; i < epoch_count; i++)
        for (size_t k = 0; k < NODES; k++)
            wrap(&epochs[i], k);
    test_must(space_keys_tend(keys), "tend");
    exchange_all();
    for (size_t i = 0; i < NODES; i++)
        test_name_late(nodes[i]); /* what came hollow is told to be erased by ranges alone */
    exchange_all();
}

static uint64_t sealed_at(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(views_count(reader_views(reader), RECORDS_TABLE_SEALED, &count), "count");
    return count;
}

START_TEST(whenever_keys_come_all_end_with_the_same)
{
    const char *given = getenv("AYNI_SEED");

    seed = given != NULL ? strtoull(given, NULL, 10) : 1 + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (int i = 0; i < STEPS; i++)
        happen();
    settle();
    for (size_t i = 0; i < NODES; i++) {
        SCOPED_BUFFER grown = { 0 };
        ck_assert_msg(sealed_at(nodes[i]) == 0, "AYNI_SEED=%llu: node %zu lacks a key", seed, i);
        ck_assert_msg(test_unread(nodes[i]) == 0, "AYNI_SEED=%llu: node %zu misses", seed, i);
        test_node_all(nodes[i], &grown);
        test_must(projector_rebuild(nodes[i]->records.projector, NULL), "rebuild");
        test_node_same(nodes[i], &grown, seed, "a rebuild");
    }
    for (size_t i = 1; i < NODES; i++)
        test_same_answers(nodes[0], nodes[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("epoch_histories");
    TCase *histories = tcase_create("histories");
    const char *text = getenv("AYNI_SEEDS");
    int seeds = text == NULL || *text == '\0' ? SEEDS_DEFAULT : 1 + atoi(text) / 10;

    tcase_add_checked_fixture(histories, open_three, close_three);
    tcase_set_timeout(histories, 120);
    tcase_add_loop_test(histories, whenever_keys_come_all_end_with_the_same, 0,
                        getenv("AYNI_SEED") != NULL ? 1 : seeds);
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
