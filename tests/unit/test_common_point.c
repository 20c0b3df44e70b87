/* Where those who say different things of a field last agreed. */
#include <stdio.h>

#include "daemon/records/common_point.h"
#include "proto/cbor.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1 };

static struct record_key child;

static void open_child(void)
{
    test_two_open();
    child = test_put_child(&test_midis, "99000001", "Rojas");
}

/* The surname that both had seen; empty where there is none. */
static void agreed(struct test_node *node, char text[128])
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct common_point point;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, &child, &state), "fold");
    const struct ayni_folded_field *field = ayni_folded_field(&state.folded, SURNAME_1);
    ck_assert(field->contested);
    test_must(common_point_find(reader, &state, field, &point), "find");
    text[0] = '\0';
    if (point.item == NULL)
        return;
    struct ayni_cbor_reader value = ayni_cbor_reader(point.value);
    struct ayni_bytes read = ayni_cbor_read_text(&value);
    snprintf(text, 128, "%.*s", (int)read.size, (const char *)read.data);
    ck_assert(point.item->valid);
}

START_TEST(it_is_the_newest_that_both_replaced)
{
    char text[128];

    test_later();
    test_set(&test_midis, &child, "surname_1=Quispe", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_later();
    test_set(&test_midis, &child, "surname_1=Rios", NULL);
    test_later();
    test_set(&test_midis, &child, "surname_1=Rivas", NULL);
    test_set(&test_innova, &child, "surname_1=Ruiz", NULL);
    test_node_exchange(&test_midis, &test_innova);
    for (size_t i = 0; i < 2; i++) {
        agreed(i == 0 ? &test_midis : &test_innova, text);
        ck_assert_str_eq(text, "Quispe");
    }
}
END_TEST

/* Whose values of the surname came since then, in order, "-" before what was taken back. */
static void said_since(struct test_node *node, char text[128])
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct common_point point;
    struct common_since since;
    size_t used = 0;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, &child, &state), "fold");
    const struct ayni_folded_field *field = ayni_folded_field(&state.folded, SURNAME_1);
    test_must(common_point_find(reader, &state, field, &point), "find");
    test_must(common_since_find(reader, &state, field, &point, &since), "since");
    for (size_t i = 0; i < since.count; i++) {
        struct ayni_cbor_reader value = ayni_cbor_reader(since.values[i]);
        struct ayni_bytes read = ayni_cbor_read_text(&value);
        used += (size_t)snprintf(text + used, 128 - used, "%s%.*s ", since.withdrawn[i] ? "-" : "",
                                 (int)read.size, (const char *)read.data);
    }
}

START_TEST(what_came_since_is_all_that_it_had_not_seen)
{
    char text[128];

    test_later();
    test_set(&test_midis, &child, "surname_1=Quispe", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_later();
    test_set(&test_midis, &child, "surname_1=Rios", NULL);
    test_later();
    test_set(&test_innova, &child, "surname_1=Ruiz", NULL);
    test_later();
    test_set(&test_midis, &child, "surname_1=Rivas", NULL);
    test_set(&test_midis, &child, "given_names=Eva", NULL);
    test_node_exchange(&test_midis, &test_innova);
    for (size_t i = 0; i < 2; i++) {
        said_since(i == 0 ? &test_midis : &test_innova, text);
        ck_assert_str_eq(text, "Rios Ruiz Rivas ");
    }
}
END_TEST

START_TEST(of_too_much_the_last_is_kept)
{
    char text[128];

    (void)test_put_child(&test_innova, "99000001", "Rosas");
    test_node_exchange(&test_midis, &test_innova);
    said_since(&test_midis, text);
    ck_assert_uint_eq(strlen(text), strlen("Rojas Rosas "));
    for (int i = 0; i < COMMON_SINCE_MAX; i++)
        test_set(&test_midis, &child, i % 2 == 0 ? "surname_1=A" : "surname_1=B", NULL);
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct common_point nowhere = { .item = NULL };
    struct common_since since;
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, &child, &state), "fold");
    const struct ayni_folded_field *field = ayni_folded_field(&state.folded, SURNAME_1);
    test_must(common_since_find(reader, &state, field, &nowhere, &since), "since");
    ck_assert_uint_eq(since.count, COMMON_SINCE_MAX);
    ck_assert_ptr_eq(since.items[COMMON_SINCE_MAX - 1], &state.items[state.count - 1]);
}
END_TEST

START_TEST(who_never_met_never_agreed)
{
    char text[128];

    (void)test_put_child(&test_innova, "99000001", "Rosas");
    test_node_exchange(&test_midis, &test_innova);
    agreed(&test_midis, text);
    ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("common_point");
    TCase *two = tcase_create("two");

    tcase_add_checked_fixture(two, open_child, test_two_close);
    tcase_add_test(two, it_is_the_newest_that_both_replaced);
    tcase_add_test(two, what_came_since_is_all_that_it_had_not_seen);
    tcase_add_test(two, of_too_much_the_last_is_kept);
    tcase_add_test(two, who_never_met_never_agreed);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
