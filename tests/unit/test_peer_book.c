#include "daemon/net/peer_book.h"

#include <stdlib.h>

#include "daemon/federation/membership.h"
#include "daemon/federation/spaces.h"
#include "daemon/records/standing.h"
#include "tests/support/node_pair.h"

/* By the steering node, who is asked whom it would dial. */
static void add(uint8_t number)
{
    struct membership_result result;
    SCOPED_BUFFER card = { 0 };

    test_card(number, &card);
    struct membership_request request = {
        .card = ayni_buffer_bytes(&card),
        .role = AYNI_ROLE_PARTNER,
        .steward = "ana",
    };
    ck_assert_int_eq(membership_add(&test_midis.records, &request, &result), AYNI_OK);
    test_node_settle(&test_midis);
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
    struct peer_book book = { 0 };
    struct peer_address *list;
    size_t count;

    for (uint8_t number = 3; number <= 6; number++)
        add(number);
    for (uint64_t wanted = 0; wanted <= 5; wanted++) {
        SCOPED_CHARTER charter = standing_hold(test_midis.records.standing);
        struct peer_book_view view = { .registry = charter->registry,
                                       .self = &test_midis.keys.node,
                                       .wanted = wanted };
        ck_assert_int_eq(peer_book_targets(&book, &view, &list, &count), AYNI_OK);
        ck_assert_uint_eq(count, 0);
        free(list);
    }
    SCOPED_CHARTER before = standing_hold(test_midis.records.standing);
    for (uint8_t number = 3; number <= 6; number++) {
        struct ayni_record grant;
        struct ayni_node node = test_keys(number).node;
        ck_assert_int_eq(space_grant(&test_midis.records,
                                     ayni_registry_space_info(before->registry, &test_visits),
                                     &node, AYNI_RIGHT_READER, "ana", &grant),
                         AYNI_OK);
    }
    test_node_settle(&test_midis);
    SCOPED_CHARTER charter = standing_hold(test_midis.records.standing);
    for (uint64_t wanted = 0; wanted <= 5; wanted++) {
        struct peer_book_view view = { .registry = charter->registry,
                                       .self = &test_midis.keys.node,
                                       .wanted = wanted };
        ck_assert_int_eq(peer_book_targets(&book, &view, &list, &count), AYNI_OK);
        ck_assert_uint_eq(count, wanted < 4 ? wanted : 4);
        free(list);
    }
    /* `peer add` comes first, at its own endpoint, and counts beside them. */
    struct ayni_node five = test_keys(5).node;
    ck_assert_int_eq(peer_book_add(&book, &five, "tcp://five:5"), AYNI_OK);
    struct peer_book_view view = { .registry = charter->registry,
                                   .self = &test_midis.keys.node,
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

    TEST_CASE(suite, "book", test_one_open, test_one_close,
              the_book_survives_a_round_trip_and_refuses_garbage,
              members_of_shared_spaces_are_dialled_up_to_the_number_wanted);
    return test_run(suite);
}
