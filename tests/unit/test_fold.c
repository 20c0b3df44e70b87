#include <stdlib.h>

#include <check.h>

#include "proto/fold.h"
#include "proto/limits.h"
#include "proto/policy.h"
#include "tests/support/suite.h"

/*
 * The rules of docs/protocol.md, sections 4.2 to 4.4, one statement each.
 * Small records are made by hand: a feed is a letter, its chain hash at a seq
 * begins with that letter and the seq, and all of each feed is held unless `tail` says less.
 */
enum { ITEMS_MAX = 8 };

static struct ayni_fold_item items[ITEMS_MAX];
static struct ayni_version versions[ITEMS_MAX];
static struct ayni_field fields[ITEMS_MAX][4];
static struct ayni_seen contexts[ITEMS_MAX][4];
static size_t count;
static uint64_t tail; /* what is held of each feed */
static struct ayni_merge_rule rules[8];
static struct ayni_folded folded;

#define ONE TEST_BYTES("\x01")
#define TWO TEST_BYTES("\x02")
#define THREE TEST_BYTES("\x03")
#define NONE TEST_BYTES("\xf6")
#define YES TEST_BYTES("\xf5")
#define NO TEST_BYTES("\xf4")

static void setup(void)
{
    memset(items, 0, sizeof(items));
    memset(versions, 0, sizeof(versions));
    memset(rules, 0, sizeof(rules));
    folded = (struct ayni_folded){ 0 };
    count = 0;
    tail = 100;
}

static void teardown(void)
{
    ayni_folded_free(&folded);
}

static void chain_at(char feed, uint64_t seq, uint8_t *chain)
{
    chain[0] = (uint8_t)feed;
    chain[1] = (uint8_t)seq;
}

/* A version in `feed` at `seq`, written at 1000 + its index, that sets nothing yet. */
static struct ayni_version *add(char feed, uint64_t seq)
{
    struct ayni_fold_item *item = &items[count];
    struct ayni_version *version = &versions[count];

    memset(item->feed.bytes, feed, sizeof(item->feed.bytes));
    memset(item->node.bytes, feed, sizeof(item->node.bytes));
    item->seq = seq;
    chain_at(feed, seq, item->chain.bytes);
    item->time.ms = 1000 + count;
    item->version = version;
    item->valid = true;
    version->type = 101;
    version->fields = fields[count];
    version->seen = contexts[count];
    count++;
    return version;
}

static void set(struct ayni_version *version, uint32_t number, struct ayni_bytes value)
{
    version->fields[version->field_count++] = (struct ayni_field){ number, value };
}

static void see(struct ayni_version *version, char feed, uint64_t seq)
{
    struct ayni_seen *seen = &version->seen[version->seen_count++];

    *seen = (struct ayni_seen){ .seq = seq };
    memset(seen->feed.bytes, feed, sizeof(seen->feed.bytes));
    chain_at(feed, seq, seen->chain.bytes);
}

static void withdraw(struct ayni_version *version, size_t item)
{
    version->act = AYNI_ACT_WITHDRAWAL;
    version->has_withdraws = true;
    version->withdraws.feed = items[item].feed;
    version->withdraws.seq = items[item].seq;
    memcpy(version->withdraws.chain.bytes, items[item].chain.bytes, 8);
}

static void come_from(struct ayni_version *version, const char *organisation, const char *name)
{
    version->origin_organisation = ayni_bytes_of_text(organisation);
    version->origin = ayni_bytes_of_text(name);
}

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    struct ayni_chain_prefix chain = { { 0 } };

    (void)context;
    chain_at((char)feed->bytes[0], seen->seq, chain.bytes);
    return seen->seq <= tail && ayni_id_equal(&chain, &seen->chain);
}

static struct ayni_merge_rule rule_of(void *context, uint32_t type, uint32_t field)
{
    (void)context;
    ck_assert_uint_eq(type, 101);
    return rules[field];
}

static const struct ayni_fold_chains chains = { NULL, fits, NULL };

static void fold(void)
{
    ayni_folded_free(&folded);
    ck_assert_int_eq(ayni_fold(items, count, &chains, rule_of, NULL, &folded), AYNI_OK);
}

static const struct ayni_folded_field *field_of(uint32_t number)
{
    const struct ayni_folded_field *field = ayni_folded_field(&folded, number);

    ck_assert_ptr_nonnull(field);
    return field;
}

