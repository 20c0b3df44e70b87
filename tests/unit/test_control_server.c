#include "daemon/control/server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/suite.h"

static struct test_folder folder;
static char path[300];
static struct control_server *server;
static const char *role = "admin";
static struct visitor asked_by;

static void role_of(struct daemon *daemon, struct visitor *visitor, char to[CONTROL_ROLE_SIZE])
{
    (void)daemon;
    asked_by = *visitor;
    snprintf(to, CONTROL_ROLE_SIZE, "%s", role);
}

static const struct control_host host = { .role_of = role_of };

static void setup(void)
{
    test_folder_make(&folder);
    test_folder_path(&folder, "control.sock", path, sizeof(path));
    ck_assert_int_eq(control_server_start(&host, path, &server), AYNI_OK);
}

static void teardown(void)
{
    control_server_stop(server);
    test_folder_remove(&folder);
}

static struct sockaddr_un address_of(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    ck_assert_uint_lt(strlen(name), sizeof(address.sun_path));
    memcpy(address.sun_path, name, strlen(name));
    return address;
}

static int connect_here(void)
{
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void ask(int fd, const char *command)
{
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_writer writer = ayni_control_request_begin(&frame, command);

    ayni_control_open_object(&writer, NULL);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    ck_assert_int_eq(send(fd, frame.data, frame.size, MSG_NOSIGNAL), (ssize_t)frame.size);
}

/* The next answer; `body` keeps its bytes. */
static struct ayni_control_answer hear(int fd, uint8_t body[4096])
{
    uint8_t header[AYNI_CONTROL_HEADER_SIZE];
    struct ayni_control_answer answer;
    size_t size;

    ck_assert_int_eq(recv(fd, header, sizeof(header), MSG_WAITALL), sizeof(header));
    ck_assert_int_eq(ayni_control_frame_size(header, &size), AYNI_OK);
    ck_assert_uint_lt(size, 4096);
    ck_assert_int_eq(recv(fd, body, size, MSG_WAITALL), (ssize_t)size);
    ck_assert_int_eq(ayni_control_answer_decode((struct ayni_bytes){ body, size }, &answer),
                     AYNI_OK);
    return answer;
}

START_TEST(ping_is_answered_as_often_as_asked)
{
    uint8_t body[4096];
    int fd = connect_here();

    for (int i = 0; i < 3; i++) {
        ask(fd, "ping");
        ck_assert_int_eq(hear(fd, body).type, AYNI_CONTROL_ITEM);
        struct ayni_control_answer end = hear(fd, body);
        ck_assert_int_eq(end.type, AYNI_CONTROL_END);
        ck_assert_int_eq(end.status, AYNI_OK);
    }
    close(fd);
}
END_TEST

START_TEST(an_unknown_request_is_refused_in_words)
{
    uint8_t body[4096];
    struct ayni_control_value text;
    int fd = connect_here();

    ask(fd, "pong");
    struct ayni_control_answer end = hear(fd, body);
    ck_assert_int_eq(end.type, AYNI_CONTROL_END);
    ck_assert_int_eq(end.status, AYNI_E_USAGE);
    ck_assert(ayni_control_find(&end.value, "text", &text));
    ck_assert(ayni_control_find(&end.value, "args", &text));
    ck_assert_uint_eq(ayni_control_count(&text), 1);
    close(fd);
}
END_TEST

/* Garbage and a frame that announces 4 GiB end that connection and no other. */
START_TEST(garbage_ends_the_connection_alone)
{
    static const uint8_t garbage[] = { 0, 0, 0, 2, 0xff, 0xff };
    static const uint8_t huge[] = { 0xff, 0xff, 0xff, 0xff };
    uint8_t byte, body[4096];
    int good = connect_here(), bad = connect_here(), worse = connect_here();

    ck_assert_int_eq(send(bad, garbage, sizeof(garbage), 0), sizeof(garbage));
    ck_assert_int_le(recv(bad, &byte, 1, 0), 0);
    ck_assert_int_eq(send(worse, huge, sizeof(huge), 0), sizeof(huge));
    ck_assert_int_le(recv(worse, &byte, 1, 0), 0);
    ask(good, "ping");
    ck_assert_int_eq(hear(good, body).type, AYNI_CONTROL_ITEM);
    close(good);
    close(bad);
    close(worse);
}
END_TEST

START_TEST(any_local_user_may_ask)
{
    struct stat is;
    ck_assert_int_eq(stat(path, &is), 0);
    ck_assert_int_eq(is.st_mode & 0777, 0666);
}
END_TEST

/* Who is no steward gets a few answers, and keeps no place. */
START_TEST(a_stranger_is_told_so_a_few_times)
{
    uint8_t body[4096], byte;

    role = "";
    int fd = connect_here();
    for (int times = 0; times < 4; times++) {
        ask(fd, "types");
        struct ayni_control_answer end = hear(fd, body);
        ck_assert_int_eq(end.type, AYNI_CONTROL_END);
        ck_assert_int_eq(end.status, AYNI_E_RIGHT);
    }
    ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
    close(fd);
    fd = connect_here();
    ask(fd, "ping");
    ck_assert_int_eq(hear(fd, body).type, AYNI_CONTROL_ITEM);
    close(fd);
}
END_TEST

/* Of too many at once whoever comes last hears so, as long as she isn't one of too many, too. */
START_TEST(who_finds_no_room_is_told_so)
{
    int fds[CONTROL_CONNECTIONS_MAX];
    uint8_t body[4096], byte;
    struct ayni_control_value text;

    for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++) {
        fds[i] = connect_here();
        ask(fds[i], "ping");
        ck_assert_int_eq(hear(fds[i], body).type, AYNI_CONTROL_ITEM);
    }
    for (int times = 0; times < 3 * CONTROL_TURNED_AWAY_MAX; times++) {
        int fd = connect_here();
        ask(fd, "ping");
        struct ayni_control_answer end = hear(fd, body);
        ck_assert_int_eq(end.type, AYNI_CONTROL_END);
        ck_assert_int_eq(end.status, AYNI_E_BUSY);
        ck_assert(ayni_control_find(&end.value, "text", &text));
        ck_assert(ayni_control_find(&end.value, "hint", &text));
        ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
        close(fd);
    }
    close(fds[0]);
    for (bool served = false; !served;) { /* as soon as its thread has seen that */
        fds[0] = connect_here();
        ask(fds[0], "ping");
        served = hear(fds[0], body).type == AYNI_CONTROL_ITEM;
        if (!served)
            close(fds[0]);
    }
    for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
        close(fds[i]);
}
END_TEST

