/* A request that takes data, and a client that reads nothing while it sends. */
#include "daemon/control/call.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

/* More than a socket holds, in both directions. */
enum { CHUNKS = 4, CHUNK_SIZE = 1 << 20, ITEMS = 8, ITEM_SIZE = 1 << 18 };

/* The client: it answers what asks for data, and counts the rest. */
struct client {
    int fd;
    pthread_t thread;
    size_t sent, items, progress;
    enum ayni_status end;
};

static struct client client;
static struct connection connection;
static struct control_call *call;
static uint8_t bulk[CHUNK_SIZE];

static bool receive_all(int fd, uint8_t *to, size_t size)
{
    return recv(fd, to, size, MSG_WAITALL) == (ssize_t)size;
}

static void send_data(void)
{
    SCOPED_BUFFER frame = { 0 };

    if (client.sent == CHUNKS) {
        ck_assert_int_eq(ayni_control_data_end(&frame), AYNI_OK);
    } else {
        struct ayni_control_writer writer = ayni_control_data_begin(&frame);
        bulk[0] = (uint8_t)('a' + ++client.sent);
        ayni_control_put_string(&writer, NULL, (struct ayni_bytes){ bulk, sizeof(bulk) });
        ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    }
    for (size_t at = 0; at < frame.size;) {
        ssize_t sent = send(client.fd, frame.data + at, frame.size - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* nobody takes it any more: the end is still to be heard */
        at += (size_t)sent;
    }
}

static void *listen_to_the_end(void *nothing)
{
    static uint8_t body[ITEM_SIZE + 64];
    uint8_t header[AYNI_CONTROL_HEADER_SIZE];
    struct ayni_control_answer answer = { .type = AYNI_CONTROL_WANT };
    size_t size;

    do {
        if (!receive_all(client.fd, header, sizeof(header)) ||
            ayni_control_frame_size(header, &size) != AYNI_OK || size > sizeof(body) ||
            !receive_all(client.fd, body, size) ||
            ayni_control_answer_decode((struct ayni_bytes){ body, size }, &answer) != AYNI_OK)
            return nothing;
        if (answer.type == AYNI_CONTROL_WANT)
            send_data();
        client.items += answer.type == AYNI_CONTROL_ITEM;
        client.progress += answer.type == AYNI_CONTROL_PROGRESS;
    } while (answer.type != AYNI_CONTROL_END);
    client.end = answer.status;
    return nothing;
}

static void setup(void)
{
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_writer writer = ayni_control_request_begin(&frame, "take");
    struct ayni_control_request request;
    int ends[2];

    memset(bulk, 'a', sizeof(bulk));
    ayni_control_open_object(&writer, NULL);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    ck_assert_int_eq(
        ayni_control_request_decode((struct ayni_bytes){ frame.data + AYNI_CONTROL_HEADER_SIZE,
                                                         frame.size - AYNI_CONTROL_HEADER_SIZE },
                                    &request),
        AYNI_OK);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    connection = (struct connection){ .fd = ends[0] };
    client = (struct client){ .fd = ends[1], .end = AYNI_E_IO };
    call = call_new(&connection, &request);
    ck_assert_ptr_nonnull(call);
    ck_assert_int_eq(pthread_create(&client.thread, NULL, listen_to_the_end, NULL), 0);
}

static void teardown(void)
{
    call_free(call);
    connection_done(&connection);
    close(connection.fd);
    close(client.fd);
}

static void finish(enum ayni_status status)
{
    ck_assert_int_eq(call_finish(call, status), AYNI_OK);
    pthread_join(client.thread, NULL);
    ck_assert_int_eq(client.end, status);
}

static void send_items(void)
{
    for (size_t i = 0; i < ITEMS; i++) {
        ayni_control_put_string(call_item(call), NULL, (struct ayni_bytes){ bulk, ITEM_SIZE });
        ck_assert_int_eq(call_send(call), AYNI_OK);
    }
}

/* Nobody waits for the other, however much both have to say; and each chunk comes once, in order.
 */
START_TEST(what_is_taken_and_told_may_be_larger_than_a_socket)
{
    struct ayni_control_value value;
    enum ayni_status status;
    size_t taken = 0;

    while ((status = call_receive(call, &value)) == AYNI_OK) {
        ck_assert_uint_eq(value.bytes.size, CHUNK_SIZE);
        ck_assert_uint_eq(value.bytes.data[0], 'a' + ++taken);
        send_items();
        ck_assert_uint_eq(value.bytes.data[0], 'a' + taken);
        ck_assert_int_eq(call_progress(call, taken, CHUNKS), AYNI_OK);
    }
    ck_assert_int_eq(status, AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(taken, CHUNKS);
    finish(AYNI_OK);
    ck_assert_uint_eq(client.items, CHUNKS * ITEMS);
    ck_assert_uint_ge(client.progress, 1);
}
END_TEST

/* What was asked for and isn't wanted any more is taken before the end is told. */
START_TEST(a_request_may_end_before_its_data)
{
    struct ayni_control_value value;

    for (int i = 0; i < _i; i++)
        ck_assert_int_eq(call_receive(call, &value), AYNI_OK);
    finish(AYNI_E_INVALID);
}
END_TEST

/* As where the daemon stops: nothing can be read, but the end is still told. */
START_TEST(who_is_not_read_any_more_still_hears_the_end)
{
    struct ayni_control_value value;

    ck_assert_int_eq(call_receive(call, &value), AYNI_OK);
    ck_assert_int_eq(shutdown(connection.fd, SHUT_RD), 0);
    finish(AYNI_E_STOPPED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("call");
    TCase *data = tcase_create("data");

    tcase_add_checked_fixture(data, setup, teardown);
    tcase_add_test(data, what_is_taken_and_told_may_be_larger_than_a_socket);
    tcase_add_loop_test(data, a_request_may_end_before_its_data, 0, 3);
    tcase_add_test(data, who_is_not_read_any_more_still_hears_the_end);
    suite_add_tcase(suite, data);
    return test_run(suite);
}
