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
    tcase_add_test(two, who_never_met_never_agreed);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
