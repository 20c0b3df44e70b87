/*
 * The children that are found to be one are those that a slow comparison of all with all finds,
 * whatever was written, changed, deleted, erased, decided, on either of two nodes; and views/ made
 * anew find the same.
 *
 *     AYNI_SEEDS=100   how many random histories
 *     AYNI_SEED=17     this one alone
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/cbor.h"
#include "tests/support/erasing.h"
#include "tests/support/likeness_oracle.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { SEEDS = 4, SEEDS_MAX = 40, STEPS = 60, KEPT = 64, MOTHERS = 3, CROWD = 100, RAW = 60 };

static unsigned long long seed;
static struct test_random dice;
static struct record_key children[KEPT], mothers[MOTHERS];
static size_t child_count;

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

static bool one_in(uint64_t count)
{
    return test_random_below(&dice, count) == 0;
}

#define ANY_OF(texts) ((texts)[test_random_below(&dice, sizeof(texts) / sizeof((texts)[0]))])

static const char *const first_surnames[] = { "Pérez", "PEREZ", "Peres", "Quispe" };
static const char *const second_surnames[] = { "Díaz", "diaz", "", "Dias" };
static const char *const given_names[] = { "Ana María", "ana  maria", "Ana Marta", "Luz" };
static const char *const births[] = { "2024-03-05", "2024-05-03", "2024-03-06", "2024-03-08",
                                      "2024-03-15", "2023-03-05", "2024-03-05" };
static const char *const districts[] = { "160101", "160101", "160102" };
static const char *const spaces[] = { "visits", "visits", "care" };
static const char *const origins[] = { NULL, NULL, "padron", "his" };

/* --- what people do; what the rules refuse isn't written --- */

static bool put(struct test_node *node, const char *type, const char *space,
                const struct edit_assignment *fields, size_t count, struct record_key *key)
{
    struct edit_request request = { .type = type,
                                    .space = space,
                                    .assignments = fields,
                                    .assignment_count = count,
                                    .steward = "maria",
                                    .origin = ANY_OF(origins) };
    struct complaint complaint = { 0 };
    struct edit_result result;

    if (edit_put(&node->records, &request, &result, &complaint) != AYNI_OK)
        return false;
    *key = result.key;
    return true;
}

static void put_child(struct test_node *node)
{
    char number[32];
    struct edit_assignment fields[] = { { "surname_1", ANY_OF(first_surnames) },
                                        { "surname_2", ANY_OF(second_surnames) },
                                        { "given_names", ANY_OF(given_names) },
                                        { "birth_date", ANY_OF(births) },
                                        { "sex", one_in(3) ? "m" : "f" },
                                        { "ubigeo", ANY_OF(districts) },
                                        { "state", "active" },
                                        { "birth_order", one_in(2) ? "1" : "2" },
                                        { one_in(2) ? "dni" : "cnv", number } };
    size_t count = sizeof(fields) / sizeof(fields[0]);
    struct record_key key;

    snprintf(number, sizeof(number), "9900000%u", (unsigned)test_random_below(&dice, 9));
    if (one_in(3))
        count--;
    else if (one_in(3))
        fields[7] = fields[--count];
    if (put(node, "child", ANY_OF(spaces), fields, count, &key) && child_count < KEPT)
        children[child_count++] = key;
}

static const struct record_key *any_child(char id[AYNI_RECORD_TEXT_SIZE])
{
    const struct record_key *key = &children[test_random_below(&dice, child_count)];

    ayni_record_text(&key->record, id);
    return key;
}

static void link_mother(struct test_node *node)
{
    char child[AYNI_RECORD_TEXT_SIZE], mother[AYNI_RECORD_TEXT_SIZE];
    struct record_key key;

    ayni_record_text(&mothers[test_random_below(&dice, MOTHERS)].record, mother);
    any_child(child);
    (void)put(node, "guardian_link", ANY_OF(spaces),
              (struct edit_assignment[]){ { "child", child },
                                          { "person", mother },
                                          { "role", one_in(4) ? "father" : "mother" } },
              3, &key);
}

/* Of a child, or of a mother; a number may have another holder already. */
static void put_number(struct test_node *node)
{
    static const char *const schemes[] = { "dni", "cui", "cnv" };
    char holder[AYNI_RECORD_TEXT_SIZE], number[32];
    bool mothers_own = one_in(3);
    struct record_key key;

    snprintf(number, sizeof(number), "%s%u", mothers_own ? "8800000" : "9900000",
             (unsigned)test_random_below(&dice, mothers_own ? 3 : 9));
    any_child(holder);
    if (mothers_own)
        ayni_record_text(&mothers[test_random_below(&dice, MOTHERS)].record, holder);
    (void)put(node, "identifier", ANY_OF(spaces),
              (struct edit_assignment[]){ { "holder", holder },
                                          { "scheme", ANY_OF(schemes) },
                                          { "value", number },
                                          { "state", one_in(5) ? "mistyped" : "valid" } },
              4, &key);
}