static void assert_settled(uint32_t number, struct ayni_bytes value)
{
    const struct ayni_folded_field *field = field_of(number);

    ck_assert(ayni_bytes_equal(field->shown, value));
    ck_assert_uint_eq(field->alternative_count, 1);
    ck_assert(!field->contested && !field->merged);
}

static void assert_contested(uint32_t number, struct ayni_bytes first, struct ayni_bytes second)
{
    const struct ayni_folded_field *field = field_of(number);

    ck_assert(field->contested && !field->merged && folded.contested);
    ck_assert_uint_eq(field->alternative_count, 2);
    ck_assert(ayni_bytes_equal(field->shown, first));
    ck_assert(ayni_bytes_equal(field->alternatives[0].value, first));
    ck_assert(ayni_bytes_equal(field->alternatives[1].value, second));
}

static void assert_merged(uint32_t number, struct ayni_bytes shown)
{
    const struct ayni_folded_field *field = field_of(number);

    ck_assert(field->merged && !field->contested && !folded.contested);
    ck_assert(ayni_bytes_equal(field->shown, shown));
}

/* --- survivors --- */

START_TEST(no_version_is_an_empty_record)
{
    fold();
    ck_assert_uint_eq(folded.field_count, 0);
    ck_assert(!folded.deleted && !folded.contested);
    ck_assert_ptr_null(ayni_folded_field(&folded, 1));
}
END_TEST

START_TEST(one_version_is_the_record)
{
    struct ayni_version *v = add('a', 7);
    set(v, 1, ONE);
    set(v, 5, NONE);
    fold();
    ck_assert_uint_eq(folded.type, 101);
    ck_assert_uint_eq(folded.field_count, 2);
    assert_settled(1, ONE);
    assert_settled(5, NONE);
    ck_assert_ptr_null(ayni_folded_field(&folded, 2));
    ck_assert_uint_eq(field_of(1)->alternatives[0].items[0], 0);
}
END_TEST

START_TEST(one_version_without_right_is_no_record)
{
    set(add('a', 1), 1, ONE);
    items[0].valid = false;
    fold();
    ck_assert_uint_eq(folded.field_count, 0);
}
END_TEST

START_TEST(who_saw_a_value_overwrites_it)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    fold();
    assert_settled(1, TWO);
}
END_TEST

START_TEST(who_did_not_see_a_value_contests_it)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    fold();
    assert_contested(1, TWO, ONE); /* the newer is shown */
}
END_TEST

START_TEST(a_later_clock_overwrites_nothing)
{
    set(add('a', 1), 1, ONE);
    set(add('a', 2), 1, TWO); /* of the same feed, which doesn't matter either */
    fold();
    assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(other_fields_are_not_touched)
{
    struct ayni_version *first = add('a', 1);
    set(first, 1, ONE);
    set(first, 2, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    set(edit, 2, TWO);
    fold();
    assert_settled(1, ONE);
    assert_settled(2, TWO);
}
END_TEST

START_TEST(editors_of_different_fields_do_not_conflict)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 2, TWO);
    fold();
    ck_assert(!folded.contested);
}
END_TEST

START_TEST(a_pair_covers_all_before_it_in_the_feed)
{
    set(add('a', 1), 1, ONE);
    set(add('a', 3), 1, TWO);
    set(add('a', 5), 1, THREE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 4); /* which isn't of this record: the chain says that it is held */
    set(edit, 1, NONE);
    fold();
    assert_contested(1, NONE, THREE);
}
END_TEST

START_TEST(key_0_is_the_feed_of_the_version)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('a', 2);
    see(edit, 'x', 1);
    edit->seen[0].own = true;
    chain_at('a', 1, edit->seen[0].chain.bytes);
    set(edit, 1, TWO);
    fold();
    assert_settled(1, TWO);
}
END_TEST

START_TEST(a_pair_that_fits_no_chain_covers_nothing)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    edit->seen[0].chain.bytes[7] ^= 1;
    set(edit, 1, TWO);
    fold();
    assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(a_pair_beyond_what_is_held_covers_nothing_yet)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 9);
    set(edit, 1, TWO);
    tail = 8;
    fold();
    assert_contested(1, TWO, ONE);
    tail = 9;
    fold();
    assert_settled(1, TWO);
}
END_TEST

