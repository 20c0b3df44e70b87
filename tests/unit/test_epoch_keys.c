#include <stdio.h>
#include <string.h>

#include "daemon/federation/registry_draft.h"
#include "daemon/federation/space_keys.h"
#include "daemon/records/change_feed.h"
#include "daemon/records/epoch_keys.h"
#include "daemon/records/sealed.h"
#include "daemon/records/space_access.h"
#include "tests/support/erasing.h"

/* Confidential spaces between nodes: innova owns one, care writes in it, and care isn't steered. */
enum { SURNAME = 1 };

static struct test_node care;
static struct space_keys *keys; /* innova's */
static struct ayni_space secret;
static struct ayni_record grant;

static void hear(struct test_node *node)
{
    test_node_exchange(&test_innova, node);
    test_node_exchange(&test_midis, node);
}

static void open_three(void)
{
    test_two_open();
    test_node_open(&care, 3);
    test_node_join(&care, &test_midis, "care");
    secret = test_node_space(&test_innova, "secret", AYNI_CLASS_SEALED);
    test_must(space_keys_new(&test_innova.records, &keys), "keys");
    test_must(space_keys_tend(keys), "tend");
    hear(&care);
    grant = test_node_grant(&test_innova, &secret, &care, AYNI_RIGHT_WRITER);
}

static void close_three(void)
{
    space_keys_free(keys);
    test_node_close(&care);
    test_two_close();
}

/* innova's node gives what is due, and care hears of it. */
static void give(void)
{
    test_must(space_keys_tend(keys), "tend");
    hear(&care);
}

static struct record_key put(struct test_node *node, const char *surname)
{
    char text[64];

    snprintf(text, sizeof(text), "surname_1=%s", surname);
    return test_put(node, "secret", "child", "dni=99000001", text, "given_names=Ana",
                    "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
}

static uint64_t sealed_at(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(views_count(reader_views(reader), RECORDS_TABLE_SEALED, &count), "count");
    return count;
}

static size_t epochs_at(struct test_node *node)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    size_t count;

    (void)ayni_registry_epochs(charter->registry, &secret, &count);
    return count;
}

static bool awaits_key(struct test_node *node)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);

    return space_access_awaits_key(charter, &secret);
}

/* The epoch under which a node would write now. */
static struct ayni_epoch newest(struct test_node *node)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    const struct epoch_key *key =
        epoch_keys_newest(charter->epoch_keys, charter->registry, &secret);

    test_require(key != NULL, "a key");
    return key->epoch;
}

