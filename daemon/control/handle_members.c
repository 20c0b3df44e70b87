/* Members of the federation. */
#include "daemon/control/commands.h"
#include "daemon/control/error.h"
#include "daemon/control/federation_words.h"
#include "daemon/daemon.h"
#include "daemon/federation/membership.h"
#include "daemon/records/space_access.h"
#include "proto/card.h"

static enum ayni_status fail_member_add(struct control_call *call, enum ayni_status status)
{
    switch (status) {
    case AYNI_E_VERSION:
        return federation_fail_no_federation(call);
    case AYNI_E_MALFORMED:
        status = call_fail(call, AYNI_E_INVALID, N_("this is no card, or not a whole one"), NULL);
        call_hint(
            call,
            N_("`ayni card` on the new node prints it, as one line that begins with ayni-card-1:"),
            NULL);
        return status;
    case AYNI_E_RIGHT:
        return call_fail(call, status,
                         N_("only the steering node adds members, or an organisation's admin node "
                            "those of its own"),
                         NULL);
    case AYNI_E_NOT_FOUND:
        status = call_fail(
            call, AYNI_E_RIGHT,
            N_("there is no such organisation, and only the steering node makes one"), NULL);
        return status;
    case AYNI_E_STOPPED:
        status = call_fail(call, AYNI_E_RIGHT,
                           N_("this node was revoked, and a revoked key never returns"), NULL);
        call_hint(call, N_("make a new home on it with `ayni init`, and add the new card"), NULL);
        return status;
    case AYNI_E_BUSY:
        status = call_fail(call, AYNI_E_RIGHT,
                           N_("this node hasn't got the identity key yet, so it can't hand it on"),
                           NULL);
        call_hint(call,
                  N_("it comes with the registry; try again when `ayni sync --wait` ends well"),
                  NULL);
        return status;
    case AYNI_E_LIMIT:
        return call_fail(call, AYNI_E_INVALID,
                         N_("an organisation's code has at most 20 characters"), NULL);
    default:
        return status;
    }
}

static enum ayni_status read_role(struct control_call *call, bool *given,
                                  enum ayni_member_role *role)
{
    const char *word;

    enum ayni_status status = call_text_or(call, "role", NULL, &word);
    *given = word != NULL;
    if (status != AYNI_OK || word == NULL)
        return status;
    if (ayni_member_role_parse(ayni_bytes_of_text(word), role) != AYNI_OK ||
        *role == AYNI_ROLE_STEERING)
        return call_fail(call, AYNI_E_USAGE, N_("{} is no role: partner, government or relay"),
                         word, NULL);
    return AYNI_OK;
}

static enum ayni_status handle_member_add(struct daemon *daemon, struct control_call *call)
{
    SCOPED_BUFFER card = { 0 };
    struct membership_request request = { .steward = call_steward(call) };
    struct membership_result result;
    const char *text, *organisation, *organisation_name;

    enum ayni_status status = call_text(call, "card", &text);
    if (status == AYNI_OK)
        status = call_text_or(call, "org", "", &organisation);
    if (status == AYNI_OK)
        status = call_text_or(call, "org_name", "", &organisation_name);
    if (status == AYNI_OK)
        status = read_role(call, &request.has_role, &request.role);
    if (status != AYNI_OK)
        return status;
    if (ayni_card_parse(ayni_bytes_of_text(text), &card) != AYNI_OK)
        return fail_member_add(call, AYNI_E_MALFORMED);
    request.card = ayni_buffer_bytes(&card);
    request.organisation = ayni_bytes_of_text(organisation);
    request.organisation_name = ayni_bytes_of_text(organisation_name);
    status = membership_add(&daemon->records, &request, &result);
    if (status != AYNI_OK)
        return fail_member_add(call, status);

    struct ayni_card decoded;
    status = ayni_card_decode(request.card, &decoded);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result.record);
    ayni_control_put_node(item, "node", &result.node);
    ayni_control_put_string(item, "name", decoded.name);
    ayni_control_put_text(item, "role", ayni_member_role_name(result.role));
    ayni_control_put_text(item, "org", result.organisation);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_member_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    size_t count;
    const struct ayni_member *members = ayni_registry_members(charter->registry, &count);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        const struct ayni_member *member = &members[i];
        struct ayni_control_writer *item = call_item(call);
        ayni_control_open_object(item, NULL);
        ayni_control_put_node(item, "node", &member->node);
        ayni_control_put_string(item, "name", member->name);
        ayni_control_put_text(
            item, "role",
            ayni_member_role_name(member->steering ? AYNI_ROLE_STEERING : member->role));
        if (member->organisation != NULL)
            ayni_control_put_string(item, "org", member->organisation->code);
        else
            ayni_control_put_null(item, "org");
        ayni_control_put_text(item, "state", member->revoked ? "revoked" : "member");
        ayni_control_close(item);
        status = call_send(call);
    }
    return status;
}

/* Of what it owns: nobody gives the keys of a confidential space after it. */
static void warn_of_spaces(const struct charter *charter, const struct ayni_node *node,
                           struct ayni_control_writer *item)
{
    struct complaints warnings = { 0 };
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);

    for (size_t i = 0; i < count; i++) {
        struct complaint *warning = spaces[i].confidential && ayni_id_equal(&spaces[i].owner, node)
                                        ? complaints_add(&warnings)
                                        : NULL;
        if (warning != NULL)
            space_access_complain_orphaned(charter, &spaces[i].id, warning);
    }
    control_warnings_put(item, &warnings);
}

static enum ayni_status answer_revoked(struct control_call *call, const struct charter *charter,
                                       const struct ayni_node *node,
                                       const struct ayni_record *record)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", record);
    ayni_control_put_bool(item, "done", true);
    warn_of_spaces(charter, node, item);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_member_revoke(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_member *member;
    struct ayni_record record;
    const char *text, *reason;

    enum ayni_status status = call_text(call, "node", &text);
    if (status == AYNI_OK)
        status = call_text(call, "reason", &reason);
    if (status == AYNI_OK)
        status = federation_find_member(call, charter, text, &member);
    if (status != AYNI_OK)
        return status;
    status =
        membership_revoke(&daemon->records, &member->node, reason, call_steward(call), &record);
    if (status == AYNI_E_RIGHT)
        return call_fail(call, status,
                         N_("only the steering node revokes members, or an organisation's admin "
                            "node those of its own"),
                         NULL);
    if (status == AYNI_E_INVALID)
        return call_fail(call, AYNI_E_RIGHT,
                         N_("the steering node can't be revoked: the root key names another"),
                         NULL);
    return status == AYNI_OK ? answer_revoked(call, charter, &member->node, &record) : status;
}

const struct control_command control_members_commands[] = {
    { "member.add", handle_member_add, CONTROL_NEED_ADMIN },
    { "member.list", handle_member_list, CONTROL_NEED_LOOK },
    { "member.revoke", handle_member_revoke, CONTROL_NEED_ADMIN },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
