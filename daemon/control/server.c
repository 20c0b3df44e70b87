#include "daemon/control/server.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/control/control_socket.h"
#include "daemon/report.h"
#include "proto/text.h"

/* How long answers that are being given may take when the daemon stops. */
enum { STOP_PATIENCE_MS = 3000, STRANGER_PATIENCE_S = 5, STRANGER_REQUESTS_MAX = 4 };

struct control_server {
    struct control_host host;
    char path[PATH_MAX];
    struct stat made; /* the socket, so that only our own is removed */
    int fd;
    pthread_t acceptor;
    pthread_mutex_t lock;
    pthread_cond_t quiet; /* a connection ended */
    bool stopping;
    int open[CONTROL_CONNECTIONS_MAX + CONTROL_TURNED_AWAY_MAX]; /* fds that are being served */
    size_t open_count, away_count; /* and those of them that are turned away */
};

/* What a connection's thread is given. */
struct visit {
    struct control_server *server;
    int fd;
    bool away; /* there is no room for it */
    struct visitor visitor;
};

/* Requests. */

typedef enum ayni_status answering(struct control_server *server, struct control_call *call,
                                   struct ayni_bytes name);

static enum ayni_status refuse(struct control_call *call, const char *role)
{
    if (role[0] == '\0') {
        enum ayni_status status = call_fail(
            call, AYNI_E_RIGHT, N_("{} is not a steward of this node"), call_steward(call), NULL);
        call_hint(call, N_("an admin can change that: ayni steward add {} --role editor"),
                  call_steward(call), NULL);
        return status;
    }
    call_hint(call, N_("`ayni steward list` says who has which role here"), NULL);
    return call_fail(call, AYNI_E_RIGHT, N_("{} is {} here, and that role may not do this"),
                     call_steward(call), role, NULL);
}

static enum ayni_status answer(struct control_server *server, struct control_call *call,
                               struct ayni_bytes name)
{
    const struct control_host *host = &server->host;
    char role[CONTROL_ROLE_SIZE] = "", spelled[64];
    const struct control_command *command = control_command_find(name);

    if (command == NULL) {
        (void)ayni_text_copy(name, spelled, sizeof(spelled));
        return call_fail(call, AYNI_E_USAGE, N_("this daemon doesn't know the request {}"), spelled,
                         NULL);
    }
    host->role_of(host->daemon, call_visitor(call), role);
    if (!control_role_allows(role, command->need))
        return refuse(call, role);
    call_visitor(call)->is_admin = control_role_allows(role, CONTROL_NEED_ADMIN);
    call_visitor(call)->may_settle = control_role_allows(role, CONTROL_NEED_REVIEW);
    call_visitor(call)->only_reads = !control_role_allows(role, CONTROL_NEED_WRITE);
    enum ayni_status status =
        host->admit != NULL ? host->admit(host->daemon, call, command->need) : AYNI_OK;
    if (status == AYNI_OK)
        status = command->handler(host->daemon, call);
    if (status != AYNI_OK && host->explain != NULL)
        host->explain(host->daemon, status, call_complaint(call));
    return status;
}

static enum ayni_status turn_away(struct control_server *server, struct control_call *call,
                                  struct ayni_bytes name)
{
    (void)server, (void)name;
    call_hint(call, N_("try again as soon as one of them has ended"), NULL);
    return call_fail(call, AYNI_E_BUSY,
                     N_("this node is answering as many commands at once as it does"), NULL);
}

static enum ayni_status serve_request(struct control_server *server, struct connection *connection,
                                      answering *answers)
{
    struct ayni_bytes body;
    struct ayni_control_request request;

    enum ayni_status status = connection_receive(connection, &body);
    if (status != AYNI_OK)
        return status;
    status = ayni_control_request_decode(body, &request);
    if (status != AYNI_OK)
        return status;
    struct control_call *call = call_new(connection, &request);
    if (call == NULL)
        return AYNI_E_MEMORY;
    status = call_finish(call, answers(server, call, request.command));
    call_free(call);
    return status;
}

/* Connections. */

static bool enter(struct control_server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->lock);
    visit->away = server->open_count - server->away_count == CONTROL_CONNECTIONS_MAX;
    bool room =
        !server->stopping && (!visit->away || server->away_count < (size_t)CONTROL_TURNED_AWAY_MAX);
    if (room) {
        server->open[server->open_count++] = visit->fd;
        server->away_count += visit->away;
    }
    pthread_mutex_unlock(&server->lock);
    return room;
}

/* The fd is closed while it can't be shut down any more, so that no other file gets its number
 * meanwhile. */
static void leave(struct control_server *server, const struct visit *visit)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->open_count; i++)
        if (server->open[i] == visit->fd) {
            server->open[i] = server->open[--server->open_count];
            break;
        }
    server->away_count -= visit->away;
    close(visit->fd);
    pthread_cond_signal(&server->quiet);
    pthread_mutex_unlock(&server->lock);
}

/* Who is no steward may hear that, and what anybody may ask; she keeps no place for long. */
static bool is_stranger(const struct control_host *host, struct visitor *visitor)
{
    char role[CONTROL_ROLE_SIZE] = "";

    host->role_of(host->daemon, visitor, role);
    return role[0] == '\0';
}

