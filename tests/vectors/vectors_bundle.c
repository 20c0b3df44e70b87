#include "proto/bundle_item.h"

#include "tests/support/federation.h"
#include "tests/support/volume.h"
#include "tests/vectors/vector.h"

static void put_reader(json_t *made)
{
    struct test_keys receiver = test_keys(2);

    vector_put_hex(made, "seed", (struct ayni_bytes){ receiver.secret.bytes, 32 });
}

/* What is in the items of tests/support/volume.h. */
static void put_items(json_t *made)
{
    struct test_history history;
    json_t *runs = vector_put_object(made, "runs");

    test_history_make(&history, 1, 3, 0);
    vector_put_number(made, "entries", 3);
    vector_put_id(runs, "feed", &history.feed);
    vector_put_number(runs, "to", history.end.seq);
    vector_put_id(runs, "chain", &history.end.chain);
}

static json_t *put_volume(json_t *made, const struct test_volume *volume)
{
    put_reader(made);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&volume->bytes));
    return made;
}

static void add_volume(json_t *cases, const char *name, uint32_t number, uint32_t volumes,
                       bool with_items)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    SCOPED_BUFFER items = { 0 };
    json_t *made = vector_case(cases, name);

    test_items(&items);
    test_volume_begin(&volume, number);
    if (with_items)
        test_volume_chunk(&volume, ayni_buffer_bytes(&items));
    test_volume_chunk(&volume, (struct ayni_bytes){ (const uint8_t *)"\x82\x18\x2a\x01", 4 });
    test_volume_end(&volume, volumes);
    put_volume(made, &volume);
    vector_put_id(made, "root", &volume.head.root);
    vector_put_id(made, "sender", &volume.head.sender);
    vector_put_id(made, "receiver", &volume.head.receiver);
    vector_put_id(made, "bundle", &volume.head.bundle);
    vector_put_number(made, "time", volume.head.time.ms);
    vector_put_number(made, "volume", number);
    vector_put_number(made, "volumes", volumes);
    if (with_items)
        put_items(made);
}

/* A good one with the byte at `at`, from the end if negative, changed. */
static void add_changed(json_t *cases, const char *name, long at, enum ayni_status status)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    SCOPED_BUFFER items = { 0 };

    test_items(&items);
    test_volume_begin(&volume, 1);
    test_volume_chunk(&volume, ayni_buffer_bytes(&items));
    test_volume_end(&volume, 1);
    volume.bytes.data[at < 0 ? (long)volume.bytes.size + at : at] ^= 1;
    put_volume(vector_refused(cases, name, status), &volume);
}

static void add_past_its_end(json_t *cases)
{
    SCOPED_TEST_VOLUME volume = { 0 };

    test_volume_begin(&volume, 2);
    test_volume_end(&volume, 1);
    put_volume(vector_refused(cases, "volume 2 of 1", AYNI_E_MALFORMED), &volume);
}

/* The end of another volume. */
static void add_other_end(json_t *cases)
{
    SCOPED_TEST_VOLUME volume = { 0 };

    test_volume_begin(&volume, 1);
    test_volume_chunk(&volume, (struct ayni_bytes){ (const uint8_t *)"\x81\x03", 2 });
    volume.sum.bytes[0] ^= 1;
    test_volume_end(&volume, 1);
    put_volume(vector_refused(cases, "the end of other bytes", AYNI_E_CHAIN), &volume);
}

json_t *vectors_bundle(void)
{
    json_t *cases = json_array();

    add_volume(cases, "a bundle of one volume", 1, 1, true);
    add_volume(cases, "the second of three volumes", 2, 3, true);
    add_volume(cases, "nothing but an item of a newer version", 1, 1, false);
    add_changed(cases, "another beginning", 0, AYNI_E_VERSION);
    add_changed(cases, "a changed chunk", 500, AYNI_E_SIGNATURE);
    add_changed(cases, "a changed end", -1, AYNI_E_SIGNATURE);
    add_past_its_end(cases);
    add_other_end(cases);
    return cases;
}