/* What somebody else has accepted is served as the visitor that it names. */
START_TEST(a_visitor_from_elsewhere_is_welcome)
{
    const struct visitor visitor = { .name = "rosa", .has_key = true, .key = { 7 } };
    uint8_t body[4096];
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    control_server_welcome(server, ends[1], &visitor);
    ask(ends[0], "ping");
    ck_assert_int_eq(hear(ends[0], body).type, AYNI_CONTROL_ITEM);
    ck_assert_int_eq(hear(ends[0], body).type, AYNI_CONTROL_END);
    ck_assert(asked_by.has_key && asked_by.key[0] == 7);
    close(ends[0]);
}
END_TEST

START_TEST(a_second_daemon_is_told_that_one_runs)
{
    struct control_server *second;
    ck_assert_int_eq(control_server_start(&host, path, &second), AYNI_E_BUSY);
}
END_TEST

START_TEST(what_a_dead_daemon_left_is_replaced)
{
    struct control_server *second;
    char left[300];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    test_folder_path(&folder, "left.sock", left, sizeof(left));
    struct sockaddr_un address = address_of(left);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
    ck_assert_int_eq(control_server_start(&host, left, &second), AYNI_OK);
    control_server_stop(second);
    ck_assert_int_ne(access(left, F_OK), 0);
}
END_TEST