START_TEST(a_version_without_right_overwrites_nothing)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    items[1].valid = false;
    fold();
    assert_settled(1, ONE);
}
END_TEST

START_TEST(a_version_that_cannot_be_read_counts_as_absent)
{
    set(add('a', 1), 1, ONE);
    add('b', 1);
    items[1].version = NULL;
    fold();
    assert_settled(1, ONE);
}
END_TEST

START_TEST(equal_values_collapse)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, ONE);
    fold();
    assert_settled(1, ONE);
    ck_assert_uint_eq(field_of(1)->alternatives[0].item_count, 2);
    ck_assert_uint_eq(field_of(1)->alternatives[0].items[0], 1); /* the newest first */
}
END_TEST

START_TEST(a_null_is_a_value_like_others)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, NONE);
    fold();
    assert_contested(1, NONE, ONE);
}
END_TEST

START_TEST(one_entry_twice_counts_once)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    items[count] = items[0];
    items[count + 1] = items[1];
    count += 2;
    fold();
    assert_contested(1, TWO, ONE);
    ck_assert_uint_eq(field_of(1)->alternatives[0].item_count, 1);
}
END_TEST

START_TEST(of_equal_times_the_chain_hash_decides)
{
    set(add('b', 1), 1, ONE);
    set(add('a', 1), 1, TWO);
    items[1].time = items[0].time;
    fold();
    assert_contested(1, ONE, TWO);
}
END_TEST

/* --- origins --- */

START_TEST(an_import_does_not_replace_what_a_person_wrote)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *import = add('b', 1);
    come_from(import, "A", "padron");
    see(import, 'a', 1);
    set(import, 1, TWO);
    fold();
    assert_contested(1, TWO, ONE);
}
END_TEST

static void import_over(const char *organisation, const char *name)
{
    struct ayni_version *first = add('a', 1);
    struct ayni_version *second = add('b', 1);

    come_from(first, organisation, name);
    set(first, 1, ONE);
    come_from(second, "A", "padron");
    see(second, 'a', 1);
    set(second, 1, TWO);
    fold();
}

START_TEST(an_import_replaces_its_own_origin)
{
    import_over("A", "padron");
    assert_settled(1, TWO);
}
END_TEST

