/* Two children who were entered under one number, by two nodes, and are parted again. */
#include "daemon/records/links/split.h"

#include <stdio.h>

#include "daemon/records/links/link_decide.h"
#include "daemon/records/links/unsplit.h"
#include "daemon/records/walk.h"
#include "daemon/records/writing/settle.h"
#include "proto/cbor.h"
#include "tests/support/node_all.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum {
    SURNAME_1 = 1,
    SEX = 6,
    ADDRESS = 13,
    CHILD = 101,
    IDENTIFIER = 102,
    GUARDIAN_LINK = 104,
    HB_TEST = 208
};

static struct record_key old, by_midis, by_innova, guardian, cnv;
static char old_id[AYNI_RECORD_TEXT_SIZE], innova_name[64];

static struct record_key put_test(struct test_node *node, const char *source_id)
{
    char source[32];

    snprintf(source, sizeof(source), "source_id=%s", source_id);
    return test_put(node, "visits", "hb_test", "subject=dni:99000001", "date=2025-02-28", "hb=10.5",
                    "source=his", source, NULL);
}

/* Both give a child that number; innova's has a mother, another number and a test of its own. */
static void open_one_number(void)
{
    test_two_open();
    old = test_put(&test_midis, "visits", "child", "dni=99000001", "surname_1=Rojas",
                   "given_names=Ana", "birth_date=2024-02-29", "sex=f", "ubigeo=160101",
                   "state=active", "address=Jr. Lima 1", NULL);
    by_midis = put_test(&test_midis, "1");
    test_later();
    (void)test_put(&test_innova, "visits", "child", "dni=99000001", "surname_1=Quispe",
                   "given_names=Luz", "birth_date=2024-02-29", "sex=f", "ubigeo=160101",
                   "state=active", NULL);
    by_innova = put_test(&test_innova, "2");
    cnv = test_put(&test_innova, "visits", "identifier", "holder=dni:99000001", "scheme=cnv",
                   "value=1234567", "state=valid", NULL);
    struct record_key mother = test_put(&test_innova, "visits", "person", "dni=88000001",
                                        "surname_1=Diaz", "given_names=Eva", NULL);
    char person[64];
    snprintf(person, sizeof(person), "person=");
    ayni_record_text(&mother.record, person + strlen(person));
    guardian = test_put(&test_innova, "visits", "guardian_link", "child=dni:99000001", person,
                        "role=mother", NULL);
    test_node_exchange(&test_midis, &test_innova);
    ayni_record_text(&old.record, old_id);
    ayni_node_text(&test_innova.records.node, innova_name);
}

static enum ayni_status split_by(const char *node, bool dry_run, struct split_result *result)
{
    const char *const nodes[] = { node };
    struct split_request request = { .id = old_id,
                                     .nodes = nodes,
                                     .node_count = 1,
                                     .reason = "two children",
                                     .steward = "rosa",
                                     .dry_run = dry_run };
    struct complaint complaint = { 0 };

    test_later();
    enum ayni_status status = split_record(&test_midis.records, &request, result, &complaint);
    ck_assert(status == AYNI_OK || complaint.text != NULL);
    return status;
}

static void shows(const struct record_key *key, uint32_t field, const char *value)
{
    char text[128];

    test_shown(&test_midis, key, field, text);
    ck_assert_str_eq(text, value);
}

/* Of a record that isn't deleted; all zero of one that is. */
static struct ayni_record subject_of(const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct ayni_record subject = { { 0 } };

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    struct ayni_cbor_reader value = ayni_cbor_reader(record_state_value(&state, 1));
    if (!record_state_gone(&state))
        ayni_cbor_read_id(&value, &subject);
    return subject;
}

static bool is_about(const struct record_key *key, const struct ayni_record *record)
{
    struct ayni_record subject = subject_of(key);

    return ayni_id_equal(&subject, record);
}

/* How many records of a type are about it. */
static size_t count_about(uint32_t type, const struct ayni_record *record)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    size_t count = 0;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    walk_subject(reader, record, &walk);
    while (walk_next(&walk, &key))
        count += key.type == type && is_about(&key, record);
    return count;
}

