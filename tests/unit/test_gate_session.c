#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/net/gate_session.h"
#include "proto/control.h"
#include "proto/limits.h"
#include "tests/support/suite.h"

static struct gate_session *session;
static int served;
static uint8_t piece[GATE_PIECE_MAX];

static void setup(void)
{
    session = calloc(1, sizeof(*session));
    ck_assert_ptr_nonnull(session);
    ck_assert_int_eq(gate_session_open(session, NULL, &served), AYNI_OK);
    memset(piece, 'x', sizeof(piece));
}

static void teardown(void)
{
    gate_session_close(session);
    free(session);
    if (served >= 0)
        close(served);
}

static enum ayni_status take(size_t size)
{
    return gate_session_take(session, (struct ayni_bytes){ piece, size });
}

/* All that the other end can read now. */
static size_t read_served(void)
{
    uint8_t got[4096];
    size_t total = 0;

    for (ssize_t size; (size = recv(served, got, sizeof(got), MSG_DONTWAIT)) > 0;)
        total += (size_t)size;
    return total;
}

/* What came is written at once, and what doesn't go waits for its turn. */
START_TEST(requests_get_through_in_pieces)
{
    size_t said = 0, heard = 0;

    ck_assert_int_eq(take(10), AYNI_OK);
    ck_assert_uint_eq(session->requests.size, 0);
    ck_assert_uint_eq(read_served(), 10);
    while (session->requests.size == 0) {
        ck_assert_int_eq(take(sizeof(piece)), AYNI_OK);
        said += sizeof(piece);
    }
    ck_assert_uint_ne(gate_session_events(session) & POLLOUT, 0);
    while (session->requests.size > 0) {
        heard += read_served();
        gate_session_pump(session);
    }
    heard += read_served();
    ck_assert_uint_eq(heard, said);
    ck_assert_uint_eq(gate_session_events(session) & POLLOUT, 0);
}
END_TEST

/* More than a whole frame that nobody reads isn't kept. */
START_TEST(what_nobody_reads_has_a_limit)
{
    enum ayni_status status = AYNI_OK;

    for (size_t said = 0; status == AYNI_OK; said += sizeof(piece)) {
        ck_assert_uint_lt(said, 4 * (size_t)AYNI_CONTROL_FRAME_MAX);
        status = take(sizeof(piece));
        ck_assert_uint_le(session->requests.size,
                          AYNI_CONTROL_FRAME_MAX + AYNI_CONTROL_HEADER_SIZE);
    }
    ck_assert_int_eq(status, AYNI_E_LIMIT);
}
END_TEST

/* One piece is read ahead; the rest holds the other end back. */
START_TEST(answers_wait_in_the_socket)
{
    size_t said = 0;

    for (ssize_t size; (size = send(served, piece, sizeof(piece), MSG_DONTWAIT)) > 0;)
        said += (size_t)size;
    close(served);
    served = -1;
    for (;;) {
        gate_session_pump(session);
        size_t size = session->piece_size;
        gate_session_pump(session);
        ck_assert_uint_eq(session->piece_size, size);
        if (size == 0)
            break;
        ck_assert_uint_eq(gate_session_events(session), 0);
        said -= size;
        session->piece_size = 0;
    }
    ck_assert_uint_eq(said, 0);
    ck_assert(session->ended);
    ck_assert_uint_eq(gate_session_events(session), 0);
}
END_TEST

/* What is said to whoever serves no more is lost, and nothing waits for it. */
START_TEST(a_server_that_is_gone_takes_what_comes)
{
    close(served);
    served = -1;
    ck_assert_int_eq(take(sizeof(piece)), AYNI_OK);
    ck_assert_uint_eq(session->requests.size, 0);
    gate_session_pump(session);
    ck_assert(session->ended);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gate_session");

    TEST_CASE(suite, "session", setup, teardown, requests_get_through_in_pieces,
              what_nobody_reads_has_a_limit, answers_wait_in_the_socket,
              a_server_that_is_gone_takes_what_comes);
    return test_run(suite);
}
