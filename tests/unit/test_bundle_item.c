#include "proto/bundle_item.h"

#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"
#include "tests/support/volume.h"

static struct ayni_buffer items;

static void make_items(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_items(&items);
}

static void free_items(void)
{
    ayni_buffer_free(&items);
}

static enum ayni_status read_one(struct ayni_bytes bytes, struct ayni_bundle_item *item)
{
    size_t used = 0;
    enum ayni_status status = ayni_bundle_item_read(bytes, &used, item);

    if (status == AYNI_OK)
        ck_assert_uint_eq(used, bytes.size);
    return status;
}

START_TEST(items_read_back_as_they_were_put)
{
    struct ayni_bytes rest = ayni_buffer_bytes(&items);
    struct ayni_bundle_item item[3];
    struct ayni_bundle_space space;
    struct ayni_listed_head head;
    struct test_history history;
    struct test_keys root = test_root();
    struct ayni_head end;
    size_t used, position = 0;

    test_history_make(&history, 1, 3, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ayni_bundle_item_read(rest, &used, &item[i]), AYNI_OK);
        ck_assert_int_eq((int)item[i].type, i);
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    ck_assert_uint_eq(rest.size, 0);
    ck_assert_uint_eq(item[0].contents.entries, 3);
    ck_assert(ayni_bundle_contents_next(&item[0].contents, &position, &space));
    ck_assert(space.space.bytes[0] == 1 && space.entries == 3);
    ck_assert(ayni_bundle_contents_next(&item[0].contents, &position, &space));
    ck_assert(!ayni_bundle_contents_next(&item[0].contents, &position, &space));
    position = 0;
    ck_assert(ayni_bundle_heads_next(&item[1].heads, &position, &head));
    ck_assert_uint_eq(head.seq, 3);
    ck_assert(!ayni_bundle_heads_next(&item[1].heads, &position, &head));
    ck_assert(ayni_id_equal(&item[2].runs.feed, &history.feed));
    ck_assert_int_eq(ayni_bundle_runs_verify(&root.node, &item[2].runs, &end), AYNI_OK);
    ck_assert(end.seq == 3 && ayni_id_equal(&end.chain, &history.end.chain));
}
END_TEST

START_TEST(what_a_newer_version_adds_is_passed_over)
{
    const struct ayni_bytes newer[] = {
        TEST_BYTES("\x83\x18\x2a\x40\x80"),  /* an item of type 42 */
        TEST_BYTES("\x84\x00\x07\x80\x61x"), /* contents with an element more */
        TEST_BYTES("\x83\x01\x80\xf6"),      /* heads likewise */
    };
    struct ayni_bundle_item item;

    ck_assert_int_eq(read_one(newer[_i], &item), AYNI_OK);
    ck_assert_int_eq((int)item.type, _i == 0 ? AYNI_BUNDLE_OTHER : _i - 1);
}
END_TEST

START_TEST(items_of_another_form_are_malformed)
{
    const struct ayni_bytes bad[] = {
        TEST_BYTES(""),
        TEST_BYTES("\x80"),                 /* no type */
        TEST_BYTES("\x81\x40"),             /* a type that is no number */
        TEST_BYTES("\x81\x00"),             /* contents without anything */
        TEST_BYTES("\x83\x00\x07\x81\x01"), /* half a pair */
        TEST_BYTES("\x82\x01\x81\x40"),     /* a third of a head */
        TEST_BYTES("\x86\x02\x40\x80\x00\x40\x40"),
        TEST_BYTES("\x9f\x03\xff"), /* of no definite length */
    };
    struct ayni_bundle_item item;

    ck_assert_int_eq(read_one(bad[_i], &item), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(spaces_ascend_and_a_head_has_a_seq)
{
    struct ayni_bundle_space spaces[2] = { { { { 2 } }, 1 }, { { { 1 } }, 1 } };
    struct ayni_listed_head head = { .seq = 0 };
    struct ayni_bundle_item item;
    SCOPED_BUFFER descending = { 0 };
    SCOPED_BUFFER twice = { 0 };
    SCOPED_BUFFER without = { 0 };

    ayni_bundle_contents_put(2, spaces, 2, &descending);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&descending), &item), AYNI_E_MALFORMED);
    spaces[1] = spaces[0];
    ayni_bundle_contents_put(2, spaces, 2, &twice);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&twice), &item), AYNI_E_MALFORMED);
    ayni_bundle_heads_put(&head, 1, &without);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&without), &item), AYNI_E_MALFORMED);
}
END_TEST