START_TEST(each_gets_what_was_written_of_it)
{
    struct split_result result;

    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    test_must(split_by(innova_name, false, &result), "split");
    struct record_key made = { test_visits, CHILD, result.child };
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    shows(&old, SURNAME_1, "Rojas");
    shows(&old, ADDRESS, "Jr. Lima 1");
    shows(&made, SURNAME_1, "Quispe");
    shows(&made, SEX, "f");
    ck_assert(is_about(&by_midis, &old.record));
    ck_assert(is_about(&by_innova, &result.child));
    ck_assert(is_about(&cnv, &result.child));
    ck_assert_uint_eq(count_about(IDENTIFIER, &old.record), 1); /* the number both had */
    ck_assert_uint_eq(count_about(GUARDIAN_LINK, &old.record), 0);
    ck_assert_uint_eq(count_about(GUARDIAN_LINK, &result.child), 1);
    ck_assert_uint_eq(result.moved, 3);
    ck_assert_uint_eq(result.rewritten, 1);
    ck_assert_uint_eq(result.stayed, 2);
    ck_assert_uint_eq(result.mixed_count, 0);
    ck_assert_uint_eq(result.copied.count, 0);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

START_TEST(they_are_decided_to_be_two)
{
    SCOPED_READER *reader = NULL;
    struct split_result result;
    struct link link;

    test_must(split_by(innova_name, false, &result), "split");
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(links_verdict(reader, &old.record, &result.child, &link), "verdict");
    ck_assert_int_eq(link.verdict, LINK_DIFFERENT);
}
END_TEST

START_TEST(a_preview_counts_the_same_and_writes_nothing)
{
    SCOPED_BUFFER before = { 0 };
    struct split_result preview, result;

    test_node_all(&test_midis, &before);
    test_must(split_by(innova_name, true, &preview), "preview");
    test_node_same(&test_midis, &before, 0, "a preview");
    test_must(split_by(innova_name, false, &result), "split");
    ck_assert_uint_eq(preview.moved, result.moved);
    ck_assert_uint_eq(preview.rewritten, result.rewritten);
    ck_assert_uint_eq(preview.stayed, result.stayed);
    ck_assert_uint_eq(preview.changed.count, result.changed.count);
}
END_TEST

static void unresolve(const struct record_key *key)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct settle_request request = { .id = id, .steward = "rosa" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    ayni_record_text(&key->record, id);
    test_must(settle_unresolve(&test_midis.records, &request, &result, &complaint), "unresolve");
}

START_TEST(what_it_changed_can_be_taken_back)
{
    struct split_result result;
    size_t alternatives = test_alternatives(&test_midis, &old, SURNAME_1);

    test_must(split_by(innova_name, false, &result), "split");
    unresolve(&old);
    unresolve(&by_innova);
    unresolve(&guardian);
    shows(&old, SURNAME_1, "Quispe");
    ck_assert_uint_eq(test_alternatives(&test_midis, &old, SURNAME_1), alternatives);
    ck_assert(is_about(&by_innova, &old.record));
    ck_assert(is_about(&guardian, &old.record));
}
END_TEST

START_TEST(linked_they_are_one_again)
{
    char child[AYNI_RECORD_TEXT_SIZE];
    struct split_result result;
    struct link_result linked;
    struct complaint complaint = { 0 };

    test_must(split_by(innova_name, false, &result), "split");
    ayni_record_text(&result.child, child);
    struct link_request request = {
        .one = old_id, .other = child, .verdict = LINK_SAME, .reasons = "visit", .steward = "rosa"
    };
    test_must(link_decide(&test_midis.records, &request, &linked, &complaint), "link");
    ck_assert_uint_eq(linked.component.count, 2);
    ck_assert(!linked.component.contested);
}
END_TEST

static enum ayni_status unsplit(const struct ayni_record *child, struct unsplit_result *result)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct unsplit_request request = { .id = id, .reason = "one child", .steward = "rosa" };
    struct complaint complaint = { 0 };

    ayni_record_text(child, id);
    test_later();
    return unsplit_record(&test_midis.records, &request, result, &complaint);
}

/* Of the old one and all that is about it: what is shown, with its conflicts. */
static void put_shown(struct ayni_buffer *text)
{
    const struct record_key *const keys[] = { &old, &by_midis, &by_innova, &guardian, &cnv };
    SCOPED_READER *reader = NULL;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        SCOPED_STATE state = { 0 };
        test_must(reader_fold(reader, keys[i], &state), "fold");
        ayni_buffer_append_byte(text, record_state_gone(&state));
        for (size_t f = 0; f < state.folded.field_count; f++) {
            const struct ayni_folded_field *field = &state.folded.fields[f];
            for (size_t a = 0; a < field->alternative_count; a++)
                ayni_buffer_append(text, field->alternatives[a].value.data,
                                   field->alternatives[a].value.size);
        }
    }
}

