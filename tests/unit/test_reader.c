/* Finding, walking, sorting, as of a time; the change feed; proofs and the audit of what is held.
 */
#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/records/audit.h"
#include "daemon/records/change_feed.h"
#include "daemon/records/names.h"
#include "daemon/records/prove.h"
#include "daemon/records/reader_limits.h"
#include "daemon/records/sorting.h"
#include "daemon/records/walk.h"
#include "daemon/store/log_private.h"
#include "proto/proof.h"
#include "tests/support/damage.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1, PERSON = 103, PEOPLE = 20 };

static struct record_key put_person(const char *space, const char *surname)
{
    char pair[64];

    snprintf(pair, sizeof(pair), "surname_1=%s", surname);
    return test_put(&test_midis, space, "person", pair, "given_names=Ana", NULL);
}

/* --- finding --- */

START_TEST(an_id_is_found_wherever_it_is)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key found[4];
    SCOPED_READER *reader = NULL;
    size_t count;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_find(reader, &key.record, 0, NULL, found, 4, &count), "find");
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(record_key_compare(&found[0], &key), 0);
    test_must(reader_find(reader, &key.record, 102, NULL, found, 4, &count), "another type");
    ck_assert_uint_eq(count, 0);
}
END_TEST

static size_t places_of(const struct ayni_record *record)
{
    struct record_key found[4];
    SCOPED_READER *reader = NULL;
    size_t count;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_find(reader, record, 0, NULL, found, 4, &count), "find");
    return count;
}

/* All that the charter is made of, as the reader has it and after a start with and without views/.
 */
static void find_the_registry(void)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    size_t rows = 0;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    walk_type(reader, &reader_charter(reader)->registry_space, AYNI_ROW_FIELD, &walk);
    for (; walk_next(&walk, &key); rows++)
        ck_assert_uint_eq(places_of(&key.record), 1);
    ck_assert_uint_gt(rows, 10);
}

START_TEST(an_id_of_the_registry_is_found)
{
    struct ayni_record grant, other = { { 1, 2, 3 } };

    find_the_registry();
    test_node_reopen(&test_midis, false);
    find_the_registry();
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    find_the_registry();
    grant = test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_READER);
    ck_assert_uint_eq(places_of(&grant), 1);
    ck_assert_uint_eq(places_of(&other), 0);
}
END_TEST

START_TEST(an_id_that_the_registry_and_a_space_hold_is_found_in_both)
{
    struct ayni_record grant =
        test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_READER);
    struct ayni_field surname = { SURNAME_1, TEST_BYTES("\x61x") };
    struct author_change change = { .space = test_visits,
                                    .record = grant,
                                    .type = PERSON,
                                    .fields = &surname,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
              "write");
    ck_assert_uint_eq(places_of(&grant), 2);
}
END_TEST

/* Every prefix of 6 digits or more, with and without hyphens, upper and lower case. */
START_TEST(a_unique_prefix_finds_its_record)
{
    struct record_key key = put_person("visits", "Rojas");
    struct ayni_record found;
    char text[AYNI_RECORD_TEXT_SIZE];
    SCOPED_READER *reader = NULL;

    ayni_record_text(&key.record, text);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (size_t size = 6; size < AYNI_RECORD_TEXT_SIZE; size++) {
        struct ayni_bytes prefix = { (const uint8_t *)text, size };
        test_must(reader_find_prefix(reader, prefix, 0, &found), "prefix");
        ck_assert(ayni_id_equal(&found, &key.record));
    }
    ck_assert_int_eq(
        reader_find_prefix(reader, (struct ayni_bytes){ (const uint8_t *)text, 5 }, 0, &found),
        AYNI_E_TRUNCATED);
    ck_assert_int_eq(reader_find_prefix(reader, TEST_BYTES("zzzzzzzz"), 0, &found),
                     AYNI_E_MALFORMED);
    ck_assert_int_eq(reader_find_prefix(reader, TEST_BYTES("ffffffff"), 0, &found),
                     AYNI_E_NOT_FOUND);
}
END_TEST

