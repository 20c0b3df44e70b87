#include "tests/support/small_record.h"

#include <check.h>

struct small_record small;

void small_setup(void)
{
    small = (struct small_record){ .tail = 100 };
}

void small_teardown(void)
{
    ayni_folded_free(&small.folded);
}

void small_chain(char feed, uint64_t seq, uint8_t *chain)
{
    chain[0] = (uint8_t)feed;
    chain[1] = (uint8_t)seq;
}

struct ayni_version *small_add(char feed, uint64_t seq)
{
    struct ayni_fold_item *item = &small.items[small.count];
    struct ayni_version *version = &small.versions[small.count];

    memset(item->feed.bytes, feed, sizeof(item->feed.bytes));
    memset(item->node.bytes, feed, sizeof(item->node.bytes));
    item->seq = seq;
    small_chain(feed, seq, item->chain.bytes);
    item->time.ms = 1000 + small.count;
    item->version = version;
    item->valid = true;
    version->type = 101;
    version->fields = small.fields[small.count];
    version->seen = small.contexts[small.count];
    small.count++;
    return version;
}

void small_set(struct ayni_version *version, uint32_t number, struct ayni_bytes value)
{
    version->fields[version->field_count++] = (struct ayni_field){ number, value };
}

void small_see(struct ayni_version *version, char feed, uint64_t seq)
{
    struct ayni_seen *seen = &version->seen[version->seen_count++];

    *seen = (struct ayni_seen){ .seq = seq };
    memset(seen->feed.bytes, feed, sizeof(seen->feed.bytes));
    small_chain(feed, seq, seen->chain.bytes);
}

void small_withdraw(struct ayni_version *version, size_t item)
{
    version->act = AYNI_ACT_WITHDRAWAL;
    version->has_withdraws = true;
    version->withdraws.feed = small.items[item].feed;
    version->withdraws.seq = small.items[item].seq;
    memcpy(version->withdraws.chain.bytes, small.items[item].chain.bytes, 8);
}

void small_come_from(struct ayni_version *version, const char *organisation, const char *name)
{
    version->origin_organisation = ayni_bytes_of_text(organisation);
    version->origin = ayni_bytes_of_text(name);
}

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    struct ayni_chain_prefix chain = { { 0 } };

    (void)context;
    small_chain((char)feed->bytes[0], seen->seq, chain.bytes);
    return seen->seq <= small.tail && ayni_id_equal(&chain, &seen->chain);
}

struct ayni_merge_rule small_rule(void *context, uint32_t type, uint32_t field)
{
    (void)context;
    ck_assert_uint_eq(type, 101);
    return small.rules[field];
}

const struct ayni_fold_chains small_chains = { NULL, fits, NULL };

void small_fold(void)
{
    ayni_folded_free(&small.folded);
    ck_assert_int_eq(
        ayni_fold(small.items, small.count, &small_chains, small_rule, NULL, &small.folded),
        AYNI_OK);
}

const struct ayni_folded_field *small_field(uint32_t number)
{
    const struct ayni_folded_field *field = ayni_folded_field(&small.folded, number);

    ck_assert_ptr_nonnull(field);
    return field;
}

void small_assert_settled(uint32_t number, struct ayni_bytes value)
{
    const struct ayni_folded_field *field = small_field(number);

    ck_assert(ayni_bytes_equal(field->shown, value));
    ck_assert_uint_eq(field->alternative_count, 1);
    ck_assert(!field->contested && !field->merged);
}

void small_assert_contested(uint32_t number, struct ayni_bytes first, struct ayni_bytes second)
{
    const struct ayni_folded_field *field = small_field(number);

    ck_assert(field->contested && !field->merged && small.folded.contested);
    ck_assert_uint_eq(field->alternative_count, 2);
    ck_assert(ayni_bytes_equal(field->shown, first));
    ck_assert(ayni_bytes_equal(field->alternatives[0].value, first));
    ck_assert(ayni_bytes_equal(field->alternatives[1].value, second));
}

void small_assert_merged(uint32_t number, struct ayni_bytes shown)
{
    const struct ayni_folded_field *field = small_field(number);

    ck_assert(field->merged && !field->contested && !small.folded.contested);
    ck_assert(ayni_bytes_equal(field->shown, shown));
}