/* A few requests, and none that is long in coming. */
static enum ayni_status serve_briefly(struct control_server *server, struct connection *connection,
                                      int request_count, answering *answers)
{
    const struct timeval patience = { .tv_sec = STRANGER_PATIENCE_S };

    if (setsockopt(connection->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0)
        return AYNI_E_IO;
    enum ayni_status status = AYNI_OK;
    for (int i = 0; i < request_count && status == AYNI_OK; i++)
        status = serve_request(server, connection, answers);
    return status == AYNI_OK ? AYNI_E_STOPPED : status;
}

static void *serve(void *argument)
{
    struct visit visit = *(struct visit *)argument;
    struct connection connection = { .fd = visit.fd, .visitor = visit.visitor };
    enum ayni_status status = AYNI_OK;

    free(argument);
    pthread_setname_np(pthread_self(), "control");
    if (visit.away)
        status = serve_briefly(visit.server, &connection, 1, turn_away);
    else if (is_stranger(&visit.server->host, &connection.visitor))
        status = serve_briefly(visit.server, &connection, STRANGER_REQUESTS_MAX, answer);
    while (status == AYNI_OK)
        status = serve_request(visit.server, &connection, answer);
    if (status != AYNI_E_STOPPED)
        report(REPORT_WARNING, "control_dropped", "reason=%s", ayni_status_name(status));
    connection_done(&connection);
    leave(visit.server, &visit);
    return NULL;
}

void control_server_welcome(struct control_server *server, int fd, const struct visitor *visitor)
{
    pthread_t thread;
    struct visit *visit = malloc(sizeof(*visit));

    if (visit != NULL)
        *visit = (struct visit){ .server = server, .fd = fd, .visitor = *visitor };
    if (visit == NULL || !enter(server, visit)) {
        report(REPORT_WARNING, "control_refused", "reason=busy");
        free(visit);
        close(fd);
        return;
    }
    if (visit->away)
        report(REPORT_WARNING, "control_turned_away", "connections=%d", CONTROL_CONNECTIONS_MAX);
    if (pthread_create(&thread, NULL, serve, visit) != 0) {
        report(REPORT_ERROR, "control_refused", "reason=no_thread");
        leave(server, visit);
        free(visit);
        return;
    }
    pthread_detach(thread);
}

static void welcome_local(struct control_server *server, int fd)
{
    struct visitor visitor;

    if (visitor_of_socket(fd, &visitor) == AYNI_OK)
        control_server_welcome(server, fd, &visitor);
    else
        close(fd);
}

static void *accept_all(void *argument)
{
    struct control_server *server = argument;

    pthread_setname_np(pthread_self(), "control-accept");
    for (;;) {
        int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            welcome_local(server, fd);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
            usleep(100 * 1000); /* until somebody goes */
        else if (errno != EINTR && errno != ECONNABORTED)
            return NULL; /* shut down */
    }
}

/* Its life. */

enum ayni_status control_server_start(const struct control_host *host, const char *path,
                                      struct control_server **server)
{
    int fd;
    struct control_server *made;
    enum ayni_status status = control_socket_open(path, &fd);

    if (status != AYNI_OK)
        return status;
    made = calloc(1, sizeof(*made));
    if (made == NULL) {
        close(fd);
        return AYNI_E_MEMORY;
    }
    made->host = *host;
    made->fd = fd;
    snprintf(made->path, sizeof(made->path), "%s", path);
    if (stat(path, &made->made) != 0)
        report(REPORT_WARNING, "control_moved", NULL);
    pthread_mutex_init(&made->lock, NULL);
    clock_condition_init(&made->quiet);
    if (pthread_create(&made->acceptor, NULL, accept_all, made) != 0) {
        close(fd);
        free(made);
        return AYNI_E_IO;
    }
    *server = made;
    return AYNI_OK;
}

/* Not what another daemon made at the same path since, in a home that is new. */
static void remove_socket(const struct control_server *server)
{
    struct stat is;

    if (stat(server->path, &is) == 0 && is.st_dev == server->made.st_dev &&
        is.st_ino == server->made.st_ino)
        unlink(server->path);
}

/* Those that wait end at once, those that work may finish their answer. */
static void wait_patiently(struct control_server *server)
{
    struct timespec until = clock_after_ms(STOP_PATIENCE_MS);

    for (size_t i = 0; i < server->open_count; i++)
        shutdown(server->open[i], SHUT_RD);
    while (server->open_count > 0 &&
           pthread_cond_timedwait(&server->quiet, &server->lock, &until) == 0)
        ;
}

void control_server_quiesce(struct control_server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    if (!server->stopping) {
        server->stopping = true;
        remove_socket(server);
        shutdown(server->fd, SHUT_RDWR);
        wait_patiently(server);
    }
    pthread_mutex_unlock(&server->lock);
}

/* Those that nobody reads. */
static void cut_connections(struct control_server *server)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->open_count; i++)
        shutdown(server->open[i], SHUT_RDWR);
    while (server->open_count > 0)
        pthread_cond_wait(&server->quiet, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

void control_server_stop(struct control_server *server)
{
    if (server == NULL)
        return;
    control_server_quiesce(server);
    cut_connections(server);
    pthread_join(server->acceptor, NULL);
    close(server->fd);
    pthread_cond_destroy(&server->quiet);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
