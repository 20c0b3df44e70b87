/* What rules see of other records about the same subject while a file is imported. */
#include "daemon/records/import/import.h"

#include <stdio.h>

#include "daemon/records/names.h"
#include "tests/support/import_child.h"
#include "tests/support/node_pair.h"

enum { DAYS = 150, COLUMNS = 4 };

#define MAP                                                                                        \
    "{\"name\":\"m\",\"origin\":\"events\",\"source_id\":\"row\",\"records\":["                    \
    "{\"name\":\"child\",\"type\":\"child\",\"existing\":true,\"identifiers\":{\"dni\":\"dni\"}}," \
    "{\"name\":\"growth\",\"type\":\"growth\",\"main\":true,\"fields\":{"                          \
    "\"subject\":{\"record\":\"child\"},\"date\":\"day\",\"weight_g\":\"weight\","                 \
    "\"source\":{\"constant\":\"his\"},\"source_id\":\"row\"},"                                    \
    "\"rules\":[{\"name\":\"again\",\"level\":\"warn\",\"expression\":\"repeats = 0\","            \
    "\"es\":\"Otra vez\",\"en\":\"Again\"}]}]}"

static const char *const header[COLUMNS] = { "row", "dni", "day", "weight" };
static struct import *import;

static void begin(void)
{
    SCOPED_CHARTER charter = standing_hold(test_midis.records.standing);
    struct complaint complaint = { 0 };
    struct ayni_space space;

    test_must(names_space(charter, "visits", &space, &complaint), "space");
    const struct import_options options = { .records = &test_midis.records,
                                            .space = &space,
                                            .map = ayni_bytes_of_text(MAP),
                                            .header = header,
                                            .header_count = COLUMNS,
                                            .steward = "maria" };
    test_must(import_begin(&options, &import, &complaint), "begin");
}

/* Rows of one child, of days that follow each other; until a reader sees them. */
static void import_days(unsigned row, unsigned first, unsigned count)
{
    static struct ayni_bytes cells[DAYS][COLUMNS];
    static struct import_line lines[DAYS];
    static char texts[DAYS][2][32];

    for (unsigned i = 0; i < count; i++) {
        snprintf(texts[i][0], sizeof(texts[i][0]), "r%u", row + i);
        snprintf(texts[i][1], sizeof(texts[i][1]), "2025-%02u-%02u", 6 + (first + i) / 28,
                 1 + (first + i) % 28);
        cells[i][0] = ayni_bytes_of_text(texts[i][0]);
        cells[i][1] = ayni_bytes_of_text("99000001");
        cells[i][2] = ayni_bytes_of_text(texts[i][1]);
        cells[i][3] = ayni_bytes_of_text("5000");
        lines[i] = (struct import_line){ row + i, cells[i], COLUMNS };
    }
    test_must(import_rows(import, lines, count), "rows");
    test_must(import_finish(import), "finish");
}

static void warned(size_t expected)
{
    size_t count, again = 0;
    const struct import_finding *findings = import_findings(import, &count);

    for (size_t i = 0; i < count; i++)
        again += strcmp(findings[i].reason.code, "again") == 0;
    ck_assert_uint_eq(again, expected);
    ck_assert_uint_eq(import_counts(import)->rejected, 0);
}

/* What earlier rows made is held by then, too, and is one record all the same: else there would
 * seem to be more than rules look at. */
START_TEST(what_a_file_makes_counts_once)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    begin();
    import_days(1, 0, DAYS);
    warned(0);
    import_days(1001, 3, 2);
    warned(2);
    import_end(import);
}
END_TEST

/* Another file of the same origin says something new of some: they are seen with that. */
START_TEST(what_was_held_before_is_seen_with_what_rows_say_of_it)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    begin();
    import_days(1, 0, 5);
    import_end(import);
    begin();
    import_days(3, 20, 1); /* moves the third to another day */
    warned(0);
    import_days(2001, 20, 1);
    warned(1);
    import_days(2002, 2, 1);
    warned(0);
    import_days(2003, 1, 1);
    warned(1);
    import_end(import);
}
END_TEST

/* Of one file the rows of a batch see each other before anything of them is held. */
START_TEST(rows_see_those_before_them)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    begin();
    import_days(1, 0, 3);
    import_days(11, 2, 3);
    warned(1);
    import_end(import);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_neighbours");
    TCase *neighbours = tcase_create("neighbours");

    tcase_add_checked_fixture(neighbours, test_two_open, test_two_close);
    tcase_add_test(neighbours, what_a_file_makes_counts_once);
    tcase_add_test(neighbours, what_was_held_before_is_seen_with_what_rows_say_of_it);
    tcase_add_test(neighbours, rows_see_those_before_them);
    suite_add_tcase(suite, neighbours);
    return test_run(suite);
}
