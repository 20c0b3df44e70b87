#include "daemon/records/catalogue_file.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct catalogue_file file;
static const uint8_t root_key[32] = { 7 };

static void read_first_edition(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];
    enum ayni_status status =
        catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error);

    ck_assert_msg(status == AYNI_OK, "%s", error);
}

static void free_file(void)
{
    catalogue_file_free(&file);
}

START_TEST(the_first_edition_is_one)
{
    ck_assert_str_eq(file.edition, "ecd_1");
    ck_assert_uint_eq(file.catalogue->type_count, 93);
    ck_assert_uint_eq(file.record_count, 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue_file");
    TCase *edition = tcase_create("edition");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(edition, read_first_edition, free_file);
    tcase_add_test(edition, the_first_edition_is_one);
    suite_add_tcase(suite, edition);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