START_TEST(taken_back_everything_is_as_it_was)
{
    SCOPED_BUFFER before = { 0 };
    SCOPED_BUFFER after = { 0 };
    struct split_result split;
    struct unsplit_result result;

    put_shown(&before);
    test_must(split_by(innova_name, false, &split), "split");
    test_must(unsplit(&split.child, &result), "unsplit");
    put_shown(&after);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&before), ayni_buffer_bytes(&after)));
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    ck_assert_uint_eq(result.restored, 4); /* the child, its test, its number, its mother's link */
    ck_assert_uint_eq(result.deleted, 2);  /* the new one and the copy of that link */
    ck_assert_uint_eq(result.kept, 0);
    ck_assert_uint_eq(count_about(GUARDIAN_LINK, &split.child), 0);
    ck_assert_int_eq(unsplit(&split.child, &result), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(unsplit(&old.record, &result), AYNI_E_NOT_FOUND);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
    test_must(split_by(innova_name, false, &split), "once more");
    ck_assert_uint_eq(split.moved, 3);
}
END_TEST

/* Who writes what of the child and its tests, having heard of the other or not. */
static void write_anything(struct test_random *dice)
{
    static const char *const values[] = { "surname_1=Vela", "surname_1=Soto",  "sex=m",
                                          "sex=f",          "given_names=Eva", "address=Jr. Lima 4",
                                          "address=" };
    static const char *const haemoglobin[] = { "hb=9.5", "hb=11.5", "date=2025-03-01" };
    struct test_node *node = test_random_below(dice, 2) == 0 ? &test_midis : &test_innova;

    switch (test_random_below(dice, 4)) {
    case 0:
        test_node_exchange(&test_midis, &test_innova);
        break;
    case 1:
        test_set(node, test_random_below(dice, 2) == 0 ? &by_midis : &by_innova,
                 haemoglobin[test_random_below(dice, 3)], NULL);
        break;
    default:
        test_set(node, &old, values[test_random_below(dice, 7)], NULL);
    }
}

START_TEST(whatever_was_written_a_split_is_taken_back_whole)
{
    struct test_random dice = { (uint64_t)_i + 1 };
    SCOPED_BUFFER before = { 0 };
    SCOPED_BUFFER after = { 0 };
    struct split_result split;
    struct unsplit_result result;

    for (int i = 0; i < 12; i++)
        write_anything(&dice);
    test_node_exchange(&test_midis, &test_innova);
    uint64_t conflicts = test_conflicts(&test_midis);
    put_shown(&before);
    test_must(split_by(innova_name, false, &split), "split");
    test_must(unsplit(&split.child, &result), "unsplit");
    put_shown(&after);
    ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&before), ayni_buffer_bytes(&after)),
                  "seed %d: other values than before the split", _i + 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), conflicts);
}
END_TEST

START_TEST(what_was_written_since_a_split_stays)
{
    struct split_result split;
    struct unsplit_result result;

    test_must(split_by(innova_name, false, &split), "split");
    struct record_key made = { test_visits, CHILD, split.child };
    test_set(&test_midis, &made, "address=Jr. Lima 3", NULL);
    test_must(unsplit(&split.child, &result), "unsplit");
    ck_assert_uint_eq(result.kept, 1);
    shows(&made, ADDRESS, "Jr. Lima 3");
    ck_assert(is_about(&by_innova, &old.record));
}
END_TEST

/* What both wrote stays, and is named. */
START_TEST(a_record_of_both_stays_for_somebody_to_look_at)
{
    struct split_result result;

    test_set(&test_midis, &by_innova, "hb=9.5", NULL);
    test_must(split_by(innova_name, false, &result), "split");
    ck_assert_uint_eq(result.mixed_count, 1);
    ck_assert(ayni_id_equal(&result.mixed[0], &by_innova.record));
    ck_assert(is_about(&by_innova, &old.record));
}
END_TEST