static void put_person_of_id(const struct ayni_record *record)
{
    struct ayni_field surname = { SURNAME_1, TEST_BYTES("\x61x") };
    struct author_change change = { .space = test_visits,
                                    .record = *record,
                                    .type = PERSON,
                                    .fields = &surname,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
              "write");
}

START_TEST(a_prefix_of_two_records_is_none_of_them)
{
    struct ayni_record records[] = { { { 1, 2, 3, 4, 5 } }, { { 1, 2, 3, 4, 6 } } };
    struct ayni_record found;
    SCOPED_READER *reader = NULL;

    for (size_t i = 0; i < 2; i++)
        put_person_of_id(&records[i]);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    ck_assert_int_eq(reader_find_prefix(reader, TEST_BYTES("01020304"), 0, &found), AYNI_E_EXISTS);
    test_must(reader_find_prefix(reader, TEST_BYTES("0102030406"), 0, &found), "one of them");
    ck_assert(ayni_id_equal(&found, &records[1]));
}
END_TEST

/* What a field refers to: never one of two. */
START_TEST(a_reference_by_the_prefix_of_two_records_is_refused)
{
    const char *const targets[] = { "child", "person" };
    struct ayni_catalogue_field field = { .targets = targets, .target_count = 2 };
    struct ayni_record first = { { 1, 2, 3, 4, 5 } }, second = { { 1, 2, 3, 4, 6 } }, found;
    struct ayni_value_context values;
    SCOPED_READER *reader = NULL;

    put_person_of_id(&first);
    put_person_of_id(&second);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    values = names_values(reader);
    for (size_t count = 0; count <= 2; count++) {
        field.target_count = count;
        ck_assert_int_eq(
            values.resolve(values.resolve_context, &field, TEST_BYTES("01020304"), &found),
            count == 1 ? AYNI_E_NOT_FOUND : AYNI_E_INVALID);
        ck_assert_int_eq(
            values.resolve(values.resolve_context, &field, TEST_BYTES("0102030405"), &found),
            count == 1 ? AYNI_E_NOT_FOUND : AYNI_OK);
    }
    ck_assert(ayni_id_equal(&found, &first));
}
END_TEST

START_TEST(a_number_names_its_holder)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key found;
    struct complaint complaint = { 0 };
    SCOPED_READER *reader = NULL;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(names_place(reader, "dni:99000001", NULL, &found, &complaint), "dni");
    ck_assert_int_eq(record_key_compare(&found, &key), 0);
    ck_assert_int_eq(names_place(reader, "dni:99000002", NULL, &found, &complaint),
                     AYNI_E_NOT_FOUND);
    ck_assert_ptr_nonnull(complaint.text);
}
END_TEST

/* --- walking --- */

START_TEST(a_walk_goes_on_where_it_was_left)
{
    struct record_key keys[PEOPLE], key;
    SCOPED_READER *reader = NULL;
    size_t count = 0;

    (void)test_node_space(&test_midis, "others", AYNI_CLASS_SENSITIVE);
    for (size_t i = 0; i < PEOPLE; i++)
        (void)put_person(i % 2 == 0 ? "visits" : "others", "Rojas");
    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (size_t at = 0; at < PEOPLE; at++) {
        SCOPED_WALK walk = { 0 };
        walk_type(reader, NULL, PERSON, &walk);
        if (at > 0)
            walk_after(&walk, &keys[at - 1]);
        ck_assert(walk_next(&walk, &keys[at]));
        ck_assert(at == 0 || record_key_compare(&keys[at - 1], &keys[at]) < 0);
    }
    SCOPED_WALK last = { 0 };
    walk_type(reader, NULL, PERSON, &last);
    walk_after(&last, &keys[PEOPLE - 1]);
    ck_assert(!walk_next(&last, &key));
    test_must(last.status, "walk");
    SCOPED_WALK one = { 0 };
    walk_type(reader, &test_visits, PERSON, &one);
    while (walk_next(&one, &key))
        count++;
    ck_assert_uint_eq(count, PEOPLE / 2);
}
END_TEST

