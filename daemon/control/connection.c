#include "daemon/control/connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "proto/control.h"

void connection_done(struct connection *connection)
{
    ayni_buffer_free(&connection->input);
}

static enum ayni_status receive_all(int fd, uint8_t *to, size_t size)
{
    while (size > 0) {
        ssize_t got = recv(fd, to, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return AYNI_E_STOPPED;
        to += got;
        size -= (size_t)got;
    }
    return AYNI_OK;
}

enum ayni_status connection_receive(struct connection *connection, struct ayni_bytes *body)
{
    uint8_t header[AYNI_CONTROL_HEADER_SIZE];
    size_t size;

    enum ayni_status status = receive_all(connection->fd, header, sizeof(header));
    if (status != AYNI_OK)
        return status;
    status = ayni_control_frame_size(header, &size);
    if (status != AYNI_OK)
        return status;
    ayni_buffer_clear(&connection->input);
    uint8_t *room = ayni_buffer_extend(&connection->input, size);
    if (room == NULL)
        return AYNI_E_MEMORY;
    status = receive_all(connection->fd, room, size);
    if (status == AYNI_OK)
        *body = ayni_buffer_bytes(&connection->input);
    return status;
}

enum ayni_status connection_send(struct connection *connection, struct ayni_bytes frame)
{
    while (frame.size > 0) {
        ssize_t sent = send(connection->fd, frame.data, frame.size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return AYNI_E_STOPPED;
        frame.data += sent;
        frame.size -= (size_t)sent;
    }
    return AYNI_OK;
}

bool connection_gone(const struct connection *connection, int timeout_ms)
{
    struct pollfd asked = { .fd = connection->fd, .events = POLLRDHUP };
    return poll(&asked, 1, timeout_ms) > 0;
}