static void put_in(const char *space, struct test_node *node, const char *surname)
{
    char pair[64];

    snprintf(pair, sizeof(pair), "surname_1=%s", surname);
    (void)test_put(node, space, "child", "dni=99000005", pair, "given_names=Ana",
                   "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
}

/* Each entered the number in another space: there all of it goes over, and the other one stays. */
START_TEST(in_spaces_of_their_own_each_has_one)
{
    struct ayni_space lax = test_node_space(&test_midis, "register", AYNI_CLASS_PERSONAL);
    const char *const nodes[] = { innova_name };
    struct complaint complaint = { 0 };
    struct split_result result;
    struct split_request request = { .id = "dni:99000005",
                                     .space = _i == 0 ? NULL : "visits",
                                     .nodes = nodes,
                                     .node_count = 1,
                                     .steward = "rosa" };

    test_node_settle(&test_midis);
    put_in("register", &test_midis, "Vera");
    put_in("visits", &test_innova, "Vila");
    test_node_exchange(&test_midis, &test_innova);
    test_must(split_record(&test_midis.records, &request, &result, &complaint), "split");
    struct record_key left = { lax, CHILD, result.from };
    struct record_key made = { test_visits, CHILD, result.child };
    struct record_key gone = { test_visits, CHILD, result.from };
    shows(&left, SURNAME_1, "Vera");
    shows(&made, SURNAME_1, "Vila");
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, &gone, &state), "fold");
    ck_assert(record_state_gone(&state));
}
END_TEST

/* However long a reason is, it is kept whole. */
START_TEST(a_long_reason_is_kept)
{
    enum { SIGNS = 700 };
    const char *const nodes[] = { innova_name };
    struct complaint complaint = { 0 };
    struct split_result result;
    SCOPED_BUFFER reason = { 0 };

    for (int i = 0; i < SIGNS; i++)
        ayni_buffer_append_text(&reason, "ñ");
    ayni_buffer_append_byte(&reason, 0);
    struct split_request request = { .id = old_id,
                                     .nodes = nodes,
                                     .node_count = 1,
                                     .reason = (const char *)reason.data,
                                     .steward = "rosa" };
    test_must(split_record(&test_midis.records, &request, &result, &complaint), "split");
    struct record_key made = { test_visits, CHILD, result.child };
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, &made, &state), "fold");
    ck_assert_uint_gt(state.versions[0].version.reason.size, 2 * SIGNS);
}
END_TEST

/* Who only added to what others wrote says too little for a child: the rest is taken over. */
START_TEST(what_a_child_needs_is_taken_over_and_said)
{
    struct record_key other = test_put_child(&test_midis, "99000002", "Vela");
    struct split_result result;

    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &other, "address=Jr. Lima 2", NULL);
    test_node_exchange(&test_midis, &test_innova);
    ayni_record_text(&other.record, old_id);
    test_must(split_by(innova_name, false, &result), "split");
    struct record_key made = { test_visits, CHILD, result.child };
    shows(&made, ADDRESS, "Jr. Lima 2");
    shows(&made, SURNAME_1, "Vela");
    shows(&other, ADDRESS, "");
    ck_assert_uint_gt(result.copied.count, 3);
}
END_TEST

START_TEST(what_can_not_be_split_is_refused)
{
    struct split_result result;
    struct record_key alone = test_put_child(&test_midis, "99000003", "Soto");

    ck_assert_int_eq(split_by("nobody", false, &result), AYNI_E_USAGE);
    ayni_record_text(&alone.record, old_id);
    ck_assert_int_eq(split_by(innova_name, false, &result), AYNI_E_NOT_FOUND);
    ayni_node_text(&test_midis.records.node, innova_name);
    ck_assert_int_eq(split_by(innova_name, false, &result), AYNI_E_INVALID);
    ayni_record_text(&by_midis.record, old_id);
    ck_assert_int_eq(split_by(innova_name, false, &result), AYNI_E_INVALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("split");
    TCase *loops = tcase_create("histories and spaces");

    tcase_add_checked_fixture(loops, open_one_number, test_two_close);
    TEST_CASE(suite, "two nodes", open_one_number, test_two_close, each_gets_what_was_written_of_it,
              they_are_decided_to_be_two, a_preview_counts_the_same_and_writes_nothing,
              what_it_changed_can_be_taken_back, taken_back_everything_is_as_it_was,
              what_was_written_since_a_split_stays, linked_they_are_one_again,
              a_record_of_both_stays_for_somebody_to_look_at,
              what_a_child_needs_is_taken_over_and_said, what_can_not_be_split_is_refused,
              a_long_reason_is_kept);
    tcase_add_loop_test(loops, whatever_was_written_a_split_is_taken_back_whole, 0, 8);
    tcase_add_loop_test(loops, in_spaces_of_their_own_each_has_one, 0, 2);
    suite_add_tcase(suite, loops);
    return test_run(suite);
}