/* All that a piece may take: everything, a few of them, or one. */
static const size_t memories[] = { 0, 400, 200, 1 };

START_TEST(rows_are_sorted_by_what_they_show)
{
    static const char *const surnames[] = { "Rojas", "Diaz", "Quispe", "Abad", "Mamani", "Diaz" };
    static const char *const sorted[] = { "Abad", "Diaz", "Diaz", "Mamani", "Quispe", "Rojas" };
    enum { COUNT = 6 };
    const struct sorting_wish wish = { .type = PERSON,
                                       .field = SURNAME_1,
                                       .descending = _i % 2 == 1,
                                       .memory_max = memories[_i / 2] };
    struct record_key keys[COUNT];
    struct sorting *sorting;
    size_t count = 0;
    bool more = true;
    char text[128];

    for (size_t i = 0; i < COUNT; i++)
        (void)put_person("visits", surnames[i]);
    test_must(sorting_new(&test_midis.records, &wish, &sorting), "sort");
    while (more) {
        const struct record_key *key;
        for (size_t i = 0; (key = sorting_key(sorting, i)) != NULL; i++) {
            ck_assert_uint_lt(count, COUNT);
            keys[count++] = *key;
        }
        more = sorting_has_more(sorting);
        if (more)
            test_must(sorting_go_on(sorting), "go on");
    }
    sorting_free(sorting);
    ck_assert_uint_eq(count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        test_shown(&test_midis, &keys[i], SURNAME_1, text);
        ck_assert_str_eq(text, sorted[_i % 2 == 1 ? COUNT - 1 - i : i]);
        for (size_t j = 0; j < i; j++)
            ck_assert_int_ne(record_key_compare(&keys[i], &keys[j]), 0);
    }
}
END_TEST

/* --- as of --- */

static void limit(struct reader *reader, struct ayni_instant as_of, struct reader_limits *limits)
{
    reader_limits_free(limits);
    test_must(reader_limits_find(reader, as_of, limits), "limits");
    reader_limit(reader, limits);
}

START_TEST(as_of_a_time_shows_what_had_arrived_by_then)
{
    SCOPED_LIMITS limits = { 0 };
    struct record_key key = put_person("visits", "Rojas");
    struct ayni_instant then = clock_now();
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    while (clock_now().ms <= then.ms + 1)
        ;
    test_set(&test_midis, &key, "surname_1=Rosas", NULL);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    limit(reader, then, &limits);
    test_must(reader_fold(reader, &key, &state), "fold");
    ck_assert(ayni_bytes_equal(record_state_value(&state, SURNAME_1), TEST_BYTES("\x65Rojas")));
    ck_assert_uint_eq(state.total, 1);
    record_state_free(&state);
    limit(reader, (struct ayni_instant){ 1 }, &limits);
    ck_assert_int_eq(reader_fold(reader, &key, &state), AYNI_E_NOT_FOUND);
}
END_TEST

/* --- the change feed --- */

struct told {
    size_t count;
    size_t stop_at;
    struct change_cursor cursor;
    struct record_key last;
};

static bool tell(void *context, const struct charter *charter, const struct change *change)
{
    struct told *told = context;

    ck_assert_ptr_nonnull(charter->catalogue);
    told->count++;
    told->cursor = change->cursor;
    told->last = change->key;
    return told->count != told->stop_at;
}

START_TEST(the_change_feed_tells_each_change_once)
{
    struct told told = { .stop_at = 2 };
    struct change_cursor cursor;
    struct record_key last;
    char text[CHANGE_CURSOR_TEXT_SIZE];
    bool more;

    test_must(change_cursor_now(&test_midis.records, &cursor), "now");
    for (size_t i = 0; i < 5; i++)
        last = put_person("visits", "Rojas");
    test_must(change_feed_read(&test_midis.records, &cursor, tell, &told, &more), "read");
    ck_assert_uint_eq(told.count, 2);
    change_cursor_text(test_midis.log, &cursor, text);
    test_must(change_cursor_parse(test_midis.log, text, &cursor), "parse");
    test_must(change_feed_read(&test_midis.records, &cursor, tell, &told, &more), "read on");
    ck_assert_uint_eq(told.count, 5);
    ck_assert(!more);
    ck_assert_int_eq(record_key_compare(&told.last, &last), 0);
    test_must(change_feed_read(&test_midis.records, &cursor, tell, &told, &more), "no more");
    ck_assert_uint_eq(told.count, 5);
}
END_TEST