START_TEST(an_import_does_not_replace_another_name)
{
    import_over("A", "his");
    assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(an_import_does_not_replace_another_organisation)
{
    import_over("B", "padron");
    assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(a_person_replaces_an_import)
{
    struct ayni_version *import = add('a', 1);
    struct ayni_version *edit = add('b', 1);
    come_from(import, "A", "padron");
    set(import, 1, ONE);
    come_from(edit, "A", "manual");
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    fold();
    assert_settled(1, TWO);
}
END_TEST

/* --- resolutions and withdrawals --- */

/* a says 1, b says 2, c resolves to 3. */
static void contest_and_resolve(void)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    struct ayni_version *resolution = add('c', 1);
    resolution->act = AYNI_ACT_RESOLUTION;
    see(resolution, 'a', 1);
    see(resolution, 'b', 1);
    set(resolution, 1, THREE);
}

START_TEST(a_resolution_settles)
{
    contest_and_resolve();
    fold();
    assert_settled(1, THREE);
    ck_assert(!folded.contested && !folded.withdrawn[2]);
}
END_TEST

START_TEST(a_withdrawal_brings_the_conflict_back_with_its_authors)
{
    contest_and_resolve();
    withdraw(add('d', 1), 2);
    fold();
    assert_contested(1, TWO, ONE);
    ck_assert_uint_eq(field_of(1)->alternatives[0].items[0], 1);
    ck_assert_uint_eq(field_of(1)->alternatives[1].items[0], 0);
    ck_assert(folded.withdrawn[2] && !folded.withdrawn[0] && !folded.withdrawn[3]);
}
END_TEST

START_TEST(a_withdrawal_may_come_before_what_it_names)
{
    contest_and_resolve();
    withdraw(add('d', 1), 2);
    struct ayni_fold_item last = items[3];
    items[3] = items[0];
    items[0] = last;
    fold();
    assert_contested(1, TWO, ONE);
    ck_assert(folded.withdrawn[2]);
}
END_TEST

START_TEST(a_withdrawal_without_right_withdraws_nothing)
{
    contest_and_resolve();
    withdraw(add('d', 1), 2);
    items[3].valid = false;
    fold();
    assert_settled(1, THREE);
}
END_TEST

START_TEST(a_withdrawal_of_a_withdrawal_does_nothing)
{
    contest_and_resolve();
    withdraw(add('d', 1), 2);
    withdraw(add('e', 1), 3);
    fold();
    assert_contested(1, TWO, ONE);
    ck_assert(!folded.withdrawn[3]);
}
END_TEST

START_TEST(an_edit_cannot_be_withdrawn)
{
    set(add('a', 1), 1, ONE);
    withdraw(add('b', 1), 0);
    fold();
    assert_settled(1, ONE);
    ck_assert(!folded.withdrawn[0]);
}
END_TEST

START_TEST(a_withdrawal_names_a_chain)
{
    contest_and_resolve();
    struct ayni_version *withdrawal = add('d', 1);
    withdraw(withdrawal, 2);
    withdrawal->withdraws.chain.bytes[7] ^= 1;
    fold();
    assert_settled(1, THREE);
}
END_TEST

START_TEST(an_edit_after_a_resolution_stands_by_its_own_context)
{
    contest_and_resolve();
    struct ayni_version *edit = add('d', 1);
    see(edit, 'a', 1);
    see(edit, 'b', 1);
    see(edit, 'c', 1);
    set(edit, 1, NONE);
    withdraw(add('e', 1), 2);
    fold();
    assert_settled(1, NONE);
}
END_TEST

START_TEST(two_resolutions_may_conflict)
{
    contest_and_resolve();
    struct ayni_version *other = add('d', 1);
    other->act = AYNI_ACT_RESOLUTION;
    see(other, 'a', 1);
    see(other, 'b', 1);
    set(other, 1, ONE);
    fold();
    assert_contested(1, ONE, THREE);
    ck_assert_uint_eq(field_of(1)->alternatives[0].item_count, 1); /* d's, and not a's */
}
END_TEST

/* --- deletion --- */

START_TEST(a_delete_of_all_that_it_saw_deletes)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *delete = add('b', 1);
    see(delete, 'a', 1);
    set(delete, 0, YES);
    fold();
    ck_assert(folded.deleted && !folded.delete_contested && !folded.contested);
    assert_settled(1, ONE); /* which stays, for who looks at the history */
}
END_TEST

START_TEST(a_delete_beside_an_unseen_edit_is_contested_and_shown_alive)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *delete = add('b', 1);
    see(delete, 'a', 1);
    set(delete, 0, YES);
    struct ayni_version *edit = add('c', 1);
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    fold();
    ck_assert(!folded.deleted && folded.delete_contested && folded.contested);
}
END_TEST

START_TEST(an_edit_that_saw_the_delete_brings_the_record_back)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *delete = add('b', 1);
    see(delete, 'a', 1);
    set(delete, 0, YES);
    struct ayni_version *edit = add('c', 1);
    see(edit, 'a', 1);
    see(edit, 'b', 1);
    set(edit, 0, NONE);
    set(edit, 1, TWO);
    fold();
    ck_assert(!folded.deleted && !folded.delete_contested && !folded.contested);
    assert_settled(1, TWO);
}
END_TEST

START_TEST(two_deletes_are_one)
{
    set(add('a', 1), 1, ONE);
    for (char feed = 'b'; feed < 'd'; feed++) {
        struct ayni_version *delete = add(feed, 1);
        see(delete, 'a', 1);
        set(delete, 0, YES);
    }
    fold();
    ck_assert(folded.deleted);
}
END_TEST

START_TEST(versions_that_do_not_survive_need_not_be_seen_by_the_delete)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    struct ayni_version *delete = add('c', 1);
    see(delete, 'b', 1);
    set(delete, 0, YES);
    fold();
    ck_assert(folded.deleted);
}
END_TEST

START_TEST(an_import_deletes_its_own_origin_alone)
{
    set(add('a', 1), 1, ONE);
    struct ayni_version *delete = add('b', 1);
    come_from(delete, "A", "padron");
    see(delete, 'a', 1);
    set(delete, 0, YES);
    fold();
    ck_assert(!folded.deleted && folded.delete_contested);
    come_from(&versions[0], "A", "padron");
    fold();
    ck_assert(folded.deleted);
}
END_TEST

