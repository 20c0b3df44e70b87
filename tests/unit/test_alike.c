/*
 * Who is entered is compared with few, whoever is here already: what it costs is counted, in pairs
 * of children and in rows that are looked at, so that it says the same on every machine.
 */
#include "daemon/records/links/alike.h"

#include <stdio.h>

#include "daemon/records/writing/author.h"
#include "tests/support/node_pair.h"

enum { CROWD = 400, WAYS = 4, BIRTH = 19787, FIELDS_MAX = 5, BATCH = 100 };

static struct ayni_record numbered(uint8_t kind, size_t number)
{
    struct ayni_record record = { { kind } };

    ayni_put_u32(record.bytes + 12, (uint32_t)number);
    return record;
}

/* As another program on a member's machine might: nothing is checked. Many are written at once. */
static struct author_change changes[2 * CROWD + 2];
static struct ayni_field values[2 * CROWD + 2][FIELDS_MAX];
static size_t change_count;

static void add(uint32_t type, const struct ayni_record *record, const struct ayni_field *fields,
                size_t count)
{
    struct ayni_field *kept = values[change_count];

    memcpy(kept, fields, count * sizeof(*fields));
    changes[change_count++] = (struct author_change){ .space = test_visits,
                                                      .record = *record,
                                                      .type = type,
                                                      .fields = kept,
                                                      .field_count = count,
                                                      .steward = TEST_BYTES("maria") };
}

static void write_all(void)
{
    for (size_t at = 0; at < change_count; at += BATCH)
        test_must(author_write(test_midis.records.author, &changes[at],
                               change_count - at < BATCH ? change_count - at : BATCH,
                               AYNI_LANE_CURRENT, NULL),
                  "write");
    change_count = 0;
}

static void add_child(size_t number, const char *given_names)
{
    const struct ayni_record child = numbered(1, number);
    const struct ayni_field fields[] = {
        { LIKENESS_CHILD_SURNAME_1, test_text_value(&test_midis, "NN") },
        { LIKENESS_CHILD_GIVEN_NAMES, test_text_value(&test_midis, given_names) },
        { LIKENESS_CHILD_BIRTH_DATE, test_uint_value(&test_midis, BIRTH) },
        { LIKENESS_CHILD_SEX, test_text_value(&test_midis, "f") },
        { LIKENESS_CHILD_UBIGEO, test_text_value(&test_midis, "160101") },
    };

    add(LIKENESS_TYPE_CHILD, &child, fields, sizeof(fields) / sizeof(fields[0]));
}

static void add_link(size_t number, const struct ayni_record *child)
{
    const struct ayni_record link = numbered(2, number), mother = numbered(3, 0);
    const struct ayni_field fields[] = {
        { LIKENESS_LINK_CHILD, test_id_value(&test_midis, child) },
        { LIKENESS_LINK_PERSON, test_id_value(&test_midis, &mother) },
        { LIKENESS_LINK_ROLE, test_text_value(&test_midis, "mother") },
    };

    add(LIKENESS_TYPE_GUARDIAN_LINK, &link, fields, 3);
}

/* --- crowds of `CROWD`, around child 0 --- */

static void all_have_its_name(void)
{
    for (size_t i = 0; i <= CROWD; i++)
        add_child(i, "NN");
}

/* Two letters of one name are others in each. */
static void all_have_a_name_near_its_own(void)
{
    for (size_t i = 0; i <= CROWD; i++) {
        char name[] = "AAAAAAAA";
        name[0] = (char)('A' + i % 20);
        name[1] = (char)('A' + i / 20);
        add_child(i, name);
    }
}

static void all_have_its_mother(void)
{
    for (size_t i = 0; i <= CROWD; i++) {
        const struct ayni_record child = numbered(1, i);
        add_child(i, "NN");
        add_link(i, &child);
    }
}

/* Links that lead to nobody else: none of them fills a place. */
static void its_mother_has_many_links_to_it(void)
{
    const struct ayni_record child = numbered(1, 0);

    add_child(0, "NN");
    for (size_t i = 0; i <= CROWD; i++)
        add_link(i, &child);
}

static const struct {
    void (*add)(void);
    bool finds; /* there is somebody else */
} crowds[] = {
    { all_have_its_name, true },
    { all_have_a_name_near_its_own, true },
    { all_have_its_mother, true },
    { its_mother_has_many_links_to_it, false },
};

static struct likeness_work find_alike(const struct ayni_record *child, struct alike_list *list)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;

    test_must(reader_begin(&test_midis.records, &reader), "reader");
    test_must(likeness_search_new(reader, &likeness_at_entry, &search), "search");
    test_must(alike_find(search, reader, child, list), "find");
    return likeness_search_work(search);
}

START_TEST(who_is_entered_into_a_crowd_is_compared_with_few)
{
    const struct ayni_record child = numbered(1, 0);
    struct alike_list list;

    crowds[_i].add();
    write_all();
    struct likeness_work work = find_alike(&child, &list);
    ck_assert_uint_le(work.compared, WAYS * likeness_at_entry.candidates);
    ck_assert_uint_le(work.rows, WAYS * likeness_at_entry.rows);
    ck_assert(list.crowded);
    ck_assert_uint_eq(list.count, crowds[_i].finds ? ALIKE_MAX : 0);
}
END_TEST

START_TEST(the_same_number_is_found_in_any_crowd)
{
    char holder[64], id[AYNI_RECORD_TEXT_SIZE];
    const struct ayni_record other = numbered(1, CROWD / 2);
    struct alike_list list;

    all_have_its_name();
    write_all();
    struct record_key entered =
        test_put(&test_midis, "visits", "child", "dni=99000011", "surname_1=NN", "given_names=NN",
                 "birth_date=2024-03-05", "sex=f", "ubigeo=160101", "state=active", NULL);
    ayni_record_text(&other, id);
    snprintf(holder, sizeof(holder), "holder=%s", id);
    (void)test_put(&test_midis, "visits", "identifier", holder, "scheme=cui", "value=99000011",
                   "state=valid", NULL);
    (void)find_alike(&entered.record, &list);
    ck_assert_uint_eq(list.count, ALIKE_MAX);
    ck_assert(ayni_id_equal(&list.items[0].record, &other));
    ck_assert_uint_ne(list.items[0].match.reasons & 1U << LIKENESS_SAME_ID, 0);
    ck_assert(list.crowded);
}
END_TEST

START_TEST(few_who_are_alike_are_no_crowd)
{
    const struct ayni_record child = numbered(1, 0);
    struct alike_list list;

    for (size_t i = 0; i < 5; i++)
        add_child(i, "NN");
    write_all();
    struct likeness_work work = find_alike(&child, &list);
    ck_assert_uint_eq(work.compared, 4);
    ck_assert_uint_eq(list.total, 4);
    ck_assert_uint_eq(list.count, ALIKE_MAX);
    ck_assert(!list.crowded);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alike");
    TCase *alike = tcase_create("alike");

    tcase_add_checked_fixture(alike, test_one_open, test_one_close);
    tcase_set_timeout(alike, 60);
    tcase_add_loop_test(alike, who_is_entered_into_a_crowd_is_compared_with_few, 0,
                        sizeof(crowds) / sizeof(crowds[0]));
    tcase_add_test(alike, the_same_number_is_found_in_any_crowd);
    tcase_add_test(alike, few_who_are_alike_are_no_crowd);
    suite_add_tcase(suite, alike);
    return test_run(suite);
}
