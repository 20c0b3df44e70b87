#include "daemon/net/gate.h"

#include <stdlib.h>
#include <sys/epoll.h>

#include "daemon/net/gate_session.h"
#include "daemon/report.h"
#include "proto/limits.h"

enum { PIECES_PER_TURN = 16 };

struct gate {
    struct transport *transport;
    int wait_fd;
    gate_visit *visit;
    void *context;
    struct gate_session *sessions[AYNI_STEWARD_SESSIONS_MAX];
    size_t count;
};

enum ayni_status gate_new(struct transport *transport, int wait_fd, struct gate **gate)
{
    struct gate *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->transport = transport;
    made->wait_fd = wait_fd;
    *gate = made;
    return AYNI_OK;
}

static void free_session(struct gate *gate, size_t index)
{
    struct gate_session *session = gate->sessions[index];

    gate_session_close(session); /* and epoll knows it no more */
    free(session);
    gate->sessions[index] = gate->sessions[--gate->count];
}

void gate_free(struct gate *gate)
{
    if (gate == NULL)
        return;
    while (gate->count > 0)
        free_session(gate, gate->count - 1);
    free(gate);
}

void gate_welcome(struct gate *gate, gate_visit *visit, void *context)
{
    gate->visit = visit;
    gate->context = context;
}

/* --- how sessions begin and end --- */

/* She may read nothing any more; then nobody waits for it. */
static void say_goodbye(struct gate *gate, struct link *link)
{
    enum ayni_status status = transport_send(gate->transport, link, (struct ayni_bytes){ NULL, 0 });

    if (status != AYNI_OK)
        report(REPORT_DEBUG, "steward_goodbye", "status=%s", ayni_status_name(status));
    transport_hang_up(link);
}

static void end_session(struct gate *gate, size_t index)
{
    say_goodbye(gate, gate->sessions[index]->link);
    free_session(gate, index);
}

/* Its index, or `count`. */
static size_t find_session(const struct gate *gate, const struct link *link)
{
    size_t at = 0;

    while (at < gate->count && gate->sessions[at]->link != link)
        at++;
    return at;
}

static void turn_away(struct gate *gate, struct link *link, const char *why)
{
    report(REPORT_WARNING, "steward_refused", "reason=%s", why);
    say_goodbye(gate, link);
}

/* Epoll looks for what the session can use, and for nothing while there is none. */
static void watch(const struct gate *gate, struct gate_session *session)
{
    unsigned events = gate_session_events(session);
    struct epoll_event event = { .events = events };
    int operation = session->watched == 0 ? EPOLL_CTL_ADD
                    : events == 0         ? EPOLL_CTL_DEL
                                          : EPOLL_CTL_MOD;

    if (events != session->watched && epoll_ctl(gate->wait_fd, operation, session->fd, &event) == 0)
        session->watched = events;
}

void gate_up(struct gate *gate, struct link *link)
{
    int served;

    if (gate->visit == NULL || gate->count == AYNI_STEWARD_SESSIONS_MAX) {
        turn_away(gate, link, gate->visit == NULL ? "not_serving" : "busy");
        return;
    }
    struct gate_session *session = calloc(1, sizeof(*session));
    if (session == NULL || gate_session_open(session, link, &served) != AYNI_OK) {
        free(session);
        turn_away(gate, link, "no_room");
        return;
    }
    gate->sessions[gate->count++] = session;
    watch(gate, session);
    gate->visit(gate->context, link_node(link)->bytes, served);
}

void gate_down(struct gate *gate, const struct link *link)
{
    size_t index = find_session(gate, link);

    if (index < gate->count)
        free_session(gate, index);
}

void gate_review(struct gate *gate, bool (*may_come)(void *context, const uint8_t key[32]),
                 void *context)
{
    for (size_t i = gate->count; i > 0; i--)
        if (!may_come(context, link_node(gate->sessions[i - 1]->link)->bytes)) {
            report(REPORT_INFO, "steward_cut", "reason=removed");
            end_session(gate, i - 1);
        }
}

/* --- what comes and goes --- */

void gate_take(struct gate *gate, struct link *link, struct ayni_bytes piece)
{
    size_t index = find_session(gate, link);

    if (index == gate->count)
        return;
    enum ayni_status status = AYNI_E_STOPPED; /* her goodbye */
    if (piece.size > GATE_PIECE_MAX)
        status = AYNI_E_LIMIT;
    else if (piece.size > 0)
        status = gate_session_take(gate->sessions[index], piece);
    if (status == AYNI_OK)
        return;
    if (status != AYNI_E_STOPPED)
        report(REPORT_WARNING, "steward_dropped", "reason=%s", ayni_status_name(status));
    end_session(gate, index);
}

/* False where she takes no more now. */
static bool send_piece(const struct gate *gate, struct gate_session *session)
{
    struct ayni_bytes piece = { session->piece, session->piece_size };
    enum ayni_status status = transport_send(gate->transport, session->link, piece);

    if (status == AYNI_E_BUSY)
        return false;
    session->piece_size = 0; /* sent, or the link is dead and gate_down() follows */
    return true;
}

/* True where more is left than went. */
static bool pump_session(const struct gate *gate, struct gate_session *session)
{
    for (int i = 0; i < PIECES_PER_TURN; i++) {
        gate_session_pump(session);
        if (session->piece_size == 0)
            return false;
        if (!send_piece(gate, session))
            return true;
    }
    return true;
}

bool gate_pump(struct gate *gate)
{
    bool more = false;

    for (size_t i = gate->count; i > 0; i--) {
        struct gate_session *session = gate->sessions[i - 1];
        more = pump_session(gate, session) || more;
        if (session->ended && session->piece_size == 0)
            end_session(gate, i - 1);
        else
            watch(gate, session);
    }
    return more;
}
