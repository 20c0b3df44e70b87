#include "daemon/bundle/inbox.h"

#include <stdio.h>
#include <unistd.h>

#include "proto/bundle_item.h"
#include "tests/support/federation.h"
#include "tests/support/folder.h"
#include "tests/support/suite.h"
#include "tests/support/volume.h"

static struct test_folder home;
static struct inbox *inbox;
static struct test_keys receiver;
static enum ayni_status accepted;

static void start(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    receiver = test_keys(2);
    accepted = AYNI_OK;
    test_folder_make(&home);
    ck_assert_int_eq(inbox_open(home.path, &inbox), AYNI_OK);
}

static void finish(void)
{
    inbox_close(inbox);
    test_folder_remove(&home);
}

static enum ayni_status accept(void *context, const struct ayni_bundle_volume *volume)
{
    (void)context;
    ck_assert_uint_gt(volume->head.volume, 0);
    return accepted;
}

static enum ayni_status receive(struct ayni_bytes bytes, char name[INBOX_NAME_SIZE])
{
    struct test_memory memory = { bytes, 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct inbox_reader reader = { .node = receiver.node,
                                   .secret = &receiver.secret,
                                   .root = test_root().node,
                                   .accept = accept };

    return inbox_receive(inbox, &source, &reader, name);
}

/* A volume with the items of all types, or with runs of which a bit was changed. */
static void make_volume(struct test_volume *volume, uint32_t number, bool changed)
{
    SCOPED_BUFFER items = { 0 };

    test_items(&items);
    if (changed)
        items.data[items.size - 10] ^= 1;
    test_volume_begin(volume, number);
    test_volume_chunk(volume, ayni_buffer_bytes(&items));
    test_volume_end(volume, 9);
}

static size_t count_kept(void)
{
    SCOPED_BUFFER names = { 0 };

    ck_assert_int_eq(inbox_list(inbox, &names), AYNI_OK);
    return names.size / INBOX_NAME_SIZE;
}

static bool has_partial(void)
{
    char path[512];

    test_folder_path(&home, "bundles/partial", path, sizeof(path));
    return access(path, F_OK) == 0;
}

START_TEST(volumes_are_kept_as_they_came_in_the_order_of_their_numbers)
{
    SCOPED_BUFFER names = { 0 };
    char name[INBOX_NAME_SIZE];

    ck_assert_uint_eq(count_kept(), 0);
    for (uint32_t number = 3; number >= 1; number--) {
        SCOPED_TEST_VOLUME volume = { 0 };
        make_volume(&volume, number, false);
        for (int twice = 0; twice < 2; twice++)
            ck_assert_int_eq(receive(ayni_buffer_bytes(&volume.bytes), name), AYNI_OK);
    }
    ck_assert_int_eq(inbox_list(inbox, &names), AYNI_OK);
    ck_assert_uint_eq(names.size / INBOX_NAME_SIZE, 3);
    for (uint32_t number = 1; number <= 3; number++) {
        SCOPED_BUNDLE_VOLUME volume = { 0 };
        struct ayni_bundle_source source;
        const char *kept = (const char *)names.data + (number - 1) * (size_t)INBOX_NAME_SIZE;
        ck_assert_int_eq(inbox_open_volume(inbox, kept, &source), AYNI_OK);
        ck_assert_int_eq(
            ayni_bundle_volume_begin(&volume, &source, &receiver.node, &receiver.secret), AYNI_OK);
        ck_assert_uint_eq(volume.head.volume, number);
        ck_assert_int_eq(ayni_bundle_volume_next(&volume), AYNI_OK);
        ck_assert_int_eq(ayni_bundle_volume_next(&volume), AYNI_E_NOT_FOUND);
        inbox_close_volume(&source);
        ck_assert_int_eq(inbox_remove(inbox, kept), AYNI_OK);
    }
    ck_assert_uint_eq(count_kept(), 0);
}
END_TEST

START_TEST(what_isnt_whole_or_holds_a_run_that_isnt_sealed_leaves_nothing)
{
    SCOPED_TEST_VOLUME good = { 0 };
    SCOPED_TEST_VOLUME changed = { 0 };
    char name[INBOX_NAME_SIZE];

    make_volume(&good, 1, false);
    make_volume(&changed, 1, true);
    for (size_t size = 0; size < good.bytes.size; size += 37) {
        ck_assert_int_ne(receive((struct ayni_bytes){ good.bytes.data, size }, name), AYNI_OK);
        ck_assert(!has_partial());
    }
    ck_assert_int_eq(receive(ayni_buffer_bytes(&changed.bytes), name), AYNI_E_SIGNATURE);
    good.bytes.data[good.bytes.size / 2] ^= 1;
    ck_assert_int_ne(receive(ayni_buffer_bytes(&good.bytes), name), AYNI_OK);
    ck_assert_uint_eq(count_kept(), 0);
    ck_assert(!has_partial());
}
END_TEST

START_TEST(what_isnt_accepted_isnt_read_on)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    char name[INBOX_NAME_SIZE];

    make_volume(&volume, 1, false);
    accepted = AYNI_E_RIGHT;
    ck_assert_int_eq(receive(ayni_buffer_bytes(&volume.bytes), name), AYNI_E_RIGHT);
    ck_assert_uint_eq(count_kept(), 0);
}
END_TEST

START_TEST(what_a_crash_left_and_what_isnt_ours_is_no_volume)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    char name[INBOX_NAME_SIZE];

    make_volume(&volume, 1, false);
    ck_assert_int_eq(receive(ayni_buffer_bytes(&volume.bytes), name), AYNI_OK);
    test_folder_write(&home, "bundles/partial", "half", 4);
    test_folder_write(&home, "bundles/notes.txt", "mine", 4);
    inbox_close(inbox);
    ck_assert_int_eq(inbox_open(home.path, &inbox), AYNI_OK);
    ck_assert(!has_partial());
    ck_assert_uint_eq(count_kept(), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox");

    TEST_CASE(suite, "volumes", start, finish,
              volumes_are_kept_as_they_came_in_the_order_of_their_numbers,
              what_isnt_whole_or_holds_a_run_that_isnt_sealed_leaves_nothing,
              what_isnt_accepted_isnt_read_on, what_a_crash_left_and_what_isnt_ours_is_no_volume);
    return test_run(suite);
}
