#include "cli/client.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/language.h"
#include "cli/wording.h"
#include "po/program.h"

enum { WAIT_MS = 1000 }; /* for an answer, before who looks on hears that it takes its time */

/* The address of a path; one that is too long is named through its open folder (else *folder is
 * -1). */
static bool address_of(const char *path, struct sockaddr_un *address, int *folder)
{
    char for_folder[PATH_MAX], for_name[PATH_MAX];

    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    *folder = -1;
    if (strlen(path) < sizeof(address->sun_path)) {
        memcpy(address->sun_path, path, strlen(path));
        return true;
    }
    snprintf(for_folder, sizeof(for_folder), "%s", path);
    snprintf(for_name, sizeof(for_name), "%s", path);
    *folder = open(dirname(for_folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
    int size = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s",
                        *folder, basename(for_name));
    return *folder >= 0 && (size_t)size < sizeof(address->sun_path);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    int folder, fd = -1;

    if (address_of(path, &address, &folder))
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        fd = -1;
    }
    if (folder >= 0)
        close(folder);
    return fd;
}

/* Why nobody answers, and what to do: there is no home yet, no daemon, or it is another user's. */
static enum ayni_status no_daemon(const struct settings *settings, const char *path, int why,
                                  struct failure *failure)
{
    char folder[PATH_MAX];

    snprintf(folder, sizeof(folder), "%s", path);
    const char *home = dirname(folder);
    if (why == EACCES || why == EPERM) {
        fail(failure, AYNI_E_STOPPED, _("the home {} is closed to this user"), home, NULL);
        fail_hint(failure, _("ask as its user or as root, or have it opened: chmod a+x {}"), home,
                  NULL);
    } else if (settings->node == NULL && access(home, F_OK) != 0) {
        fail(failure, AYNI_E_STOPPED, _("there is no node in {}"), home, NULL);
        fail_hint(failure, _("make one with ayni init, or say where it is with --home"), NULL);
    } else {
        fail(failure, AYNI_E_STOPPED, _("no daemon answers at {}"), path, NULL);
        fail_hint(failure, _("start it: aynid --home {}"), home, NULL);
    }
    snprintf(failure->code, sizeof(failure->code), "no_daemon");
    return AYNI_E_STOPPED;
}

enum ayni_status client_connect(const struct settings *settings, struct client *client,
                                struct failure *failure)
{
    char path[PATH_MAX];

    *client = (struct client){ .in.fd = -1, .out = -1 };
    if (settings->node != NULL && remote_is_meant(settings->node))
        return remote_open(settings->node, &client->remote, failure);
    enum ayni_status status = settings_socket(settings, path, failure);
    if (status != AYNI_OK)
        return status;
    int fd = connect_to(path);
    if (fd < 0)
        return no_daemon(settings, path, errno, failure);
    client->in.fd = client->out = fd;
    return AYNI_OK;
}

/* In the child: becomes the worker, its answers into the pipe. */
static void become_worker(int to, const char *const *arguments)
{
    char beside[PATH_MAX];
    char *const *argv;

    memcpy(&argv, &arguments, sizeof(argv)); /* exec writes into none of them */
    dup2(to, STDOUT_FILENO);
    if (program_beside("aynid", beside))
        execv(beside, argv);
    execvp("aynid", argv);
    _exit(127);
}

enum ayni_status client_start_worker(const char *const *arguments, struct client *client,
                                     struct failure *failure)
{
    int ends[2];

    *client = (struct client){ .in.fd = -1, .out = -1 };
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(failure, AYNI_E_IO, _("aynid can't be started: {}"), strerror(errno), NULL);
    fflush(stdout);
    pid_t worker = fork();
    if (worker == 0)
        become_worker(ends[1], arguments);
    close(ends[1]);
    client->in.fd = ends[0];
    client->worker = worker;
    if (worker < 0)
        return fail(failure, AYNI_E_IO, _("aynid can't be started: {}"), strerror(errno), NULL);
    return AYNI_OK;
}

void client_close(struct client *client)
{
    if (client->in.fd >= 0)
        close(client->in.fd);
    if (client->worker > 0)
        waitpid(client->worker, NULL, 0);
    remote_close(client->remote);
    inflow_free(&client->in);
    ayni_buffer_free(&client->frame);
    ayni_buffer_free(&client->body);
    *client = (struct client){ .in.fd = -1, .out = -1 };
}

static bool send_all(int fd, struct ayni_bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes.data += sent;
        bytes.size -= (size_t)sent;
    }
    return true;
}

/* A node from afar that has ended the session itself. */
static enum ayni_status dismissed(struct failure *failure)
{
    fail(failure, AYNI_E_STOPPED, _("the node has ended this session"), NULL);
    fail_hint(failure, _("it stops, serves too many, or your key was taken off its stewards"),
              NULL);
    snprintf(failure->code, sizeof(failure->code), "session_ended");
    return AYNI_E_STOPPED;
}

/* A worker that ends without a word: it isn't installed, or it died. */
static enum ayni_status gone(struct client *client, struct failure *failure)
{
    int ended = 0;