static void decide(struct test_node *node)
{
    static const char *const verdicts[] = { "same", "different", "twins", "undecided" };
    char one[AYNI_RECORD_TEXT_SIZE], other[AYNI_RECORD_TEXT_SIZE];
    bool ordered = ayni_id_compare(&any_child(one)->record, &any_child(other)->record) < 0;
    struct record_key key;

    (void)put(node, "link_decision", "visits",
              (struct edit_assignment[]){ { "a", ordered ? one : other },
                                          { "b", ordered ? other : one },
                                          { "verdict", ANY_OF(verdicts) } },
              3, &key);
}

static void change(struct test_node *node)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    const struct record_key *key = any_child(id);
    struct edit_assignment fields[] = { { "given_names", ANY_OF(given_names) },
                                        { "birth_date", ANY_OF(births) },
                                        { "sex", one_in(2) ? "m" : "f" },
                                        { "ubigeo", ANY_OF(districts) },
                                        { "surname_2", ANY_OF(second_surnames) } };
    const char *const in[] = { "visits", "care" };
    struct edit_request request = { .id = id,
                                    .space = in[!ayni_id_equal(&key->space, &test_visits)],
                                    .assignments = &fields[test_random_below(&dice, 5)],
                                    .assignment_count = 1,
                                    .steward = "rosa" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    (void)!edit_set(&node->records, &request, &result, &complaint);
}

static void delete_one(struct test_node *node)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct edit_request request = { .id = id, .steward = "maria", .reason = "gone" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    any_child(id);
    (void)!edit_delete(&node->records, &request, &result, &complaint);
}

static void erase_one(struct test_node *node)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct complaint complaint = { 0 };
    struct erase_result result;

    (void)!test_try_erase(node, any_child(id), &result, &complaint);
}

static void happen(void)
{
    struct test_node *node = one_in(2) ? &test_midis : &test_innova;
    static void (*const acts[])(struct test_node * node) = {
        put_child,   put_child,  put_child, put_child, link_mother, link_mother,
        link_mother, put_number, decide,    change,    change,      change,
    };

    if (one_in(12))
        test_node_exchange(&test_midis, &test_innova);
    else if (child_count == 0)
        put_child(node);
    else if (one_in(20))
        delete_one(node);
    else if (one_in(20))
        erase_one(node);
    else
        ANY_OF(acts)(node);
}

/* --- two nodes, and some mothers --- */

static void open_two(void)
{
    struct ayni_space care;

    test_two_open();
    care = test_node_space(&test_midis, "care", AYNI_CLASS_SENSITIVE);
    test_node_grant(&test_midis, &care, &test_innova, AYNI_RIGHT_WRITER);
    child_count = 0;
    for (unsigned i = 0; i < MOTHERS; i++) {
        char number[16];
        snprintf(number, sizeof(number), "dni=8800000%u", i);
        /* The last one is known by a number of another scheme alone. */
        mothers[i] = test_put(&test_midis, "visits", "person", i < 2 ? number : "code=77",
                              "surname_1=Vela", "given_names=Luz", NULL);
    }
    test_node_exchange(&test_midis, &test_innova);
}

START_TEST(any_history_has_the_duplicates_that_all_with_all_has)
{
    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (int i = 0; i < STEPS; i++) {
        happen();
        if (i % 20 == 19)
            likeness_oracle_agrees(&test_midis, seed, "on the way");
    }
    test_node_exchange(&test_midis, &test_innova);
    test_node_settle(&test_midis);
    test_node_settle(&test_innova);
    likeness_oracle_agrees(&test_midis, seed, "in the end");
    likeness_oracle_agrees(&test_innova, seed, "on the other node");
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    likeness_oracle_agrees(&test_midis, seed, "after a rebuild");
    test_node_reopen(&test_innova, true);
    test_node_settle(&test_innova);
    likeness_oracle_agrees(&test_innova, seed, "when views/ were deleted");
}
END_TEST

/* --- what no person could enter --- */

/* All at once, as another program on a member's machine might: nothing is checked. */
static void write_raw(uint32_t type, const struct ayni_record *records, size_t count,
                      const struct ayni_field *fields, size_t field_count)
{
    struct author_change changes[CROWD];

    ck_assert_uint_le(count, CROWD);
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct author_change){ .space = test_visits,
                                             .record = records[i],
                                             .type = type,
                                             .fields = fields,
                                             .field_count = field_count,
                                             .steward = TEST_BYTES("maria") };
    test_must(author_write(test_midis.records.author, changes, count, AYNI_LANE_CURRENT, NULL),
              "write");
}