/* As many as there may be, and one more. */
START_TEST(lists_have_a_maximum)
{
    size_t spaces_count = AYNI_BUNDLE_SPACES_MAX + (size_t)_i;
    size_t heads_count = AYNI_BUNDLE_HEADS_MAX + (size_t)_i;
    struct ayni_bundle_space *spaces = calloc(spaces_count, sizeof(*spaces));
    struct ayni_listed_head *heads = calloc(heads_count, sizeof(*heads));
    enum ayni_status expected = _i == 0 ? AYNI_OK : AYNI_E_LIMIT;
    struct ayni_bundle_item item;
    SCOPED_BUFFER contents = { 0 };
    SCOPED_BUFFER list = { 0 };

    ck_assert(spaces != NULL && heads != NULL);
    for (size_t i = 0; i < spaces_count; i++)
        ayni_put_u32(spaces[i].space.bytes, (uint32_t)i);
    for (size_t i = 0; i < heads_count; i++)
        heads[i].seq = 1;
    ayni_bundle_contents_put(1, spaces, spaces_count, &contents);
    ayni_bundle_heads_put(heads, heads_count, &list);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&contents), &item), expected);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&list), &item), expected);
    free(spaces);
    free(heads);
}
END_TEST

START_TEST(runs_have_a_maximum)
{
    struct test_history history;
    struct ayni_bundle_item item;
    SCOPED_BUFFER runs = { 0 };
    SCOPED_BUFFER bytes = { 0 };
    size_t size = AYNI_BATCH_SIZE_MAX + (size_t)_i;

    test_history_make(&history, 1, 1, 0);
    ck_assert_ptr_nonnull(memset(ayni_buffer_extend(&bytes, size), 0, size));
    struct ayni_bundle_runs put = { history.feed, history.descriptor, history.start,
                                    ayni_buffer_bytes(&bytes) };
    ayni_bundle_runs_put(&put, &runs);
    ck_assert_int_eq(read_one(ayni_buffer_bytes(&runs), &item), _i == 0 ? AYNI_OK : AYNI_E_LIMIT);
}
END_TEST

/* --- runs --- */

static enum ayni_status verify(void *context, struct ayni_bytes bytes)
{
    struct ayni_bundle_runs runs = *(struct ayni_bundle_runs *)context;
    struct test_keys root = test_root();
    struct ayni_head end;

    runs.runs = bytes;
    return ayni_bundle_runs_verify(&root.node, &runs, &end);
}

START_TEST(every_bit_of_runs_and_where_they_begin_count)
{
    struct test_history history;
    struct ayni_bundle_runs runs;
    SCOPED_BUFFER bytes = { 0 };

    test_history_make(&history, 1, 2, 0);
    ayni_run_encode(&history.run, &bytes);
    runs = (struct ayni_bundle_runs){ history.feed, history.descriptor, history.start,
                                      ayni_buffer_bytes(&bytes) };
    ck_assert_int_eq(verify(&runs, runs.runs), AYNI_OK);
    test_wrong_sizes_are_refused(verify, &runs, runs.runs);
    test_bit_flips_are_refused(verify, &runs, runs.runs);
    runs.from.chain.bytes[31] ^= 1;
    ck_assert_int_eq(verify(&runs, runs.runs), AYNI_E_SIGNATURE);
    runs.from.chain.bytes[31] ^= 1;
    runs.from.seq = UINT64_MAX - 1;
    ck_assert_int_eq(verify(&runs, runs.runs), AYNI_E_LIMIT);
    runs.from.seq = 0;
    runs.descriptor.incarnation.bytes[0] ^= 1;
    ck_assert_int_eq(verify(&runs, runs.runs), AYNI_E_SIGNATURE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle_item");
    TCase *tables = tcase_create("tables and bounds");

    TEST_CASE(suite, "items", make_items, free_items, items_read_back_as_they_were_put,
              spaces_ascend_and_a_head_has_a_seq, every_bit_of_runs_and_where_they_begin_count);
    tcase_add_checked_fixture(tables, make_items, free_items);
    tcase_add_loop_test(tables, what_a_newer_version_adds_is_passed_over, 0, 3);
    tcase_add_loop_test(tables, items_of_another_form_are_malformed, 0, 8);
    tcase_add_loop_test(tables, lists_have_a_maximum, 0, 2);
    tcase_add_loop_test(tables, runs_have_a_maximum, 0, 2);
    suite_add_tcase(suite, tables);
    return test_run(suite);
}
