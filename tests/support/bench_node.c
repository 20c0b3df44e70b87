#include "tests/support/bench_node.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "po/program.h"
#include "tests/support/bench.h"

enum { WAIT_S = 60 };

static void nap(unsigned ms)
{
    usleep(ms * 1000);
}

static void require_answer(const struct bench_node *node, enum ayni_status status,
                           const struct failure *failure)
{
    bench_require(status == AYNI_OK, node->name, failure->text);
}

/* --- the home and the process --- */

static unsigned free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    bench_require(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
                      getsockname(fd, (struct sockaddr *)&address, &size) == 0,
                  "port", "none is free");
    close(fd);
    return ntohs(address.sin_port);
}

static enum ayni_status ignore_item(void *context, const struct ayni_control_value *value,
                                    struct failure *failure)
{
    (void)context;
    (void)value;
    (void)failure;
    return AYNI_OK;
}

void bench_node_init(struct bench_node *node, const char *folder, const char *name, bool steering)
{
    struct failure failure = { 0 };
    struct client_sink sink = { .item = ignore_item };

    *node = (struct bench_node){ 0 };
    snprintf(node->name, sizeof(node->name), "%s", name);
    snprintf(node->home, sizeof(node->home), "%s/%s", folder, name);
    snprintf(node->endpoint, sizeof(node->endpoint), "tcp://127.0.0.1:%u", free_port());
    const char *words[] = {
        "aynid",        "--worker", "init",     "--home",
        node->home,     "--name",   node->name, steering ? "--steering" : NULL,
        "--federation", "Bench",    NULL,
    };
    enum ayni_status status = client_start_worker(words, &node->client, &failure);
    if (status == AYNI_OK)
        status = client_listen(&node->client, &sink, &failure);
    require_answer(node, status, &failure);
    client_close(&node->client);
}

/* Those that run when the bench ends early: their homes are deleted after them. */
static pid_t running[8];

static void note(pid_t before, pid_t now)
{
    for (size_t i = 0; i < sizeof(running) / sizeof(running[0]); i++) {
        if (running[i] == before) {
            running[i] = now;
            return;
        }
    }
}

static void kill_running(void)
{
    for (size_t i = 0; i < sizeof(running) / sizeof(running[0]); i++)
        if (running[i] > 0 && kill(running[i], SIGKILL) == 0)
            waitpid(running[i], NULL, 0);
}

static void become_daemon(const struct bench_node *node)
{
    char program[PATH_MAX], log[400];

    snprintf(log, sizeof(log), "%s.log", node->home);
    int to = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it must not outlive the bench */
    dup2(to, STDOUT_FILENO);
    dup2(to, STDERR_FILENO);
    if (program_beside("aynid", program))
        execl(program, "aynid", "--home", node->home, "--listen", node->endpoint, (char *)NULL);
    _exit(127);
}

void bench_node_start(struct bench_node *node)
{
    struct settings settings = { .home = node->home, .language = "en" };
    struct failure failure = { 0 };
    double deadline = bench_now() + WAIT_S;

    static bool has_handler;

    if (!has_handler)
        has_handler = atexit(kill_running) == 0;
    node->process = fork();
    if (node->process == 0)
        become_daemon(node);
    bench_require(node->process > 0, node->name, "can't be started");
    note(0, node->process);
    while (client_connect(&settings, &node->client, &failure) != AYNI_OK) {
        bench_require(waitpid(node->process, NULL, WNOHANG) == 0, node->name, "ended: see its log");
        bench_require(bench_now() < deadline, node->name, failure.text);
        nap(2);
    }
    bench_node_ask(node, "status", NULL);
}

void bench_node_stop(struct bench_node *node)
{
    int ended = 0;

    client_close(&node->client);
    kill(node->process, SIGTERM);
    note(node->process, 0);
    bench_require(waitpid(node->process, &ended, 0) == node->process && ended == 0, node->name,
                  "did not end well");
    node->process = 0;
}

void bench_node_kill(struct bench_node *node)
{
    client_close(&node->client);
    kill(node->process, SIGKILL);
    note(node->process, 0);
    waitpid(node->process, NULL, 0);
    node->process = 0;
}

void bench_node_connect(struct bench_node *more, const struct bench_node *node)
{
    struct settings settings = { .home = node->home, .language = "en" };
    struct failure failure = { 0 };

    *more = (struct bench_node){ 0 };
    snprintf(more->name, sizeof(more->name), "%s", node->name);
    enum ayni_status status = client_connect(&settings, &more->client, &failure);
    require_answer(more, status, &failure);
}

void bench_node_free(struct bench_node *node)
{
    if (node->process > 0)
        bench_node_stop(node);
    else
        client_close(&node->client);
    ayni_buffer_free(&node->items);
}

/* --- requests --- */

/* One exchange: whose items are kept, and who has its data. */
struct upload {
    struct bench_node *node;
    enum ayni_status (*want)(void *context, struct ayni_buffer *frame, struct failure *failure);
    void *context;
};

static enum ayni_status keep_item(void *context, const struct ayni_control_value *value,
                                  struct failure *failure)
{
    struct upload *upload = context;
    struct ayni_control_writer writer = ayni_control_writer(&upload->node->items);

    ayni_control_put_value(&writer, NULL, value);
    return upload->node->items.failed ? fail_memory(failure) : AYNI_OK;
}

static enum ayni_status give_data(void *context, struct ayni_buffer *frame, struct failure *failure)
{
    const struct upload *upload = context;

    bench_require(upload->want != NULL, upload->node->name, "asks for data");
    return upload->want(upload->context, frame, failure);
}

