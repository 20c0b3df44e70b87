#include "daemon/net/zap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "daemon/clock.h"
#include "daemon/report.h"

struct zap {
    void *socket;
    zap_admits *admits;
    void *context;
    uint64_t refused;
    uint64_t reported;       /* of those */
    uint64_t reported_at_ms; /* 0 for never */
};

/* A stranger may knock as often as it likes; the log hears of it so often. */
enum { REPORT_EVERY_MS = 10000 };

/* version, request id, domain, address, identity, mechanism, credentials */
enum {
    FRAME_VERSION,
    FRAME_REQUEST,
    FRAME_DOMAIN,
    FRAME_ADDRESS,
    FRAME_IDENTITY,
    FRAME_MECHANISM,
    FRAME_KEY,
    FRAMES
};

enum ayni_status zap_open(void *zmq, zap_admits *admits, void *context, struct zap **zap)
{
    struct zap *made = calloc(1, sizeof(*made));
    int now = 0;

    if (made == NULL)
        return AYNI_E_MEMORY;
    *made = (struct zap){ zmq_socket(zmq, ZMQ_REP), admits, context, 0, 0, 0 };
    if (made->socket == NULL || zmq_setsockopt(made->socket, ZMQ_LINGER, &now, sizeof(now)) != 0 ||
        zmq_bind(made->socket, "inproc://zeromq.zap.01") != 0) {
        zap_close(made);
        return AYNI_E_IO;
    }
    *zap = made;
    return AYNI_OK;
}

void zap_close(struct zap *zap)
{
    if (zap == NULL)
        return;
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    free(zap);
}

void *zap_socket(struct zap *zap)
{
    return zap->socket;
}

uint64_t zap_refused(const struct zap *zap)
{
    return zap->refused;
}

static bool frame_is(zmq_msg_t *frame, const char *text)
{
    struct ayni_bytes bytes = { zmq_msg_data(frame), zmq_msg_size(frame) };

    return ayni_bytes_equal(bytes, ayni_bytes_of_text(text));
}

static void send_frame(void *socket, const void *data, size_t size, int flags)
{
    /* A reply that can't be sent leaves the connection unauthenticated, which is what we want then.
     */
    (void)zmq_send(socket, data, size, flags | ZMQ_DONTWAIT);
}

static void reply(struct zap *zap, zmq_msg_t *request, bool admitted, const char *user)
{
    send_frame(zap->socket, "1.0", 3, ZMQ_SNDMORE);
    send_frame(zap->socket, zmq_msg_data(request), zmq_msg_size(request), ZMQ_SNDMORE);
    send_frame(zap->socket, admitted ? "200" : "400", 3, ZMQ_SNDMORE);
    send_frame(zap->socket, "", 0, ZMQ_SNDMORE);
    send_frame(zap->socket, user, strlen(user), ZMQ_SNDMORE);
    send_frame(zap->socket, "", 0, 0);
}

static void note_refusal(struct zap *zap, zmq_msg_t *frames, size_t count)
{
    uint64_t now_ms = clock_ticks_ms();
    bool has_address = count > FRAME_ADDRESS;

    zap->refused++;
    if (zap->reported_at_ms != 0 && now_ms - zap->reported_at_ms < REPORT_EVERY_MS)
        return;
    report(REPORT_INFO, "connection_refused", "reason=not_admitted times=%" PRIu64 " address=%.*s",
           zap->refused - zap->reported,
           has_address ? (int)zmq_msg_size(&frames[FRAME_ADDRESS]) : 0,
           has_address ? (const char *)zmq_msg_data(&frames[FRAME_ADDRESS]) : "");
    zap->reported = zap->refused;
    zap->reported_at_ms = now_ms;
}

static void name_user(enum zap_who who, const struct ayni_node *id, char user[ZAP_USER_SIZE])
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(id, text);
    snprintf(user, ZAP_USER_SIZE, "%s%s", who == ZAP_STEWARD ? ZAP_STEWARD_PREFIX : "", text);
}

enum zap_who zap_user_parse(const char *user, struct ayni_node *id)
{
    const size_t prefix = strlen(ZAP_STEWARD_PREFIX);
    bool is_steward = strncmp(user, ZAP_STEWARD_PREFIX, prefix) == 0;

    if (ayni_node_parse(ayni_bytes_of_text(is_steward ? user + prefix : user), id) != AYNI_OK)
        return ZAP_NOBODY;
    return is_steward ? ZAP_STEWARD : ZAP_NODE;
}

static void decide(struct zap *zap, zmq_msg_t *frames, size_t count)
{
    struct ayni_node id;
    char user[ZAP_USER_SIZE] = "";
    enum zap_who who = ZAP_NOBODY;
    bool curve = count == FRAMES && frame_is(&frames[FRAME_VERSION], "1.0") &&
                 frame_is(&frames[FRAME_DOMAIN], ZAP_DOMAIN) &&
                 frame_is(&frames[FRAME_MECHANISM], "CURVE") &&
                 zmq_msg_size(&frames[FRAME_KEY]) == 32;

    if (curve)
        who = zap->admits(zap->context, zmq_msg_data(&frames[FRAME_KEY]), &id);
    if (who != ZAP_NOBODY)
        name_user(who, &id, user);
    else
        note_refusal(zap, frames, count);
    if (count > FRAME_REQUEST)
        reply(zap, &frames[FRAME_REQUEST], who != ZAP_NOBODY, user);
}

/* Take one request, all its frames; false where none waits. */
static bool answer_one(struct zap *zap)
{
    zmq_msg_t frames[FRAMES];
    size_t count = 0;
    bool more = true;

    while (more) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, zap->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&frame);
            break;
        }
        more = zmq_msg_more(&frame);
        if (count < FRAMES)
            frames[count++] = frame;
        else
            zmq_msg_close(&frame);
    }
    if (count > 0)
        decide(zap, frames, count);
    for (size_t i = 0; i < count; i++)
        zmq_msg_close(&frames[i]);
    return count > 0;
}

void zap_answer(struct zap *zap)
{
    while (answer_one(zap))
        ;
}
