/* card, ticket, join: how a node and a federation find each other. */
#include "daemon/control/commands.h"
#include "daemon/control/federation_words.h"
#include "daemon/daemon.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/ticket_now.h"
#include "daemon/net/net.h"
#include "daemon/records/projection/projector.h"

enum { ENDPOINTS_SIZE = 1200 };

static enum ayni_status own_card(struct daemon *daemon, struct ayni_buffer *card)
{
    char endpoints[ENDPOINTS_SIZE];

    net_endpoints(daemon->net, endpoints, sizeof(endpoints));
    return federation_card(daemon->federation, endpoints, card);
}

static enum ayni_status handle_card(struct daemon *daemon, struct control_call *call)
{
    SCOPED_BUFFER card = { 0 }, text = { 0 };

    enum ayni_status status = own_card(daemon, &card);
    if (status == AYNI_E_INVALID || status == AYNI_E_LIMIT) {
        status = call_fail(call, AYNI_E_INVALID,
                           N_("the endpoints of the configuration can't stand on a card"), NULL);
        call_hint(call, N_("[net] advertise is tcp://HOST:PORT, commas between, at most 8"), NULL);
        return status;
    }
    if (status != AYNI_OK)
        return status;
    ayni_card_text(ayni_buffer_bytes(&card), &text);
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "card", ayni_buffer_bytes(&text));
    ayni_control_put_node(item, "node", &daemon->identity.node);
    ayni_control_put_text(item, "name", federation_node_name(daemon->federation));
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status current_ticket(struct daemon *daemon, const struct ayni_ticket *kept,
                                       struct ayni_buffer *bytes)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    SCOPED_BUFFER own = { 0 };
    const struct ayni_node *self = &daemon->identity.node;
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);
    enum ayni_status status = AYNI_OK;

    if (steering != NULL && ayni_id_equal(steering, self))
        status = own_card(daemon, &own);
    return status == AYNI_OK
               ? ticket_now(kept, charter->registry, self, ayni_buffer_bytes(&own), bytes)
               : status;
}

static enum ayni_status handle_ticket(struct daemon *daemon, struct control_call *call)
{
    SCOPED_BUFFER bytes = { 0 }, text = { 0 };
    const struct ayni_ticket *kept = federation_ticket(daemon->federation);

    if (kept == NULL)
        return federation_fail_no_federation(call);
    enum ayni_status status = current_ticket(daemon, kept, &bytes);
    if (status != AYNI_OK)
        return status;
    ayni_ticket_text(ayni_buffer_bytes(&bytes), &text);
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "ticket", ayni_buffer_bytes(&text));
    ayni_control_close(item);
    return call_send(call);
}

static const char *membership_state(struct daemon *daemon)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_member *member =
        ayni_registry_member(charter->registry, &daemon->identity.node);

    if (member == NULL)
        return "waiting";
    return member->revoked ? "revoked" : "member";
}

static enum ayni_status handle_join(struct daemon *daemon, struct control_call *call)
{
    SCOPED_BUFFER bytes = { 0 };
    const char *text;

    enum ayni_status status = call_text(call, "ticket", &text);
    if (status != AYNI_OK)
        return status;
    if (ayni_ticket_parse(ayni_bytes_of_text(text), &bytes) != AYNI_OK)
        status = AYNI_E_MALFORMED;
    else
        status = federation_set_ticket(daemon->federation, ayni_buffer_bytes(&bytes));
    if (status == AYNI_E_EXISTS) {
        status =
            call_fail(call, AYNI_E_RIGHT, N_("this node is in another federation already"), NULL);
        call_hint(
            call,
            N_("a second federation needs a home of its own: `ayni --home DIR init --name NAME`"),
            NULL);
        return status;
    }
    if (status == AYNI_E_MALFORMED || status == AYNI_E_SIGNATURE || status == AYNI_E_INVALID ||
        status == AYNI_E_LIMIT || status == AYNI_E_TRUNCATED) {
        status = call_fail(call, AYNI_E_INVALID, N_("this is no ticket, or not a whole one"), NULL);
        call_hint(
            call,
            N_("`ayni ticket` on a member prints it, as one line that begins with ayni-ticket-1:"),
            NULL);
        return status;
    }
    if (status != AYNI_OK)
        return status;
    const struct ayni_ticket *ticket = federation_ticket(daemon->federation);
    status = projector_set_root(daemon->records.projector, &ticket->root);
    if (status != AYNI_OK && status != AYNI_E_EXISTS)
        return status;
    net_sync_now(daemon->net);
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "federation", ticket->federation);
    ayni_control_put_text(item, "state", membership_state(daemon));
    ayni_control_close(item);
    return call_send(call);
}

const struct control_command control_federation_commands[] = {
    { "card", handle_card, CONTROL_NEED_LOOK },
    { "ticket", handle_ticket, CONTROL_NEED_LOOK },
    { "join", handle_join, CONTROL_NEED_TEND },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
