#include "proto/child_list.h"

#include "proto/cbor.h"
#include "tests/support/suite.h"

/* The encoding of the texts given, as values of fields 1, 2, ...; a NULL is null. */
struct fields {
    struct ayni_buffer values[3];
    struct ayni_field list[3];
    struct ayni_shown shown;
};

static void fill(struct fields *fields, const char *first, const char *second)
{
    const char *texts[] = { first, second };

    *fields = (struct fields){ .shown = { fields->list, 2 } };
    for (size_t i = 0; i < 2; i++) {
        if (texts[i] == NULL)
            ayni_cbor_put_null(&fields->values[i]);
        else
            ayni_cbor_put_string(&fields->values[i], texts[i]);
        fields->list[i] =
            (struct ayni_field){ (uint32_t)i + 1, ayni_buffer_bytes(&fields->values[i]) };
    }
}

static struct ayni_listed listed_of(uint8_t number, const char *first, const char *second)
{
    struct ayni_listed listed = { .id = { { number } } };
    struct fields fields;

    fill(&fields, first, second);
    ck_assert_int_eq(ayni_listed_digest(101, &fields.shown, 1, listed.digest), AYNI_OK);
    for (size_t i = 0; i < 2; i++)
        ayni_buffer_free(&fields.values[i]);
    return listed;
}

static bool same_digest(const struct ayni_listed *a, const struct ayni_listed *b)
{
    return memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}

static struct ayni_hash root_of(const char *place, int64_t month, const struct ayni_listed *list,
                                size_t count)
{
    struct ayni_hash root;

    ck_assert_int_eq(ayni_list_root("children", place, month, list, count, &root), AYNI_OK);
    return root;
}

START_TEST(a_digest_is_of_what_is_shown_and_of_nothing_else)
{
    struct ayni_listed one = listed_of(1, "Vela", NULL), same = listed_of(2, "Vela", NULL);
    struct ayni_listed more = listed_of(1, "Vela", "Ana"), other = listed_of(1, "Rios", NULL);
    struct ayni_listed moved = listed_of(1, NULL, "Vela");

    ck_assert(same_digest(&one, &same));
    ck_assert(!same_digest(&one, &more));
    ck_assert(!same_digest(&one, &other));
    ck_assert(!same_digest(&one, &moved));
}
END_TEST

/* A value that was cleared, and a field that never had one, are the same. */
START_TEST(null_is_absent)
{
    struct ayni_listed cleared = listed_of(1, "Vela", NULL), never;
    struct fields fields;

    fill(&fields, "Vela", NULL);
    fields.shown.count = 1;
    ck_assert_int_eq(ayni_listed_digest(101, &fields.shown, 1, never.digest), AYNI_OK);
    ck_assert(same_digest(&cleared, &never));
    for (size_t i = 0; i < 2; i++)
        ayni_buffer_free(&fields.values[i]);
}
END_TEST

START_TEST(type_and_number_of_records_count)
{
    uint8_t child[16], person[16], twice[16];
    struct fields fields;

    fill(&fields, "Vela", "Ana");
    const struct ayni_shown both[] = { fields.shown, fields.shown };
    ck_assert_int_eq(ayni_listed_digest(101, both, 1, child), AYNI_OK);
    ck_assert_int_eq(ayni_listed_digest(103, both, 1, person), AYNI_OK);
    ck_assert_int_eq(ayni_listed_digest(101, both, 2, twice), AYNI_OK);
    ck_assert_mem_ne(child, person, 16);
    ck_assert_mem_ne(child, twice, 16);
    for (size_t i = 0; i < 2; i++)
        ayni_buffer_free(&fields.values[i]);
}
END_TEST

START_TEST(the_hash_is_of_place_month_order_and_each_child)
{
    const struct ayni_listed list[] = { listed_of(1, "Vela", NULL), listed_of(2, "Rios", NULL) };
    const struct ayni_listed turned[] = { list[1], list[0] };
    const struct ayni_listed edited[] = { list[0], listed_of(2, "Rios", "Ana") };
    struct ayni_hash root = root_of("160301", 20697, list, 2);
    const struct ayni_hash others[] = {
        root_of("160302", 20697, list, 2),   root_of("160301", 20727, list, 2),
        root_of("160301", 20697, turned, 2), root_of("160301", 20697, edited, 2),
        root_of("160301", 20697, list, 1),   root_of("160301", 20697, NULL, 0),
    };

    ck_assert(ayni_id_equal(&root, &(struct ayni_hash){ 0 }) == false);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        ck_assert(!ayni_id_equal(&root, &others[i]));
    struct ayni_hash again = root_of("160301", 20697, list, 2);
    ck_assert(ayni_id_equal(&root, &again));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("child_list");
    TCase *lists = tcase_create("lists");

    tcase_add_test(lists, a_digest_is_of_what_is_shown_and_of_nothing_else);
    tcase_add_test(lists, null_is_absent);
    tcase_add_test(lists, type_and_number_of_records_count);
    tcase_add_test(lists, the_hash_is_of_place_month_order_and_each_child);
    suite_add_tcase(suite, lists);
    return test_run(suite);
}
