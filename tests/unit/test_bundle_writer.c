#include "daemon/bundle/bundle_writer.h"

#include <stdlib.h>

#include "proto/bundle_item.h"
#include "proto/bundle_volume.h"
#include "proto/limits.h"
#include "tests/support/federation.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tests/support/volume.h"

/* What the writer gave, volume by volume. */
enum { VOLUMES_MAX = 32 };
static struct ayni_buffer volumes[VOLUMES_MAX];
static enum ayni_status sink_status;

static void start(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sink_status = AYNI_OK;
}

static void finish(void)
{
    for (size_t i = 0; i < VOLUMES_MAX; i++)
        ayni_buffer_free(&volumes[i]);
}

static enum ayni_status write_bytes(void *context, uint32_t volume, struct ayni_bytes bytes)
{
    (void)context;
    ck_assert(volume >= 1 && volume <= VOLUMES_MAX);
    ayni_buffer_append(&volumes[volume - 1], bytes.data, bytes.size);
    return sink_status;
}

static struct bundle_writer *open_writer(uint64_t volume_size)
{
    static struct test_keys sender;
    struct bundle_writer *writer;

    sender = test_keys(1);
    struct bundle_writer_options options = {
        .head = { .root = test_root().node,
                  .sender = sender.node,
                  .receiver = test_keys(2).node,
                  .time = { 1795317165678 } },
        .secret = &sender.secret,
        .volume_size = volume_size,
        .contents = TEST_BYTES("\x83\x00\x07\x80"),
        .sink = { NULL, write_bytes },
    };
    ck_assert_int_eq(bundle_writer_new(&options, &writer), AYNI_OK);
    return writer;
}

/* An item of type 42 with `size` bytes that can't be packed. */
static void make_item(size_t size, struct test_random *random, struct ayni_buffer *item)
{
    SCOPED_BUFFER bytes = { 0 };
    uint8_t *room = ayni_buffer_extend(&bytes, size);

    ck_assert_ptr_nonnull(room);
    for (size_t i = 0; i < size; i++)
        room[i] = (uint8_t)test_random_below(random, 256);
    ayni_buffer_clear(item);
    ayni_cbor_put_array(item, 2);
    ayni_cbor_put_uint(item, 42);
    ayni_cbor_put_bytes(item, ayni_buffer_bytes(&bytes));
}

/* Volume `number` of `count` verifies, begins with the contents, and holds so many items besides.
 */
static size_t read_volume(uint32_t number, uint32_t count)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { ayni_buffer_bytes(&volumes[number - 1]), 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys receiver = test_keys(2);
    struct ayni_bundle_item item;
    size_t items = 0, used;

    ck_assert_int_eq(ayni_bundle_volume_begin(&volume, &source, &receiver.node, &receiver.secret),
                     AYNI_OK);
    ck_assert_uint_eq(volume.head.volume, number);
    enum ayni_status status;
    while ((status = ayni_bundle_volume_next(&volume)) == AYNI_OK) {
        struct ayni_bytes rest = ayni_buffer_bytes(&volume.plain);
        for (; rest.size > 0; items++) {
            ck_assert_int_eq(ayni_bundle_item_read(rest, &used, &item), AYNI_OK);
            ck_assert_int_eq((int)item.type, items == 0 ? AYNI_BUNDLE_CONTENTS : AYNI_BUNDLE_OTHER);
            rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
        }
    }
    ck_assert_int_eq(status, AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(volume.volumes, count);
    ck_assert_uint_eq(memory.position, memory.bytes.size);
    return items - 1;
}

START_TEST(a_bundle_of_nothing_is_one_volume_with_its_contents)
{
    struct bundle_writer *writer = open_writer(0);
    uint32_t count;
    uint64_t size;

    ck_assert_int_eq(bundle_writer_end(writer, &count, &size), AYNI_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(size, volumes[0].size);
    ck_assert_uint_eq(read_volume(1, 1), 0);
    bundle_writer_free(writer);
}
END_TEST

/* Items of all sizes that there are, at the least size of volumes. */
START_TEST(volumes_keep_to_their_size_and_nothing_is_lost)
{
    struct test_random random = { (uint64_t)_i + 1 };
    struct bundle_writer *writer = open_writer(AYNI_BUNDLE_VOLUME_SIZE_MIN);
    SCOPED_BUFFER item = { 0 };
    uint32_t count;
    uint64_t size, sum = 0;
    size_t items = 0;

    for (int i = 0; i < 40; i++) {
        make_item(1 + test_random_below(&random, 70 * 1024), &random, &item);
        ck_assert_int_eq(bundle_writer_put(writer, ayni_buffer_bytes(&item)), AYNI_OK);
    }
    ck_assert_int_eq(bundle_writer_end(writer, &count, &size), AYNI_OK);
    ck_assert_uint_gt(count, 2);
    for (uint32_t volume = 1; volume <= count; volume++) {
        ck_assert_uint_le(volumes[volume - 1].size, AYNI_BUNDLE_VOLUME_SIZE_MIN);
        sum += volumes[volume - 1].size;
        items += read_volume(volume, count);
    }
    ck_assert_uint_eq(items, 40);
    ck_assert_uint_eq(sum, size);
    bundle_writer_free(writer);
}
END_TEST

START_TEST(the_largest_items_go_into_one_volume_of_any_size)
{
    struct test_random random = { 5 };
    struct bundle_writer *writer = open_writer(0);
    SCOPED_BUFFER item = { 0 };
    uint32_t count;
    uint64_t size;

    for (int i = 0; i < 6; i++) {
        make_item(AYNI_BATCH_SIZE_MAX, &random, &item);
        ck_assert_int_eq(bundle_writer_put(writer, ayni_buffer_bytes(&item)), AYNI_OK);
    }
    ck_assert_int_eq(bundle_writer_end(writer, &count, &size), AYNI_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(read_volume(1, 1), 6);
    bundle_writer_free(writer);
}
END_TEST

START_TEST(a_sink_that_fails_ends_it)
{
    struct test_random random = { 6 };
    struct bundle_writer *writer = open_writer(0);
    SCOPED_BUFFER item = { 0 };

    sink_status = AYNI_E_FULL;
    make_item(AYNI_BATCH_SIZE_MAX, &random, &item);
    ck_assert_int_eq(bundle_writer_put(writer, ayni_buffer_bytes(&item)), AYNI_E_FULL);
    bundle_writer_free(writer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle_writer");
    TCase *seeds = tcase_create("by seed");

    TEST_CASE(suite, "volumes", start, finish, a_bundle_of_nothing_is_one_volume_with_its_contents,
              the_largest_items_go_into_one_volume_of_any_size, a_sink_that_fails_ends_it);
    tcase_add_checked_fixture(seeds, start, finish);
    tcase_add_loop_test(seeds, volumes_keep_to_their_size_and_nothing_is_lost, 0, 5);
    suite_add_tcase(suite, seeds);
    return test_run(suite);
}