START_TEST(a_file_of_that_name_is_somebodys)
{
    struct control_server *second;
    char notes[300];

    test_folder_write(&folder, "notes", "mine", 4);
    test_folder_path(&folder, "notes", notes, sizeof(notes));
    ck_assert_int_eq(control_server_start(&host, notes, &second), AYNI_E_IO);
    ck_assert(test_file_holds(notes, TEST_BYTES("mine")));
}
END_TEST

START_TEST(a_long_path_serves)
{
    struct control_server *second;
    char deep[600];
    size_t size = (size_t)snprintf(deep, sizeof(deep), "%s/", folder.path);

    memset(deep + size, 'x', 150);
    deep[size + 150] = '\0';
    ck_assert_int_eq(mkdir(deep, 0700), 0);
    strcat(deep, "/control.sock");
    ck_assert_int_eq(control_server_start(&host, deep, &second), AYNI_OK);
    ck_assert_int_eq(access(deep, F_OK), 0);
    control_server_stop(second);
    ck_assert_int_ne(access(deep, F_OK), 0);
}
END_TEST

START_TEST(a_socket_that_another_made_is_left)
{
    struct control_server *second;

    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(control_server_start(&host, path, &second), AYNI_OK);
    control_server_stop(server);
    ck_assert_int_eq(access(path, F_OK), 0);
    server = second;
}
END_TEST

START_TEST(stopping_ends_who_waits)
{
    uint8_t byte;
    int fd = connect_here();

    control_server_stop(server);
    ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
    close(fd);
    ck_assert_int_eq(control_server_start(&host, path, &server), AYNI_OK);
}
END_TEST

static const struct {
    const char *role;
    const char *allowed; /* of survey read audit write review tend admin, a letter each */
} allowed[] = {
    { "", "-------" },       { "reader", "sr-----" },   { "auditor", "sra----" },
    { "editor", "sr-w---" }, { "reviewer", "sr-wv--" }, { "admin", "srawvtx" },
    { "pope", "-------" },
};

START_TEST(a_role_may_do_what_it_is_for)
{
    for (int need = CONTROL_NEED_SURVEY; need <= CONTROL_NEED_ADMIN; need++)
        ck_assert_int_eq(control_role_allows(allowed[_i].role, (enum control_need)need),
                         allowed[_i].allowed[need - CONTROL_NEED_SURVEY] != '-');
    ck_assert(control_role_allows(allowed[_i].role, CONTROL_NEED_NOTHING));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("control_server");
    TCase *served = tcase_create("served");
    TCase *roles = tcase_create("roles");

    tcase_add_checked_fixture(served, setup, teardown);
    tcase_add_test(served, ping_is_answered_as_often_as_asked);
    tcase_add_test(served, an_unknown_request_is_refused_in_words);
    tcase_add_test(served, a_stranger_is_told_so_a_few_times);
    tcase_add_test(served, who_finds_no_room_is_told_so);
    tcase_add_test(served, a_visitor_from_elsewhere_is_welcome);
    tcase_add_test(served, garbage_ends_the_connection_alone);
    tcase_add_test(served, any_local_user_may_ask);
    tcase_add_test(served, a_second_daemon_is_told_that_one_runs);
    tcase_add_test(served, what_a_dead_daemon_left_is_replaced);
    tcase_add_test(served, a_file_of_that_name_is_somebodys);
    tcase_add_test(served, a_long_path_serves);
    tcase_add_test(served, a_socket_that_another_made_is_left);
    tcase_add_test(served, stopping_ends_who_waits);
    tcase_add_loop_test(roles, a_role_may_do_what_it_is_for, 0,
                        sizeof(allowed) / sizeof(allowed[0]));
    suite_add_tcase(suite, served);
    suite_add_tcase(suite, roles);
    return test_run(suite);
}
