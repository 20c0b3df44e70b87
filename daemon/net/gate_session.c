#include "daemon/net/gate_session.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/control.h"
#include "proto/limits.h"

enum { FRAME_MAX = AYNI_CONTROL_HEADER_SIZE + AYNI_CONTROL_FRAME_MAX };

enum ayni_status gate_session_open(struct gate_session *session, struct link *link, int *served)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return AYNI_E_IO;
    session->link = link;
    session->fd = ends[0];
    *served = ends[1];
    return AYNI_OK;
}

void gate_session_close(struct gate_session *session)
{
    close(session->fd);
    ayni_buffer_free(&session->requests);
}

static void write_requests(struct gate_session *session)
{
    struct ayni_buffer *waiting = &session->requests;

    while (waiting->size > 0) {
        ssize_t sent = send(session->fd, waiting->data, waiting->size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0) {
            ayni_buffer_clear(waiting); /* nobody reads them any more */
            return;
        }
        waiting->size -= (size_t)sent;
        memmove(waiting->data, waiting->data + sent, waiting->size);
    }
}

/* The rest stays in the socket, and holds the server back. */
static void read_answers(struct gate_session *session)
{
    while (session->piece_size == 0 && !session->ended) {
        ssize_t got = recv(session->fd, session->piece, sizeof(session->piece), MSG_DONTWAIT);
        if (got > 0)
            session->piece_size = (size_t)got;
        else if (got == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
            session->ended = true;
        else if (errno != EINTR)
            return;
    }
}

enum ayni_status gate_session_take(struct gate_session *session, struct ayni_bytes piece)
{
    if (session->requests.size + piece.size > FRAME_MAX)
        return AYNI_E_LIMIT;
    ayni_buffer_append(&session->requests, piece.data, piece.size);
    enum ayni_status status = ayni_buffer_status(&session->requests);
    if (status == AYNI_OK)
        write_requests(session);
    return status;
}

void gate_session_pump(struct gate_session *session)
{
    write_requests(session);
    read_answers(session);
}

unsigned gate_session_events(const struct gate_session *session)
{
    return (session->piece_size == 0 && !session->ended ? EPOLLIN : 0u) |
           (session->requests.size > 0 ? EPOLLOUT : 0u);
}
