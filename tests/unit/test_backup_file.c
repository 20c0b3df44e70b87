#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/backup_file.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

/* The form of a backup: what is written comes back, and nothing else is taken. */
enum { ITEMS = 3000, VALUE_MAX = 8000 };

static struct test_folder folder;
static char path[512];
static uint8_t *bytes;
static size_t size;

static struct backup_item make_item(uint64_t number, uint8_t room[VALUE_MAX + 64])
{
    struct test_random random = { number };
    struct backup_item item = { .op = (enum backup_op)(1 + number % 3),
                                .table = (uint8_t)(number % 7) };

    test_random_fill(&random, room, VALUE_MAX + 64);
    item.key = (struct ayni_bytes){ room, 1 + (size_t)test_random_below(&random, 60) };
    if (item.op == BACKUP_PUT)
        item.value =
            (struct ayni_bytes){ room + 64, (size_t)test_random_below(&random, VALUE_MAX) };
    return item;
}

static void write_items(size_t count)
{
    struct backup_writer writer;
    uint8_t room[VALUE_MAX + 64];

    ck_assert_int_eq(backup_writer_open(&writer, path), AYNI_OK);
    for (size_t i = 0; i < count; i++) {
        struct backup_item item = make_item(i, room);
        ck_assert_int_eq(backup_writer_put(&writer, &item), AYNI_OK);
        if (i % 1000 == 500)
            ck_assert_int_eq(backup_writer_sync(&writer), AYNI_OK);
    }
    ck_assert_int_eq(backup_writer_end(&writer), AYNI_OK);
    backup_writer_close(&writer);
}

static void load(void)
{
    FILE *file = fopen(path, "rb");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(size + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, size, file), size);
    fclose(file);
}

/* How reading `length` of the bytes ends, and how many items came before. */
static enum ayni_status read_items(size_t length, size_t *count)
{
    FILE *file = fmemopen(bytes, length, "rb");
    struct backup_reader reader;
    struct backup_item item, wanted;
    uint8_t room[VALUE_MAX + 64];

    ck_assert_ptr_nonnull(file);
    *count = 0;
    enum ayni_status status = backup_reader_begin(&reader, file);
    while (status == AYNI_OK && (status = backup_reader_next_block(&reader)) == AYNI_OK)
        for (size_t position = 0; backup_reader_item(&reader, &position, &item); (*count)++) {
            wanted = make_item(*count, room);
            ck_assert_int_eq(item.op, wanted.op);
            ck_assert_uint_eq(item.table, wanted.table);
            ck_assert(ayni_bytes_equal(item.key, wanted.key));
            ck_assert(ayni_bytes_equal(item.value, wanted.value));
        }
    backup_reader_end(&reader);
    fclose(file);
    return status;
}

static void setup(void)
{
    test_folder_make(&folder);
    test_folder_path(&folder, "backup", path, sizeof(path));
}

static void teardown(void)
{
    free(bytes);
    test_folder_remove(&folder);
}

START_TEST(what_is_written_comes_back)
{
    size_t counts[] = { 0, 1, ITEMS }, count;

    write_items(counts[_i]);
    load();
    ck_assert_int_eq(read_items(size, &count), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(count, counts[_i]);
}
END_TEST

START_TEST(a_file_that_is_there_is_not_written_over)
{
    struct backup_writer writer;

    test_folder_write(&folder, "backup", "precious", 8);
    ck_assert_int_eq(backup_writer_open(&writer, path), AYNI_E_EXISTS);
    load();
    ck_assert_uint_eq(size, 8);
}
END_TEST

START_TEST(no_proper_prefix_is_whole)
{
    size_t count;

    write_items(6);
    load();
    for (size_t length = 1; length < size; length++) {
        enum ayni_status status = read_items(length, &count);
        ck_assert_msg(status == AYNI_E_TRUNCATED || (length < 14 && status == AYNI_E_VERSION),
                      "%zu of %zu: %s", length, size, ayni_status_name(status));
    }
}
END_TEST

/* A bit anywhere: read to the end, it never counts as whole. */
START_TEST(a_flipped_bit_is_noticed)
{
    FILE *file;
    struct backup_reader reader;

    write_items(5);
    load();
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= (uint8_t)(1 << at % 8);
        file = fmemopen(bytes, size, "rb");
        enum ayni_status status = backup_reader_begin(&reader, file);
        while (status == AYNI_OK)
            status = backup_reader_next_block(&reader);
        ck_assert_msg(status == AYNI_E_MALFORMED || status == AYNI_E_TRUNCATED ||
                          status == AYNI_E_VERSION,
                      "byte %zu: %s", at, ayni_status_name(status));
        backup_reader_end(&reader);
        fclose(file);
        bytes[at] ^= (uint8_t)(1 << at % 8);
    }
}
END_TEST

START_TEST(what_follows_the_end_is_noticed)
{
    size_t count;

    write_items(5);
    load();
    bytes[size++] = 0;
    ck_assert_int_eq(read_items(size, &count), AYNI_E_MALFORMED);
}
END_TEST

/* Sizes that are lies, and blocks that are no frames or hold no items. */
START_TEST(nonsense_is_refused)
{
    static const char magic[] = "ayni-backup-1\n";
    struct test_random random = { (uint64_t)_i };
    size_t count;

    size = 14 + (size_t)test_random_below(&random, 200);
    bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    test_random_fill(&random, bytes, size);
    memcpy(bytes, magic, 14);
    if (size > 18 && _i % 2 == 0)
        ayni_put_u32(bytes + 14, (uint32_t)(size - 18));
    enum ayni_status status = read_items(size, &count);
    ck_assert(status == AYNI_E_MALFORMED || status == AYNI_E_TRUNCATED);
    ck_assert_uint_eq(count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("backup_file");
    TCase *core = tcase_create("core");

    tcase_set_timeout(core, 60);
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_loop_test(core, what_is_written_comes_back, 0, 3);
    tcase_add_test(core, a_file_that_is_there_is_not_written_over);
    tcase_add_test(core, no_proper_prefix_is_whole);
    tcase_add_test(core, a_flipped_bit_is_noticed);
    tcase_add_test(core, what_follows_the_end_is_noticed);
    tcase_add_loop_test(core, nonsense_is_refused, 0, 200);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