START_TEST(conflicts_of_a_deleted_record_wait_for_nobody)
{
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    struct ayni_version *delete = add('c', 1);
    see(delete, 'a', 1);
    see(delete, 'b', 1);
    set(delete, 0, YES);
    fold();
    ck_assert(folded.deleted && !folded.contested && field_of(1)->contested);
}
END_TEST

START_TEST(a_record_of_one_delete_is_deleted)
{
    set(add('a', 1), 0, YES);
    fold();
    ck_assert(folded.deleted && !folded.contested);
    ck_assert_uint_eq(folded.field_count, 0);
}
END_TEST

/* --- policy --- */

static void contest(struct ayni_bytes first, struct ayni_bytes second, enum ayni_merge merge)
{
    rules[1].merge = merge;
    set(add('a', 1), 1, first);
    set(add('b', 1), 1, second);
    fold();
}

static const struct {
    struct ayni_bytes older, newer;
    enum ayni_merge merge;
    struct ayni_bytes shown; /* size 0: contested */
} settlings[] = {
#define V(text)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
    { V("\x05"), V("\x01"), AYNI_MERGE_LATEST, V("\x01") },
    { V("\x05"), V("\xf6"), AYNI_MERGE_LATEST, V("\xf6") },
    { V("\x05"), V("\x01"), AYNI_MERGE_MAX, V("\x05") },
    { V("\x18\x64"), V("\x17"), AYNI_MERGE_MAX, V("\x18\x64") },
    { V("\x20"), V("\x38\x63"), AYNI_MERGE_MAX, V("\x20") }, /* -1 over -100 */
    { V("\x38\x63"), V("\x00"), AYNI_MERGE_MAX, V("\x00") }, /* 0 over -100 */
    { V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), V("\x00"), AYNI_MERGE_MIN,
      V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff") },
    { V("\xf4"), V("\xf5"), AYNI_MERGE_MAX, V("\xf5") },
    { V("\xf5"), V("\xf4"), AYNI_MERGE_MIN, V("\xf4") },
    { V("\xf6"), V("\x20"), AYNI_MERGE_MAX, V("\x20") },
    { V("\xf6"), V("\x20"), AYNI_MERGE_MIN, V("\x20") },
    { V("\x20"), V("\xf6"), AYNI_MERGE_MIN, V("\x20") },
    { V("\x62\x61\x61"), V("\x61\x7a"), AYNI_MERGE_MAX, V("\x62\x61\x61") }, /* texts bytewise */
    { V("\x61\x7a"), V("\x18\x64"), AYNI_MERGE_MAX, V("\x61\x7a") },         /* after numbers */
    { V("\x81\x61\x62"), V("\x82\x61\x61\x61\x62"), AYNI_MERGE_UNION, V("\x82\x61\x61\x61\x62") },
    { V("\x81\x61\x62"), V("\x81\x61\x61"), AYNI_MERGE_UNION, V("\x82\x61\x61\x61\x62") },
    { V("\x81\x61\x62"), V("\xf6"), AYNI_MERGE_UNION, V("\x81\x61\x62") },
    { V("\x80"), V("\xf6"), AYNI_MERGE_UNION, V("\x80") },
    { V("\x81\x62\x61\x61"), V("\x81\x61\x7a"), AYNI_MERGE_UNION, V("\x82\x61\x7a\x62\x61\x61") },
    { V("\xf5"), V("\xf4"), AYNI_MERGE_UNION, V("\xf5") },
    { V("\xf6"), V("\xf4"), AYNI_MERGE_UNION, V("\xf4") },
    { V("\x01"), V("\x02"), AYNI_MERGE_UNION, V("") }, /* no sets: a conflict */
    { V("\xf5"), V("\x80"), AYNI_MERGE_UNION, V("") },
    { V("\x01"), V("\x02"), AYNI_MERGE_REVIEW, V("") },
    { V("\x01"), V("\x02"), AYNI_MERGE_AUTHORITY, V("") }, /* of nobody */
};

START_TEST(each_rule_settles_its_way)
{
    contest(settlings[_i].older, settlings[_i].newer, settlings[_i].merge);
    if (settlings[_i].shown.size == 0)
        assert_contested(1, settlings[_i].newer, settlings[_i].older);
    else
        assert_merged(1, settlings[_i].shown);
    ck_assert_uint_eq(field_of(1)->alternative_count, 2);
}
END_TEST

