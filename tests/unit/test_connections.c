#include "daemon/net/connections.h"

#include "proto/limits.h"
#include "tests/support/suite.h"

static struct connections connections;
static const struct ayni_node ana = { { 1 } }, eva = { { 2 } };

static void forget(void)
{
    connections_free(&connections);
}

static void nothing(void)
{
}

START_TEST(newcomers_are_so_many_and_then_the_oldest_goes)
{
    for (int fd = 0; fd < AYNI_NEWCOMERS_MAX; fd++)
        ck_assert_int_eq(connections_accepted(&connections, fd), -1);
    for (int fd = 0; fd < 3 * AYNI_NEWCOMERS_MAX; fd++)
        ck_assert_int_eq(connections_accepted(&connections, AYNI_NEWCOMERS_MAX + fd), fd);
    ck_assert_uint_eq(connections.count, AYNI_NEWCOMERS_MAX);
}
END_TEST

START_TEST(who_has_spoken_stays_whoever_comes)
{
    ck_assert_int_eq(connections_accepted(&connections, 7), -1);
    ck_assert_int_eq(connections_spoke(&connections, 7, &ana, AYNI_CONNECTIONS_PER_NODE_MAX), -1);
    for (int fd = 100; fd < 100 + 2 * AYNI_NEWCOMERS_MAX; fd++)
        ck_assert_int_ne(connections_accepted(&connections, fd), 7);
    ck_assert_int_eq(connections.list[0].fd, 7);
}
END_TEST

START_TEST(a_node_has_so_many_and_then_its_oldest_goes)
{
    ck_assert_int_eq(connections_accepted(&connections, 100), -1);
    ck_assert_int_eq(connections_spoke(&connections, 100, &eva, AYNI_CONNECTIONS_PER_NODE_MAX), -1);
    for (int fd = 0; fd <= AYNI_CONNECTIONS_PER_NODE_MAX; fd++) {
        ck_assert_int_eq(connections_accepted(&connections, fd), -1);
        ck_assert_int_eq(connections_spoke(&connections, fd, &ana, AYNI_CONNECTIONS_PER_NODE_MAX),
                         fd < AYNI_CONNECTIONS_PER_NODE_MAX ? -1 : 0);
    }
}
END_TEST

START_TEST(what_has_ended_makes_room)
{
    for (int fd = 0; fd < AYNI_NEWCOMERS_MAX; fd++)
        ck_assert_int_eq(connections_accepted(&connections, fd), -1);
    connections_ended(&connections, 5);
    connections_ended(&connections, 5); /* not there any more */
    ck_assert_int_eq(connections_accepted(&connections, 1000), -1);
    ck_assert_int_eq(connections_accepted(&connections, 1001), 0);
}
END_TEST

START_TEST(who_is_not_in_the_list_says_nothing_about_it)
{
    ck_assert_int_eq(connections_spoke(&connections, 3, &ana, AYNI_CONNECTIONS_PER_NODE_MAX), -1);
    ck_assert_uint_eq(connections.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("connections");

    TEST_CASE(suite, "connections", nothing, forget, newcomers_are_so_many_and_then_the_oldest_goes,
              who_has_spoken_stays_whoever_comes, a_node_has_so_many_and_then_its_oldest_goes,
              what_has_ended_makes_room, who_is_not_in_the_list_says_nothing_about_it);
    return test_run(suite);
}
