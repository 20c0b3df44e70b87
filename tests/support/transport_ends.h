#ifndef AYNI_TESTS_SUPPORT_TRANSPORT_ENDS_H
#define AYNI_TESTS_SUPPORT_TRANSPORT_ENDS_H

#include <check.h>

#include "daemon/clock.h"
#include "daemon/net/transport.h"

/* Two ends on loopback, of which one listens: a checked fixture; and raw sockets beside them. */
enum { TEST_WAIT_MS = 10000 };

struct test_end {
    struct transport *transport;
    uint8_t public_key[32], secret_key[32];
    struct ayni_node node; /* what the other end calls it */
    struct test_end *other;
    bool admits;
    struct link *link; /* the last that came up, until it goes */
    unsigned ups, downs, messages;
    const char *why; /* the last went down */
    struct ayni_buffer last;
    bool hangs_up_on_message;
};
extern struct test_end test_server, test_client;

void test_ends_open(void);
void test_ends_close(void);
enum ayni_status test_open_end(struct test_end *end, const char *listen, char *why,
                               size_t why_size);

/* Let both work until the condition is true; the tests say what it is. */
#define test_work_until(condition)                                                                 \
    do {                                                                                           \
        uint64_t end_ms = clock_ticks_ms() + TEST_WAIT_MS;                                         \
        while (!(condition)) {                                                                     \
            ck_assert_msg(clock_ticks_ms() < end_ms, "never: %s", #condition);                     \
            test_work();                                                                           \
        }                                                                                          \
    } while (0)

void test_work(void);
void test_work_for(uint64_t ms);

/* The client dials the server. */
struct link *test_dial(void);
enum ayni_status test_say(struct test_end *from, const char *text);
/* The last message that it got. */
bool test_heard(const struct test_end *end, const char *text);

/* A DEALER of nobody's: with these keys, as ZeroMQ has it. */
struct test_raw {
    void *zmq, *socket;
};
struct test_raw test_raw_open(const uint8_t public_key[32], const uint8_t secret_key[32],
                              const uint8_t server_key[32]);
/* With the client's keys. */
struct test_raw test_raw_client(void);
void test_raw_close(struct test_raw *raw);

#endif