START_TEST(what_a_rule_picks_is_number_one)
{
    rules[1].merge = AYNI_MERGE_MAX;
    set(add('a', 1), 1, TWO);
    set(add('b', 1), 1, THREE);
    set(add('c', 1), 1, ONE);
    fold();
    assert_merged(1, THREE);
    const struct ayni_alternative *alternatives = field_of(1)->alternatives;
    ck_assert(ayni_bytes_equal(alternatives[0].value, THREE));
    ck_assert(ayni_bytes_equal(alternatives[1].value, ONE)); /* then the newest first */
    ck_assert(ayni_bytes_equal(alternatives[2].value, TWO));
}
END_TEST

static void give_role(size_t item, const char *words, size_t size)
{
    items[item].roles = (struct ayni_bytes){ (const uint8_t *)words, size };
}

static void use_authority(void)
{
    rules[1].merge = AYNI_MERGE_AUTHORITY;
    rules[1].role = ayni_bytes_of_text("municipality");
}

START_TEST(the_role_has_the_word)
{
    use_authority();
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    give_role(0, "health\0municipality", 19);
    fold();
    assert_merged(1, ONE);
    ck_assert_uint_eq(field_of(1)->alternative_count, 2);
}
END_TEST

START_TEST(what_others_overwrote_of_the_role_stands)
{
    use_authority();
    set(add('a', 1), 1, ONE);
    give_role(0, "municipality", 12);
    struct ayni_version *edit = add('b', 1);
    see(edit, 'a', 1);
    set(edit, 1, TWO);
    fold();
    assert_merged(1, ONE);
    ck_assert(ayni_bytes_equal(field_of(1)->alternatives[1].value, TWO));
}
END_TEST

START_TEST(two_of_the_role_are_contested_before_all_others)
{
    use_authority();
    set(add('a', 1), 1, ONE);
    set(add('b', 1), 1, TWO);
    set(add('c', 1), 1, THREE);
    give_role(0, "municipality", 12);
    give_role(1, "municipality", 12);
    fold();
    ck_assert(field_of(1)->contested);
    ck_assert(ayni_bytes_equal(field_of(1)->shown, TWO));
    ck_assert(ayni_bytes_equal(field_of(1)->alternatives[1].value, ONE));
    ck_assert(ayni_bytes_equal(field_of(1)->alternatives[2].value, THREE));
}
END_TEST

START_TEST(a_role_is_a_whole_word)
{
    const struct ayni_bytes role = TEST_BYTES("health");

    ck_assert(ayni_policy_has_role(TEST_BYTES("health"), role));
    ck_assert(ayni_policy_has_role(TEST_BYTES("midis\0health\0"), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES("healthy\0heal"), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES(""), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES("\0"), TEST_BYTES("")));
}
END_TEST