static const char *const bad_cursors[] = {
    "", "abc", "0123abcd", "0123abcd.1", "0123abcd.1.2x", "xyz.1.2", "0123abcd.-1.2",
};

START_TEST(what_is_no_cursor_of_this_log_is_refused)
{
    struct change_cursor cursor;

    ck_assert_int_lt(change_cursor_parse(test_midis.log, bad_cursors[_i], &cursor), 0);
}
END_TEST

/* --- proofs and the audit --- */

START_TEST(a_proof_of_an_entry_holds)
{
    struct record_key key = put_person("visits", "Rojas");
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_proof proof;
    struct ayni_proof_part part;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, &key, &state), "fold");
    test_must(prove_entry(reader, state.versions[0].feed, state.items[0].seq, &bytes), "prove");
    test_must(ayni_proof_decode(ayni_buffer_bytes(&bytes), &proof), "decode");
    test_must(ayni_proof_next(&proof, &part), "verify");
    ck_assert(ayni_id_equal(&part.chain, &state.items[0].chain));
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(prove_entry(reader, state.versions[0].feed, 999, &bytes), AYNI_E_NOT_FOUND);
}
END_TEST

/* In the middle of a run: headers up to the seal go along. */
START_TEST(a_proof_in_the_middle_of_a_run_holds)
{
    SCOPED_READER *reader = NULL;
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_proof proof;
    struct ayni_proof_part part;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (uint64_t seq = 1; prove_entry(reader, 1, seq, &bytes) == AYNI_OK; seq++) {
        test_must(ayni_proof_decode(ayni_buffer_bytes(&bytes), &proof), "decode");
        test_must(ayni_proof_next(&proof, &part), "verify");
        ck_assert_uint_eq(part.seq, seq);
        ayni_buffer_clear(&bytes);
    }
}
END_TEST

struct audited {
    size_t failures;
    enum ayni_status reason;
    uint64_t done, total;
    bool stops; /* after all that was signed has been looked at */
};

static void note_failure(void *context, const struct audit_failure *failure)
{
    struct audited *audited = context;

    audited->failures++;
    audited->reason = failure->reason;
}

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    struct audited *audited = context;

    ck_assert_uint_ge(done, audited->done);
    ck_assert_uint_le(done, total);
    audited->done = done;
    audited->total = total;
    return !audited->stops || done <= total / 2;
}

static struct audited audit(bool full, struct audit_counts *counts)
{
    struct audited audited = { 0 };
    struct audit_listener listener = { &audited, note_failure, go_on };

    test_must(audit_run(&test_midis.records, full, &listener, counts), "audit");
    return audited;
}

START_TEST(what_was_signed_verifies)
{
    struct audit_counts counts;

    (void)put_person("visits", "Rojas");
    struct audited audited = audit(_i == 1, &counts);
    ck_assert_uint_eq(audited.failures, 0);
    ck_assert_uint_eq(audited.done, audited.total);
    ck_assert_uint_eq(audited.total, _i == 1 ? 2 * counts.entries : counts.entries);
    ck_assert_uint_eq(counts.feeds, 2);
    ck_assert_uint_gt(counts.entries, 50);
    ck_assert_uint_gt(counts.seals, 5);
}
END_TEST

/* Also while views/ is looked at. */
START_TEST(a_full_audit_can_be_stopped_in_its_second_half)
{
    struct audited audited = { .stops = true };
    struct audit_listener listener = { &audited, note_failure, go_on };
    struct audit_counts counts;

    ck_assert_int_eq(audit_run(&test_midis.records, true, &listener, &counts), AYNI_E_STOPPED);
    ck_assert_uint_gt(audited.done, audited.total / 2);
}
END_TEST

