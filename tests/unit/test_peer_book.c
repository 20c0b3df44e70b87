#include "daemon/net/peer_book.h"

#include <stdlib.h>

#include "daemon/federation/membership.h"
#include "daemon/federation/spaces.h"
#include "daemon/records/standing.h"
#include "tests/support/node.h"

/* A federation whose steering node is asked whom it would dial. */
static struct test_node midis, ngo;
static struct ayni_space visits;

static void setup(void)
{
    test_node_open(&midis, 1);
    test_node_found(&midis);
    test_node_open(&ngo, 2);
    test_node_join(&ngo, &midis, "innova");
    visits = test_node_space(&midis, "visits", AYNI_CLASS_SENSITIVE);
    test_node_exchange(&midis, &ngo);
}

static void teardown(void)
{
    test_node_close(&ngo);
    test_node_close(&midis);
}

static const struct ayni_space_info *info_of(const struct charter *charter)
{
    return ayni_registry_space_info(charter->registry, &visits);
}

static enum ayni_status add(struct test_node *by, uint8_t number, struct membership_result *result)
{
    SCOPED_BUFFER card = { 0 };

    test_card(number, &card);
    struct membership_request request = {
        .card = ayni_buffer_bytes(&card),
        .role = AYNI_ROLE_PARTNER,
        .steward = "ana",
    };
    enum ayni_status status = membership_add(&by->records, &request, result);
    if (status == AYNI_OK)
        test_node_settle(by);
    return status;
}

START_TEST(the_book_survives_a_round_trip_and_refuses_garbage)
{
    struct peer_book book = { 0 }, read = { 0 };
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_node a = { { 1 } }, b = { { 2 } };

    ck_assert_int_eq(peer_book_add(&book, &a, "tcp://a:1"), AYNI_OK);
    ck_assert_int_eq(peer_book_add(&book, &b, "tcp://b:1"), AYNI_OK);
    ck_assert_int_eq(peer_book_add(&book, &a, "tcp://a:2"), AYNI_OK);
    ck_assert_uint_eq(book.added_count, 2);
    peer_book_encode(&book, &bytes);
    ck_assert_int_eq(peer_book_decode(ayni_buffer_bytes(&bytes), &read), AYNI_OK);
    ck_assert_uint_eq(read.added_count, 2);
    ck_assert_str_eq(read.added[0].endpoint, "tcp://a:2");
    peer_book_free(&read);
    for (size_t size = 0; size < bytes.size; size++)
        ck_assert_int_ne(peer_book_decode((struct ayni_bytes){ bytes.data, size }, &read), AYNI_OK);
    ck_assert(peer_book_remove(&book, &a));
    ck_assert(!peer_book_remove(&book, &a));
    ck_assert_uint_eq(book.added_count, 1);
    peer_book_free(&book);
}
END_TEST

static bool dials(const struct peer_address *list, size_t count, uint8_t number)
{
    struct ayni_node node = test_keys(number).node;
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += ayni_id_equal(&list[i].node, &node);
    ck_assert_uint_le(found, 1);
    return found == 1;
}

/* Members with cards share the registry with us but no space: they are dialled only once they do.
 */
START_TEST(members_of_shared_spaces_are_dialled_up_to_the_number_wanted)
{
    struct membership_result result;
    struct peer_book book = { 0 };
    struct peer_address *list;
    size_t count;

    for (uint8_t number = 3; number <= 6; number++)
        ck_assert_int_eq(add(&midis, number, &result), AYNI_OK);
    for (uint64_t wanted = 0; wanted <= 5; wanted++) {
        SCOPED_CHARTER charter = standing_hold(midis.records.standing);
        struct peer_book_view view = { .registry = charter->registry,
                                       .self = &midis.keys.node,
                                       .wanted = wanted };
        ck_assert_int_eq(peer_book_targets(&book, &view, &list, &count), AYNI_OK);
        ck_assert_uint_eq(count, 0);
        free(list);
    }
    SCOPED_CHARTER before = standing_hold(midis.records.standing);
    for (uint8_t number = 3; number <= 6; number++) {
        struct ayni_record grant;
        struct ayni_node node = test_keys(number).node;
        ck_assert_int_eq(
            space_grant(&midis.records, info_of(before), &node, AYNI_RIGHT_READER, "ana", &grant),
            AYNI_OK);
    }
    test_node_settle(&midis);
    SCOPED_CHARTER charter = standing_hold(midis.records.standing);
    for (uint64_t wanted = 0; wanted <= 5; wanted++) {
        struct peer_book_view view = { .registry = charter->registry,
                                       .self = &midis.keys.node,
                                       .wanted = wanted };
        ck_assert_int_eq(peer_book_targets(&book, &view, &list, &count), AYNI_OK);
        ck_assert_uint_eq(count, wanted < 4 ? wanted : 4);
        free(list);
    }
    /* `peer add` comes first, at its own endpoint, and counts beside them. */
    struct ayni_node five = test_keys(5).node;
    ck_assert_int_eq(peer_book_add(&book, &five, "tcp://five:5"), AYNI_OK);
    struct peer_book_view view = { .registry = charter->registry,
                                   .self = &midis.keys.node,
                                   .wanted = 4 };
    ck_assert_int_eq(peer_book_targets(&book, &view, &list, &count), AYNI_OK);
    ck_assert_uint_eq(count, 4);
    ck_assert(dials(list, count, 5));
    ck_assert_str_eq(list[0].endpoints[0], "tcp://five:5");
    free(list);
    peer_book_free(&book);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("peer_book");

    TEST_CASE(suite, "book", setup, teardown, the_book_survives_a_round_trip_and_refuses_garbage,
              members_of_shared_spaces_are_dialled_up_to_the_number_wanted);
    return test_run(suite);
}