struct ayni_control_writer bench_node_request(struct bench_node *node, const char *command)
{
    return client_request(&node->client, command);
}

bool bench_node_upload(struct bench_node *node,
                       enum ayni_status (*want)(void *context, struct ayni_buffer *frame,
                                                struct failure *failure),
                       void *context)
{
    struct upload upload = { node, want, context };
    struct client_sink sink = { .context = &upload, .item = keep_item, .want = give_data };
    struct failure failure = { 0 };

    ayni_buffer_clear(&node->items);
    enum ayni_status status = client_exchange(&node->client, &sink, &failure);
    if (status == AYNI_E_NOT_FOUND)
        return false;
    require_answer(node, status, &failure);
    node->unread = ayni_cbor_reader(ayni_buffer_bytes(&node->items));
    return true;
}

bool bench_node_exchange(struct bench_node *node)
{
    return bench_node_upload(node, NULL, NULL);
}

void bench_node_ask(struct bench_node *node, const char *command, ...)
{
    struct ayni_control_writer writer = bench_node_request(node, command);
    va_list arguments;

    ayni_control_open_object(&writer, NULL);
    va_start(arguments, command);
    for (const char *name; (name = va_arg(arguments, const char *)) != NULL;)
        ayni_control_put_text(&writer, name, va_arg(arguments, const char *));
    va_end(arguments);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node), command, "not found");
}

bool bench_node_item(struct bench_node *node, struct ayni_control_value *item)
{
    if (node->unread.position == node->unread.input.size)
        return false;
    *item = ayni_control_read(&node->unread);
    return node->unread.status == AYNI_OK;
}

uint64_t bench_item_number(const struct ayni_control_value *item, const char *key)
{
    struct ayni_control_value value;

    bench_require(ayni_control_find(item, key, &value) && value.kind == AYNI_CONTROL_INT &&
                      value.integer >= 0,
                  "no such number in the answer", key);
    return (uint64_t)value.integer;
}

/* A text of the one item of the last answer, of at most `size` with its end. */
static void copy_text(struct bench_node *node, const char *key, char *to, size_t size)
{
    struct ayni_control_value item, value;

    bench_require(bench_node_item(node, &item) && ayni_control_find(&item, key, &value) &&
                      value.kind == AYNI_CONTROL_TEXT && value.bytes.size < size,
                  "no such text in the answer", key);
    memcpy(to, value.bytes.data, value.bytes.size);
    to[value.bytes.size] = '\0';
}

/* --- among others --- */

static void await(struct bench_node *node, bool (*condition)(struct bench_node *node),
                  const char *what)
{
    for (double deadline = bench_now() + WAIT_S; !condition(node); nap(20))
        bench_require(bench_now() < deadline, node->name, what);
}

static bool is_member(struct bench_node *node)
{
    char state[32];

    bench_node_ask(node, "status", NULL);
    copy_text(node, "state", state, sizeof(state));
    return strcmp(state, "member") == 0;
}

void bench_node_join(struct bench_node *node, struct bench_node *steering)
{
    char text[16384];

    bench_node_ask(steering, "ticket", NULL);
    copy_text(steering, "ticket", text, sizeof(text));
    bench_node_ask(node, "join", "ticket", text, NULL);
    bench_node_ask(node, "card", NULL);
    copy_text(node, "card", text, sizeof(text));
    bench_node_ask(steering, "member.add", "card", text, NULL);
    await(node, is_member, "did not become a member in time");
    bench_node_await_sync(node);
}

static bool is_in_sync(struct bench_node *node)
{
    struct ayni_control_value item, in_sync;
    struct ayni_control_writer writer = bench_node_request(node, "sync");

    ayni_control_open_object(&writer, NULL);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node), "sync", "not found");
    return bench_node_item(node, &item) && ayni_control_find(&item, "in_sync", &in_sync) &&
           in_sync.kind == AYNI_CONTROL_BOOL && in_sync.boolean;
}

void bench_node_await_sync(struct bench_node *node)
{
    await(node, is_in_sync, "did not come into sync in time");
}

bool bench_node_space(struct bench_node *node, const char *space, struct ayni_control_value *item)
{
    struct ayni_control_value name;
    struct ayni_bytes wanted = ayni_bytes_of_text(space);

    bench_node_ask(node, "space.list", NULL);
    while (bench_node_item(node, item))
        if (ayni_control_find(item, "space", &name) && ayni_bytes_equal(name.bytes, wanted))
            return true;
    return false;
}

static bool has_role(struct bench_node *node, const char *space, const char *role)
{
    struct ayni_control_value item, found;

    return bench_node_space(node, space, &item) && ayni_control_find(&item, "role", &found) &&
           ayni_bytes_equal(found.bytes, ayni_bytes_of_text(role));
}

void bench_node_await_role(struct bench_node *node, const char *space, const char *role)
{
    for (double deadline = bench_now() + WAIT_S; !has_role(node, space, role); nap(20))
        bench_require(bench_now() < deadline, node->name, "does not hear of its right");
}

struct bench_traffic bench_node_traffic(struct bench_node *node)
{
    struct bench_traffic traffic = { 0 };
    struct ayni_control_value item;

    bench_node_ask(node, "peer.list", NULL);
    while (bench_node_item(node, &item)) {
        traffic.sent += bench_item_number(&item, "sent_bytes");
        traffic.received += bench_item_number(&item, "received_bytes");
    }
    return traffic;
}

uint64_t bench_node_disk(const struct bench_node *node)
{
    char log[400], views[400];

    snprintf(log, sizeof(log), "%s/log", node->home);
    snprintf(views, sizeof(views), "%s/views", node->home);
    return bench_folder_bytes(log) + bench_folder_bytes(views);
}