START_TEST(where_too_many_are_alike_few_are_compared_and_that_is_said)
{
    SCOPED_DUPLICATES found = { 0 };
    struct ayni_record crowd[CROWD];
    const struct ayni_field fields[] = { { 1, test_text_value(&test_midis, "NN") },
                                         { 3, test_text_value(&test_midis, "NN") },
                                         { 4, test_uint_value(&test_midis, 19787) },
                                         { 6, test_text_value(&test_midis, "f") },
                                         { 11, test_text_value(&test_midis, "160101") } };

    memset(crowd, 7, sizeof(crowd));
    for (size_t i = 0; i < CROWD; i++)
        ayni_put_u32(crowd[i].bytes, (uint32_t)i);
    write_raw(LIKENESS_TYPE_CHILD, crowd, CROWD, fields, sizeof(fields) / sizeof(fields[0]));
    likeness_oracle_found(&test_midis, &found);
    ck_assert_uint_ge(found.count, CROWD);
    ck_assert_uint_le(found.count, (size_t)CROWD * LIKENESS_FOUND_MAX);
    for (size_t i = 0; i < found.count; i++)
        ck_assert(found.list[i].crowded);
}
END_TEST

static struct ayni_bytes any_value(void)
{
    static char long_text[3000];
    static const uint8_t array[] = { 0x82, 0x01, 0x61, 0x61 };

    memset(long_text, 'a', sizeof(long_text) - 1);
    switch (test_random_below(&dice, 9)) {
    case 0:
        return test_text_value(&test_midis, "");
    case 1:
        return test_text_value(&test_midis, long_text);
    case 2:
        return test_text_value(&test_midis, "mother");
    case 3:
        return test_uint_value(&test_midis, UINT64_MAX >> test_random_below(&dice, 64));
    case 4:
        return test_bool_value(&test_midis, true);
    case 5:
        return (struct ayni_bytes){ array, sizeof(array) };
    case 6:
        return ayni_cbor_null();
    case 7:
        return test_bytes_value(&test_midis, long_text, 15);
    default:
        return test_id_value(&test_midis, &(struct ayni_record){ { 7 } });
    }
}

START_TEST(whatever_a_member_wrote_is_passed_over_or_found_the_same_anew)
{
    static const uint32_t types[] = { LIKENESS_TYPE_CHILD, LIKENESS_TYPE_IDENTIFIER,
                                      LIKENESS_TYPE_GUARDIAN_LINK, 601 };
    SCOPED_DUPLICATES grown = { 0 };
    SCOPED_DUPLICATES anew = { 0 };

    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (size_t i = 0; i < RAW; i++) {
        struct ayni_record record = { { (uint8_t)(1 + test_random_below(&dice, 9)) } };
        struct ayni_field fields[8];
        for (uint32_t field = 0; field < 8; field++)
            fields[field] = (struct ayni_field){ field + 1, any_value() };
        write_raw(ANY_OF(types), &record, 1, fields, 8);
    }
    likeness_oracle_found(&test_midis, &grown);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    likeness_oracle_found(&test_midis, &anew);
    ck_assert_uint_eq(grown.count, anew.count);
    for (size_t i = 0; i < grown.count; i++)
        if (!ayni_id_equal(&grown.list[i].a, &anew.list[i].a) ||
            !ayni_id_equal(&grown.list[i].b, &anew.list[i].b) ||
            grown.list[i].match.reasons != anew.list[i].match.reasons)
            ck_abort_msg("seed %llu: pair %zu is another one anew", seed, i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("duplicates");
    TCase *histories = tcase_create("histories"), *raw = tcase_create("raw");
    uint64_t seeds = number_of("AYNI_SEEDS", SEEDS);

    tcase_add_checked_fixture(histories, open_two, test_two_close);
    tcase_set_timeout(histories, 60);
    if (getenv("AYNI_SEED") != NULL)
        seeds = 1;
    tcase_add_loop_test(histories, any_history_has_the_duplicates_that_all_with_all_has, 0,
                        (int)(seeds < SEEDS_MAX ? seeds : SEEDS_MAX));
    suite_add_tcase(suite, histories);
    tcase_add_checked_fixture(raw, test_one_open, test_one_close);
    tcase_set_timeout(raw, 60);
    tcase_add_test(raw, where_too_many_are_alike_few_are_compared_and_that_is_said);
    tcase_add_loop_test(raw, whatever_a_member_wrote_is_passed_over_or_found_the_same_anew, 0, 3);
    suite_add_tcase(suite, raw);
    return test_run(suite);
}
