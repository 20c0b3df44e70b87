/*
 * Any set of versions folds, to the same state in any order, and to the one
 * of the model. The bytes are read as versions, 16 for each: of feeds that
 * don't fork, whose chain hash at a seq is feed and seq.
 */
#include <stdlib.h>

#include "tests/support/fold_model.h"
#include "tests/support/suite.h"

enum { VERSIONS_MAX = 12, BYTES_EACH = 16, FIELDS_EACH = 2, PAIRS_EACH = 3, FIELD_NUMBERS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct written {
    struct ayni_version version;
    struct ayni_field fields[FIELDS_EACH];
    struct ayni_seen seen[PAIRS_EACH];
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void name_chain(uint8_t feed, uint64_t seq, uint8_t *chain)
{
    chain[0] = feed;
    ayni_put_u32(chain + 1, (uint32_t)seq);
}

/* A chain is held up to 12. */
static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    uint8_t chain[sizeof(seen->chain.bytes)] = { 0 };

    (void)context;
    name_chain(feed->bytes[0], seen->seq, chain);
    return seen->seq <= 12 && memcmp(chain, seen->chain.bytes, sizeof(chain)) == 0;
}

static bool covers(void *context, const struct ayni_fold_item *by,
                   const struct ayni_fold_item *what)
{
    for (size_t i = 0; i < by->version->seen_count; i++) {
        const struct ayni_seen *seen = &by->version->seen[i];
        bool of_feed = seen->own ? ayni_id_equal(&by->feed, &what->feed)
                                 : memcmp(seen->feed.bytes, what->feed.bytes, 16) == 0;
        bool itself = ayni_id_equal(&by->feed, &what->feed) && by->seq <= seen->seq;
        if (of_feed && what->seq <= seen->seq && !itself && fits(context, &what->feed, seen))
            return true;
    }
    return false;
}

static bool in_past(void *context, const struct ayni_fold_item *older,
                    const struct ayni_fold_item *newer)
{
    (void)context;
    return ayni_id_equal(&older->feed, &newer->feed) && older->seq <= newer->seq;
}

static struct ayni_merge_rule rule_of(void *context, uint32_t type, uint32_t field)
{
    (void)context;
    (void)type;
    return (struct ayni_merge_rule){ (enum ayni_merge)(field % 6), TEST_BYTES("health") };
}

static struct ayni_bytes value_of(uint8_t byte)
{
    static const char values[][5] = {
        "\x01\x01", "\x01\x20",     "\x01\xf4",         "\x01\xf5",
        "\x01\xf6", "\x02\x81\x05", "\x03\x82\x05\x07", "\x02\x61\x7a"
    };
    const char *value = values[byte % 8];

    return (struct ayni_bytes){ (const uint8_t *)value + 1, (size_t)value[0] };
}

static void read_fields(const uint8_t *bytes, struct written *written)
{
    uint32_t first = bytes[0] % FIELD_NUMBERS;
    uint32_t second = first + 1 + bytes[1] % 3;

    written->fields[0] = (struct ayni_field){ first, value_of(bytes[2]) };
    written->fields[1] = (struct ayni_field){ second, value_of(bytes[3]) };
    written->version.fields = written->fields;
    written->version.field_count = bytes[1] / 3 % (FIELDS_EACH + 1);
}

static void read_context(const uint8_t *bytes, struct written *written)
{
    written->version.seen = written->seen;
    for (size_t i = 0; i < PAIRS_EACH && bytes[i] != 0; i++) {
        struct ayni_seen *seen = &written->seen[written->version.seen_count++];
        *seen = (struct ayni_seen){ .own = bytes[i] % 5 == 4, .seq = 1 + bytes[i] / 5 % 16 };
        memset(seen->feed.bytes, bytes[i] % 5, sizeof(seen->feed.bytes));
        name_chain(bytes[i] % 5, seen->seq, seen->chain.bytes);
    }
}

static void read_version(const uint8_t *bytes, struct written *written, struct ayni_fold_item *item)
{
    static const char *const origins[] = { "", "manual", "padron", "his" };
    struct ayni_version *version = &written->version;

    *item = (struct ayni_fold_item){ .seq = 1 + bytes[1] % 12, .valid = bytes[2] % 8 != 0 };
    memset(item->feed.bytes, bytes[0] % 5, sizeof(item->feed.bytes));
    name_chain(bytes[0] % 5, item->seq, item->chain.bytes);
    item->time.ms = bytes[3] % 4;
    item->version = bytes[4] % 16 == 0 ? NULL : version;
    item->roles = bytes[5] % 2 == 0 ? TEST_BYTES("health") : TEST_BYTES("midis");
    version->origin = ayni_bytes_of_text(origins[bytes[6] % 4]);
    version->act = bytes[7] % 4;
    version->has_withdraws = version->act == AYNI_ACT_WITHDRAWAL;
    memset(version->withdraws.feed.bytes, bytes[8] % 5, sizeof(version->withdraws.feed.bytes));
    version->withdraws.seq = 1 + bytes[8] / 5 % 12;
    name_chain(bytes[8] % 5, version->withdraws.seq, version->withdraws.chain.bytes);
    read_fields(bytes + 9, written);
    read_context(bytes + 13, written);
}

/* One entry twice is twice the same. */
static void unify(struct ayni_fold_item *items, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (ayni_id_equal(&items[i].chain, &items[at].chain))
            items[at] = items[i];
}

static void fold(const struct ayni_fold_item *items, size_t count, struct ayni_buffer *state)
{
    static const struct ayni_fold_chains chains = { NULL, fits, NULL };
    struct ayni_folded folded;

    require(ayni_fold(items, count, &chains, rule_of, NULL, &folded) == AYNI_OK);
    fold_model_print(&folded, state);
    ayni_folded_free(&folded);
}

static void make_context(const struct fold_model *model, const struct ayni_fold_item *items,
                         size_t count)
{
    static const struct ayni_fold_chains chains = { NULL, fits, NULL };
    struct ayni_seen expected[VERSIONS_MAX];
    struct ayni_seen *seen;
    size_t seen_count;

    require(ayni_fold_context(items, count, &chains, &items[0].feed, &seen, &seen_count) ==
            AYNI_OK);
    require(seen_count == fold_model_context(model, items, count, &items[0].feed, expected));
    for (size_t i = 0; i < seen_count; i++)
        require(ayni_seen_order(&seen[i], &expected[i]) == 0);
    free(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fold_model model = { NULL, covers, in_past, rule_of, NULL };
    struct written written[VERSIONS_MAX] = { 0 };
    struct ayni_fold_item items[VERSIONS_MAX];
    struct ayni_fold_item turned[VERSIONS_MAX];
    SCOPED_BUFFER expected = { 0 };
    SCOPED_BUFFER state = { 0 };
    SCOPED_BUFFER turned_state = { 0 };
    size_t count = size / BYTES_EACH < VERSIONS_MAX ? size / BYTES_EACH : VERSIONS_MAX;

    for (size_t i = 0; i < count; i++) {
        read_version(data + i * BYTES_EACH, &written[i], &items[i]);
        unify(items, i);
    }
    for (size_t i = 0; i < count; i++)
        turned[i] = items[count - 1 - i];
    fold(items, count, &state);
    fold(turned, count, &turned_state);
    fold_model_fold(&model, items, count, &expected);
    require(ayni_bytes_equal(ayni_buffer_bytes(&state), ayni_buffer_bytes(&expected)));
    require(ayni_bytes_equal(ayni_buffer_bytes(&turned_state), ayni_buffer_bytes(&expected)));
    if (count > 0)
        make_context(&model, items, count);
    return 0;
}