/* A run that no key of its node has sealed, put into the log behind everybody's back. */
struct forged {
    struct log_job job; /* first */
    struct test_history history;
};

static enum ayni_status put_forged(struct log_job *job, struct log_txn *txn)
{
    struct forged *forged = (struct forged *)job;
    struct test_history *history = &forged->history;
    struct log_feed feed;
    enum ayni_status status = log_txn_feed(txn, &history->feed, &history->descriptor, &feed);

    return status != AYNI_OK ? status
                             : log_txn_append(txn, feed.no, &history->start, &history->run,
                                              history->chains, &history->end, clock_now());
}

START_TEST(a_forged_seal_is_found)
{
    static struct forged forged = { .job = { .run = put_forged } };
    struct audit_counts counts;
    struct audited audited;

    test_history_make(&forged.history, 5, 3, 0);
    forged.history.run.signature.bytes[7] ^= 1;
    test_must(log_writer_run(test_midis.writer, &forged.job), "forge");
    audited = audit(false, &counts);
    ck_assert_uint_eq(audited.failures, 1);
    ck_assert_int_eq(audited.reason, AYNI_E_SIGNATURE);
    ck_assert_uint_eq(counts.failures, 1);
}
END_TEST

/* The first entry but `number`, as a disk has cut it off. */
static void cut_row(uint8_t number, struct damage *damage)
{
    enum { ENTRIES_TABLE = 3 };
    const uint8_t how[] = { ENTRIES_TABLE, number, 1, 1, 0 };

    damage_do(&test_midis.log->lmdb, (struct ayni_bytes){ how, sizeof(how) }, damage);
    ck_assert_uint_eq(damage->count, 1);
}

START_TEST(a_damaged_row_is_named_and_the_rest_checked)
{
    struct damage damage = { 0 };
    struct audit_counts counts;
    struct audited audited;

    (void)put_person("visits", "Rojas");
    cut_row((uint8_t)_i, &damage);
    audited = audit(true, &counts);
    ck_assert_uint_eq(audited.failures, 1);
    ck_assert_uint_eq(counts.feeds, 2);
    damage_undo(&damage);
    ck_assert_uint_eq(audit(true, &counts).failures, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reader");
    TCase *one = tcase_create("one node");

    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_test(one, an_id_is_found_wherever_it_is);
    tcase_add_test(one, an_id_of_the_registry_is_found);
    tcase_add_test(one, an_id_that_the_registry_and_a_space_hold_is_found_in_both);
    tcase_add_test(one, a_unique_prefix_finds_its_record);
    tcase_add_test(one, a_prefix_of_two_records_is_none_of_them);
    tcase_add_test(one, a_reference_by_the_prefix_of_two_records_is_refused);
    tcase_add_test(one, a_number_names_its_holder);
    tcase_add_test(one, a_walk_goes_on_where_it_was_left);
    tcase_add_loop_test(one, rows_are_sorted_by_what_they_show, 0,
                        2 * sizeof(memories) / sizeof(memories[0]));
    tcase_add_test(one, as_of_a_time_shows_what_had_arrived_by_then);
    tcase_add_test(one, the_change_feed_tells_each_change_once);
    tcase_add_loop_test(one, what_is_no_cursor_of_this_log_is_refused, 0,
                        sizeof(bad_cursors) / sizeof(bad_cursors[0]));
    tcase_add_test(one, a_proof_of_an_entry_holds);
    tcase_add_test(one, a_proof_in_the_middle_of_a_run_holds);
    tcase_add_loop_test(one, what_was_signed_verifies, 0, 2);
    tcase_add_test(one, a_full_audit_can_be_stopped_in_its_second_half);
    tcase_add_test(one, a_forged_seal_is_found);
    tcase_add_loop_test(one, a_damaged_row_is_named_and_the_rest_checked, 0, 3);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