/* innova wraps a key by hand, as a program that isn't ours would. */
static void wrap(const struct ayni_epoch *epoch, const struct test_node *for_node,
                 const uint8_t key[32])
{
    SCOPED_CHARTER charter = standing_hold(test_innova.records.standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    test_must(registry_draft_space_key(&draft, &charter->root, &secret, epoch->bytes,
                                       &for_node->keys.node, key),
              "draft");
    test_must(registry_draft_write(&draft, test_innova.records.author, &charter->registry_space,
                                   "aynid", "", AYNI_LANE_CURRENT),
              "wrap");
}

/* An entry of kind 1 with any bytes. */
static void write_raw(struct test_node *node, struct ayni_bytes payload)
{
    test_must(author_write_entry(node->records.author, &secret, AYNI_KIND_VERSION, payload, NULL),
              "raw");
}

START_TEST(who_may_read_gets_the_keys_unasked_and_a_relay_none)
{
    struct record_key child = put(&test_innova, "Vela");
    char text[128];

    hear(&care);
    ck_assert(awaits_key(&care) && !test_is_here(&care, &child));
    give();
    ck_assert(!awaits_key(&care));
    test_shown(&care, &child, SURNAME, text);
    ck_assert_str_eq(text, "Vela");
    test_node_grant(&test_innova, &secret, &test_midis, AYNI_RIGHT_RELAY);
    give();
    test_node_exchange(&test_innova, &test_midis);
    ck_assert(sealed_at(&test_midis) > 0 && !test_is_here(&test_midis, &child));
    ck_assert(!test_log_holds(&test_midis, "Vela") && !test_log_holds(&test_innova, "Vela"));
    ck_assert_uint_eq(epochs_at(&test_innova), 1);
    give();
    ck_assert_uint_eq(epochs_at(&test_innova), 1); /* nothing was due */
}
END_TEST

START_TEST(who_has_a_right_and_no_key_cannot_write_and_is_told_so)
{
    struct edit_assignment pairs[] = { { "dni", "99000001" } };
    struct edit_request request = { .type = "child",
                                    .space = "secret",
                                    .assignments = pairs,
                                    .assignment_count = 1,
                                    .steward = "maria" };
    SCOPED_CHARTER charter = NULL;
    struct complaint complaint = { 0 };
    struct edit_result result;

    hear(&care);
    charter = standing_hold(care.records.standing);
    ck_assert_int_eq(space_access_write(charter, &secret, &complaint), AYNI_E_RIGHT);
    ck_assert_ptr_nonnull(strstr(complaint.text, "key"));
    complaint = (struct complaint){ 0 };
    ck_assert_int_ne(edit_put(&care.records, &request, &result, &complaint), AYNI_OK);
}
END_TEST

START_TEST(who_lost_the_right_has_no_key_of_what_is_written_then)
{
    give();
    struct ayni_epoch first = newest(&care);
    struct record_key child = put(&care, "Vela");
    char text[128];

    hear(&care);
    test_node_ungrant(&test_innova, &grant);
    give();
    ck_assert_uint_eq(epochs_at(&test_innova), 2);
    struct ayni_epoch second = newest(&test_innova);
    ck_assert(!ayni_id_equal(&first, &second));
    test_set(&test_innova, &child, "surname_1=Rojas", NULL);
    hear(&care); /* it gets the bytes all the same, from somebody */
    ck_assert_uint_eq(sealed_at(&care), 1);
    test_shown(&care, &child, SURNAME, text);
    ck_assert_str_eq(text, "Vela");

    /* Once it may read again it reads what was written meanwhile. */
    grant = test_node_grant(&test_innova, &secret, &care, AYNI_RIGHT_WRITER);
    give();
    ck_assert_uint_eq(sealed_at(&care), 0);
    test_shown(&care, &child, SURNAME, text);
    ck_assert_str_eq(text, "Rojas");
    test_same_answers(&test_innova, &care);
    test_same_after_rebuild(&care);
}
END_TEST

START_TEST(what_cannot_be_read_is_not_overwritten_as_if_it_had_been_seen)
{
    const struct ayni_epoch later = { { 77 } };
    const uint8_t key[32] = { 42 };

    give();
    struct record_key child = put(&test_innova, "Vela");
    hear(&care);
    wrap(&later, &test_innova, key); /* and not for care */
    test_set(&test_innova, &child, "surname_1=Rojas", NULL);
    test_set(&test_innova, &child, "given_names=Rosa", NULL);
    hear(&care);
    ck_assert_uint_eq(sealed_at(&care), 2);
    ck_assert(awaits_key(&care));
    test_set(&care, &child, "surname_1=Diaz", NULL);
    hear(&care);
    ck_assert_uint_eq(test_alternatives(&test_innova, &child, SURNAME), 2);
    wrap(&later, &care, key);
    hear(&care);
    ck_assert_uint_eq(test_alternatives(&care, &child, SURNAME), 2);
    test_same_answers(&test_innova, &care);
    test_same_after_rebuild(&care);
}
END_TEST

START_TEST(wrong_keys_open_nothing_and_the_right_one_still_does)
{
    const struct ayni_epoch odd = { { 78 } };
    const uint8_t right[32] = { 1 }, wrong[32] = { 2 };
    struct record_key child;
    char text[128];

    give();
    wrap(&odd, &test_innova, right);
    wrap(&odd, &care, wrong);
    child = put(&test_innova, "Vela");
    hear(&care);
    ck_assert(sealed_at(&care) > 0 && !test_is_here(&care, &child));
    wrap(&odd, &care, right);
    hear(&care);
    ck_assert_uint_eq(sealed_at(&care), 0);
    test_shown(&care, &child, SURNAME, text);
    ck_assert_str_eq(text, "Vela");
    test_same_answers(&test_innova, &care);
}
END_TEST

/* A box is for one node, whatever record it is put into. */
START_TEST(a_box_that_was_copied_elsewhere_opens_nothing)
{
    struct ayni_node root = test_root().node;
    const struct ayni_epoch copied = { { 79 } };
    struct ayni_record record;
    struct ayni_bytes box = { 0 };
    size_t count;

    give();
    {
        SCOPED_CHARTER charter = standing_hold(test_innova.records.standing);
        const struct ayni_wrapped_key *own =
            ayni_registry_wrapped_keys(charter->registry, &test_innova.keys.node, &count);
        for (size_t i = 0; i < count; i++)
            if (own[i].purpose == AYNI_KEY_SPACE)
                box = test_bytes_value(&test_innova, own[i].box.data, own[i].box.size);
    }
    test_must(ayni_registry_wrapped_key_record(&root, AYNI_KEY_SPACE, &secret, copied.bytes,
                                               &care.keys.node, &record),
              "id");
    test_node_register(
        &test_innova, AYNI_TYPE_WRAPPED_KEY, &record,
        (struct test_field[]){
            { AYNI_FIELD_WRAPPED_KEY_PURPOSE, test_text_value(&test_innova, "space") },
            { AYNI_FIELD_WRAPPED_KEY_SPACE, test_id_value(&test_innova, &secret) },
            { AYNI_FIELD_WRAPPED_KEY_EPOCH,
              test_bytes_value(&test_innova, copied.bytes, sizeof(copied.bytes)) },
            { AYNI_FIELD_WRAPPED_KEY_NODE, test_id_value(&test_innova, &care.keys.node) },
            { AYNI_FIELD_WRAPPED_KEY_BOX, box },
            { 0 } });
    hear(&care);
    SCOPED_CHARTER charter = standing_hold(care.records.standing);
    ck_assert_ptr_null(epoch_keys_find(charter->epoch_keys, &secret, &copied));
    ck_assert(awaits_key(&care));
    struct ayni_epoch still = newest(&care);
    ck_assert(!ayni_id_equal(&still, &copied)); /* it writes under what it has */
}
END_TEST

START_TEST(garbage_unknown_epochs_and_what_is_in_clear_harm_nobody)
{
    SCOPED_BUFFER cipher = { 0 }, plain = { 0 };
    struct ayni_version version = { .record = { { 9 } }, .type = 101, .steward = TEST_BYTES("x") };
    const struct ayni_confidential_place place = { secret, { { 1 } }, AYNI_KIND_VERSION };
    const struct ayni_epoch unknown = { { 66 } };
    const uint8_t key[32] = { 3 }, nonce[24] = { 4 };
    struct record_key clear = { secret, 101, { { 9 } } };
    char text[128];

    give();
    struct ayni_epoch known = newest(&care);
    test_must(ayni_confidential_seal(key, &known, &place, nonce, TEST_BYTES("no"), &cipher),
              "seal");
    write_raw(&care, ayni_buffer_bytes(&cipher));
    ayni_buffer_clear(&cipher);
    test_must(ayni_confidential_seal(key, &unknown, &place, nonce, TEST_BYTES("no"), &cipher),
              "seal");
    write_raw(&care, ayni_buffer_bytes(&cipher));
    write_raw(&care, TEST_BYTES("\x83 nothing at all"));
    ayni_version_encode(&version, &plain);
    write_raw(&care, ayni_buffer_bytes(&plain));
    struct record_key child = put(&care, "Vela");
    hear(&care);
    ck_assert_uint_eq(sealed_at(&test_innova), 2);
    ck_assert_uint_eq(test_problems_of(&test_innova, PROBLEM_MALFORMED), 2);
    write_raw(&care, ayni_buffer_bytes(&plain)); /* the same record again */
    hear(&care);
    ck_assert_uint_eq(test_problems_of(&test_innova, PROBLEM_MALFORMED), 3);
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    test_must(reader_begin(&test_innova.records, &reader), "read");
    ck_assert(reader_fold(reader, &clear, &state) != AYNI_OK || state.count == 0);
    test_shown(&test_innova, &child, SURNAME, text);
    ck_assert_str_eq(text, "Vela");
    test_same_answers(&test_innova, &care);
}
END_TEST

START_TEST(an_erasure_reaches_who_cannot_read_and_who_reads_later)
{
    put(&test_innova, "Vela");
    struct record_key child = put(&test_innova, "Zurdokan");

    hear(&care);
    ck_assert(sealed_at(&care) > 0);
    test_erase(&test_innova, &child, NULL);
    hear(&care);
    test_node_settle(&care);
    ck_assert(test_hollow(&care) > 0 && test_unread(&care) == 0);
    give();
    ck_assert_uint_eq(sealed_at(&care), 0);
    ck_assert(!test_is_here(&care, &child));
    test_same_answers(&test_innova, &care);
    test_same_after_rebuild(&care);
}
END_TEST

/* --- the change feed --- */

struct told {
    size_t count, stop_at, keys;
    struct change_cursor cursor;
};

static bool tell(void *context, const struct charter *charter, const struct change *change)
{
    struct told *told = context;

    (void)charter;
    told->keys += change->key.type == AYNI_TYPE_WRAPPED_KEY;
    if (!ayni_id_equal(&change->key.space, &secret))
        return true;
    told->count++;
    told->cursor = change->cursor;
    return told->count != told->stop_at;
}

/* All that there is after the cursor. */
static void follow(struct change_cursor *cursor, struct told *told)
{
    bool more = true;

    while (more)
        test_must(change_feed_read(&care.records, cursor, tell, told, &more), "read");
}

/* Told to who has followed all until then, when the key's turn comes, and before it; who stops in
 * the middle goes on there. */
START_TEST(what_a_late_key_opens_is_told_when_it_opens_it)
{
    struct told told = { 0 }, rest = { 0 }, again = { 0 };
    struct change_cursor cursor, before;
    char text[CHANGE_CURSOR_TEXT_SIZE];

    for (int i = 0; i < 3; i++)
        put(&test_innova, i == 1 ? "Vela" : "Quispe");
    hear(&care);
    test_must(change_cursor_parse(care.log, "0", &cursor), "cursor");
    follow(&cursor, &told);
    ck_assert_uint_eq(told.count, 0);
    told.keys = 0;
    before = cursor;
    give();
    told.stop_at = 2;
    bool more;
    test_must(change_feed_read(&care.records, &cursor, tell, &told, &more), "read");
    ck_assert_uint_eq(told.count, 2);
    ck_assert_uint_eq(told.keys, 0);
    change_cursor_text(care.log, &told.cursor, text);
    test_must(change_cursor_parse(care.log, text, &cursor), "cursor");
    follow(&cursor, &rest);
    ck_assert_uint_eq(rest.count, 2); /* the first had an identifier beside it */
    ck_assert_uint_ge(rest.keys, 1);
    follow(&cursor, &rest);
    ck_assert_uint_eq(rest.count, 2);
    put(&test_innova, "Rojas");
    hear(&care);
    follow(&cursor, &rest);
    ck_assert_uint_eq(rest.count, 3);
    follow(&before, &again);
    ck_assert_uint_eq(again.count, 5);
}
END_TEST

/* Whoever owns the space had its keys before. */
START_TEST(what_was_always_readable_is_told_once)
{
    struct told told = { 0 };
    struct change_cursor cursor;
    bool more = true;

    put(&test_innova, "Vela");
    give();
    test_must(change_cursor_parse(test_innova.log, "0", &cursor), "cursor");
    while (more)
        test_must(change_feed_read(&test_innova.records, &cursor, tell, &told, &more), "read");
    ck_assert_uint_eq(told.count, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("epoch_keys");

    TEST_CASE(
        suite, "keys", open_three, close_three, who_may_read_gets_the_keys_unasked_and_a_relay_none,
        who_has_a_right_and_no_key_cannot_write_and_is_told_so,
        who_lost_the_right_has_no_key_of_what_is_written_then,
        what_cannot_be_read_is_not_overwritten_as_if_it_had_been_seen,
        wrong_keys_open_nothing_and_the_right_one_still_does,
        a_box_that_was_copied_elsewhere_opens_nothing,
        garbage_unknown_epochs_and_what_is_in_clear_harm_nobody,
        an_erasure_reaches_who_cannot_read_and_who_reads_later,
        what_a_late_key_opens_is_told_when_it_opens_it, what_was_always_readable_is_told_once);
    return test_run(suite);
}