    if (client->remote != NULL && remote_was_dismissed(client->remote))
        return dismissed(failure);
    if (client->worker <= 0) {
        fail(failure, AYNI_E_STOPPED, _("the daemon went away before it answered"), NULL);
        fail_hint(failure, _("ayni status says whether it runs again"), NULL);
        snprintf(failure->code, sizeof(failure->code), "no_daemon");
        return AYNI_E_STOPPED;
    }
    waitpid(client->worker, &ended, 0);
    client->worker = 0;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 127)
        return fail(failure, AYNI_E_IO, _("the program aynid is not installed"), NULL);
    return fail(failure, AYNI_E_IO, _("aynid ended without an answer"), NULL);
}

static bool read_stream(struct client *client, uint8_t *to, size_t size)
{
    return client->remote != NULL ? remote_read(client->remote, to, size)
                                  : inflow_read(&client->in, to, size);
}

/* Whether something can be read within a time; also where nothing will come any more. */
static bool is_ready(struct client *client, int timeout_ms)
{
    return client->remote != NULL ? remote_is_ready(client->remote, timeout_ms)
                                  : inflow_is_ready(&client->in, timeout_ms);
}

/* Until an answer comes; who looks on at a terminal is told that it takes its time. */
static void wait_for_answer(struct client *client, const struct client_sink *sink)
{
    if (sink->progress == NULL || !client->is_watched)
        return;
    sink->progress(sink->context, 0, 0);
    while (!is_ready(client, WAIT_MS))
        sink->progress(sink->context, 0, 0);
}

static enum ayni_status receive(struct client *client, struct ayni_control_answer *answer,
                                struct failure *failure)
{
    uint8_t header[AYNI_CONTROL_HEADER_SIZE];
    size_t size;

    if (!read_stream(client, header, sizeof(header)))
        return gone(client, failure);
    enum ayni_status status = ayni_control_frame_size(header, &size);
    if (status == AYNI_OK) {
        ayni_buffer_clear(&client->body);
        uint8_t *room = ayni_buffer_extend(&client->body, size);
        if (room == NULL)
            return fail_memory(failure);
        if (!read_stream(client, room, size))
            return gone(client, failure);
        status = ayni_control_answer_decode(ayni_buffer_bytes(&client->body), answer);
    }
    if (status != AYNI_OK)
        return fail(failure, AYNI_E_IO, _("the daemon's answer is not understood"), NULL);
    return AYNI_OK;
}

static enum ayni_status send_frame_to(struct client *client, bool *sent, struct failure *failure)
{
    enum ayni_status status = ayni_control_frame_finish(&client->frame);

    if (status == AYNI_E_LIMIT)
        return fail(failure, AYNI_E_USAGE, _("this is larger than what is accepted"), NULL);
    if (status != AYNI_OK)
        return fail_memory(failure);
    struct ayni_bytes frame = ayni_buffer_bytes(&client->frame);
    *sent =
        client->remote != NULL ? remote_write(client->remote, frame) : send_all(client->out, frame);
    return AYNI_OK;
}

static enum ayni_status send_frame(struct client *client, struct failure *failure)
{
    bool sent = false;
    enum ayni_status status = send_frame_to(client, &sent, failure);

    return status == AYNI_OK && !sent ? gone(client, failure) : status;
}

/* A daemon that stops takes no data any more, and says so in an answer that is still to be read. */
static enum ayni_status send_data(struct client *client, struct failure *failure)
{
    bool sent;

    return send_frame_to(client, &sent, failure);
}

struct ayni_control_writer client_request(struct client *client, const char *command)
{
    return ayni_control_request_begin(&client->frame, command);
}

enum ayni_status client_exchange(struct client *client, const struct client_sink *sink,
                                 struct failure *failure)
{
    enum ayni_status status = send_frame(client, failure);

    return status == AYNI_OK ? client_listen(client, sink, failure) : status;
}

/* One answer that is no end. */
static enum ayni_status handle(struct client *client, const struct client_sink *sink,
                               const struct ayni_control_answer *answer, struct failure *failure)
{
    enum ayni_status status;

    switch (answer->type) {
    case AYNI_CONTROL_ITEM:
        if (wording_say_alone(&answer->value))
            return AYNI_OK;
        return sink->item(sink->context, &answer->value, failure);
    case AYNI_CONTROL_PROGRESS:
        if (sink->progress != NULL)
            sink->progress(sink->context, answer->done, answer->total);
        return AYNI_OK;
    case AYNI_CONTROL_WANT:
        if (sink->want == NULL)
            return fail(failure, AYNI_E_IO, _("the daemon's answer is not understood"), NULL);
        status = sink->want(sink->context, &client->frame, failure);
        return status == AYNI_OK ? send_data(client, failure) : status;
    default:
        return AYNI_OK;
    }
}

enum ayni_status client_listen(struct client *client, const struct client_sink *sink,
                               struct failure *failure)
{
    client->is_watched = isatty(STDERR_FILENO);
    for (;;) {
        struct ayni_control_answer answer = { 0 };
        wait_for_answer(client, sink);
        enum ayni_status status = receive(client, &answer, failure);
        if (status != AYNI_OK)
            return status;
        if (answer.type == AYNI_CONTROL_END)
            return answer.status == AYNI_OK ? AYNI_OK
                                            : fail_by_daemon(failure, answer.status, &answer.value);
        status = handle(client, sink, &answer, failure);
        if (status != AYNI_OK)
            return status;
    }
}