START_TEST(values_have_one_order)
{
    static const struct ayni_bytes ascending[] = {
        V("\xf6"),     V("\xf4"),
        V("\xf5"),     V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"),
        V("\x38\x63"), V("\x20"),
        V("\x00"),     V("\x17"),
        V("\x18\x18"), V("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
        V("\x41\x00"), V("\x61\x61"),
        V("\x80")
    };

    for (size_t i = 0; i < sizeof(ascending) / sizeof(ascending[0]); i++)
        for (size_t k = 0; k < sizeof(ascending) / sizeof(ascending[0]); k++) {
            int order = ayni_policy_order(ascending[i], ascending[k]);
            ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
        }
}
END_TEST

/* --- contexts --- */

static struct ayni_seen *seen;
static size_t seen_count;

static void make_context(char own)
{
    struct ayni_feed feed;

    memset(feed.bytes, own, sizeof(feed.bytes));
    ck_assert_int_eq(
        ayni_fold_context(items, count, &chains, own == 0 ? NULL : &feed, &seen, &seen_count),
        AYNI_OK);
}

START_TEST(a_first_version_has_an_empty_context)
{
    make_context('a');
    ck_assert_uint_eq(seen_count, 0);
    free(seen);
}
END_TEST

START_TEST(a_context_names_the_newest_of_each_feed_own_first)
{
    add('c', 4);
    add('a', 2);
    add('c', 9);
    add('b', 1);
    make_context('b');
    ck_assert_uint_eq(seen_count, 3);
    ck_assert(seen[0].own && seen[0].seq == 1 && seen[0].feed.bytes[0] == 'b');
    ck_assert(!seen[1].own && seen[1].feed.bytes[0] == 'a' && seen[1].seq == 2);
    ck_assert(seen[2].feed.bytes[0] == 'c' && seen[2].seq == 9);
    ck_assert_uint_eq(seen[2].chain.bytes[1], 9);
    free(seen);
}
END_TEST

START_TEST(a_context_does_not_reach_past_what_could_not_be_read)
{
    add('a', 2);
    add('a', 5);
    add('a', 8);
    items[1].version = NULL;
    make_context(0);
    ck_assert_uint_eq(seen_count, 1);
    ck_assert_uint_eq(seen[0].seq, 2);
    free(seen);
}
END_TEST

START_TEST(a_context_does_not_reach_past_what_had_no_right)
{
    add('a', 2);
    add('a', 5);
    add('b', 1);
    items[0].valid = false;
    make_context(0);
    ck_assert_uint_eq(seen_count, 1);
    ck_assert_uint_eq(seen[0].feed.bytes[0], 'b');
    free(seen);
}
END_TEST

START_TEST(a_context_has_an_end)
{
    size_t many = AYNI_CONTEXT_FEEDS_MAX + 10;
    struct ayni_fold_item *crowd = calloc(many, sizeof(*crowd));

    ck_assert_ptr_nonnull(crowd);
    add('z', 1);
    for (size_t i = 0; i < many; i++) {
        crowd[i] = items[0];
        ayni_put_u32(crowd[i].feed.bytes, (uint32_t)i);
    }
    ck_assert_int_eq(
        ayni_fold_context(crowd, many, &chains, &crowd[many - 1].feed, &seen, &seen_count),
        AYNI_OK);
    ck_assert_uint_eq(seen_count, AYNI_CONTEXT_FEEDS_MAX);
    ck_assert(seen[0].own && !seen[1].own);
    free(seen);
    free(crowd);
}
END_TEST

/* --- size --- */

/* Feed a writes n versions of one field, each having seen the one before; then a stranger forges n
 * contexts. */
START_TEST(very_many_versions_fold_in_time)
{
    size_t many = 20000;
    struct ayni_fold_item *crowd = calloc(2 * many, sizeof(*crowd));
    struct ayni_version *written = calloc(2 * many, sizeof(*written));
    struct ayni_seen *pairs = calloc(2 * many, sizeof(*pairs));
    struct ayni_field one = { 1, ONE };

    ck_assert(crowd != NULL && written != NULL && pairs != NULL);
    add('a', 1);
    for (size_t i = 0; i < 2 * many; i++) {
        bool forged = i >= many;
        crowd[i] = items[0];
        crowd[i].feed.bytes[0] = forged ? 'b' : 'a';
        crowd[i].seq = 1 + i % many;
        ayni_put_u64(crowd[i].chain.bytes, 1 + i);
        crowd[i].version = &written[i];
        pairs[i] = (struct ayni_seen){ .seq = forged ? many : crowd[i].seq - 1, .own = !forged };
        memset(pairs[i].feed.bytes, 'a', sizeof(pairs[i].feed.bytes));
        ayni_put_u64(pairs[i].chain.bytes, forged ? many + 1 : i);
        written[i] = (struct ayni_version){ .type = 101, .fields = &one, .field_count = 1 };
        if (crowd[i].seq > 1 || forged) {
            written[i].seen = &pairs[i];
            written[i].seen_count = 1;
        }
    }
    ck_assert_int_eq(ayni_fold(crowd, 2 * many, &chains, rule_of, NULL, &folded), AYNI_OK);
    assert_settled(1, ONE);
    ck_assert_uint_eq(field_of(1)->alternatives[0].item_count, many + 1);
    free(crowd);
    free(written);
    free(pairs);
}
END_TEST

static void add_survivor_tests(TCase *tcase)
{
    tcase_add_test(tcase, no_version_is_an_empty_record);
    tcase_add_test(tcase, one_version_is_the_record);
    tcase_add_test(tcase, one_version_without_right_is_no_record);
    tcase_add_test(tcase, who_saw_a_value_overwrites_it);
    tcase_add_test(tcase, who_did_not_see_a_value_contests_it);
    tcase_add_test(tcase, a_later_clock_overwrites_nothing);
    tcase_add_test(tcase, other_fields_are_not_touched);
    tcase_add_test(tcase, editors_of_different_fields_do_not_conflict);
    tcase_add_test(tcase, a_pair_covers_all_before_it_in_the_feed);
    tcase_add_test(tcase, key_0_is_the_feed_of_the_version);
    tcase_add_test(tcase, a_pair_that_fits_no_chain_covers_nothing);
    tcase_add_test(tcase, a_pair_beyond_what_is_held_covers_nothing_yet);
    tcase_add_test(tcase, a_version_without_right_overwrites_nothing);
    tcase_add_test(tcase, a_version_that_cannot_be_read_counts_as_absent);
    tcase_add_test(tcase, equal_values_collapse);
    tcase_add_test(tcase, a_null_is_a_value_like_others);
    tcase_add_test(tcase, one_entry_twice_counts_once);
    tcase_add_test(tcase, of_equal_times_the_chain_hash_decides);
    tcase_add_test(tcase, an_import_does_not_replace_what_a_person_wrote);
    tcase_add_test(tcase, an_import_replaces_its_own_origin);
    tcase_add_test(tcase, an_import_does_not_replace_another_name);
    tcase_add_test(tcase, an_import_does_not_replace_another_organisation);
    tcase_add_test(tcase, a_person_replaces_an_import);
    tcase_add_test(tcase, very_many_versions_fold_in_time);
}

static void add_act_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_resolution_settles);
    tcase_add_test(tcase, a_withdrawal_brings_the_conflict_back_with_its_authors);
    tcase_add_test(tcase, a_withdrawal_may_come_before_what_it_names);
    tcase_add_test(tcase, a_withdrawal_without_right_withdraws_nothing);
    tcase_add_test(tcase, a_withdrawal_of_a_withdrawal_does_nothing);
    tcase_add_test(tcase, an_edit_cannot_be_withdrawn);
    tcase_add_test(tcase, a_withdrawal_names_a_chain);
    tcase_add_test(tcase, an_edit_after_a_resolution_stands_by_its_own_context);
    tcase_add_test(tcase, two_resolutions_may_conflict);
    tcase_add_test(tcase, a_delete_of_all_that_it_saw_deletes);
    tcase_add_test(tcase, a_delete_beside_an_unseen_edit_is_contested_and_shown_alive);
    tcase_add_test(tcase, an_edit_that_saw_the_delete_brings_the_record_back);
    tcase_add_test(tcase, two_deletes_are_one);
    tcase_add_test(tcase, versions_that_do_not_survive_need_not_be_seen_by_the_delete);
    tcase_add_test(tcase, an_import_deletes_its_own_origin_alone);
    tcase_add_test(tcase, conflicts_of_a_deleted_record_wait_for_nobody);
    tcase_add_test(tcase, a_record_of_one_delete_is_deleted);
}

