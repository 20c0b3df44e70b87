#include "cli/inflow.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_SIZE = 64 * 1024 };

/* Whatever there is, one byte at least. */
static bool next_piece(struct inflow *inflow)
{
    ssize_t got;

    ayni_buffer_clear(&inflow->piece);
    inflow->taken = 0;
    uint8_t *room = ayni_buffer_extend(&inflow->piece, PIECE_SIZE);
    if (room == NULL)
        return false;
    do
        got = read(inflow->fd, room, PIECE_SIZE);
    while (got < 0 && errno == EINTR);
    inflow->piece.size = got < 0 ? 0 : (size_t)got;
    return got > 0;
}

bool inflow_read(struct inflow *inflow, uint8_t *to, size_t size)
{
    while (size > 0) {
        size_t here = inflow->piece.size - inflow->taken;
        if (here == 0 && !next_piece(inflow))
            return false;
        if (here > size)
            here = size;
        memcpy(to, inflow->piece.data + inflow->taken, here);
        inflow->taken += here;
        to += here;
        size -= here;
    }
    return true;
}

bool inflow_is_ready(const struct inflow *inflow, int timeout_ms)
{
    struct pollfd item = { .fd = inflow->fd, .events = POLLIN };

    return inflow->piece.size > inflow->taken || poll(&item, 1, timeout_ms) != 0;
}

void inflow_free(struct inflow *inflow)
{
    ayni_buffer_free(&inflow->piece);
    inflow->taken = 0;
}