static void add_policy_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_settles_its_way, 0,
                        (int)(sizeof(settlings) / sizeof(settlings[0])));
    tcase_add_test(tcase, what_a_rule_picks_is_number_one);
    tcase_add_test(tcase, the_role_has_the_word);
    tcase_add_test(tcase, what_others_overwrote_of_the_role_stands);
    tcase_add_test(tcase, two_of_the_role_are_contested_before_all_others);
    tcase_add_test(tcase, a_role_is_a_whole_word);
    tcase_add_test(tcase, values_have_one_order);
}

static void add_context_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_first_version_has_an_empty_context);
    tcase_add_test(tcase, a_context_names_the_newest_of_each_feed_own_first);
    tcase_add_test(tcase, a_context_does_not_reach_past_what_could_not_be_read);
    tcase_add_test(tcase, a_context_does_not_reach_past_what_had_no_right);
    tcase_add_test(tcase, a_context_has_an_end);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*add)(TCase *tcase);
    } parts[] = { { "survivors", add_survivor_tests },
                  { "acts", add_act_tests },
                  { "policy", add_policy_tests },
                  { "contexts", add_context_tests } };
    Suite *suite = suite_create("fold");

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        TCase *tcase = tcase_create(parts[i].name);
        tcase_add_checked_fixture(tcase, setup, teardown);
        parts[i].add(tcase);
        suite_add_tcase(suite, tcase);
    }
    return test_run(suite);
}
