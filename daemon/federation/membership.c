#include "daemon/federation/membership.h"

#include <stdio.h>

#include "daemon/federation/organisation.h"
#include "daemon/federation/registry_draft.h"
#include "daemon/records/standing.h"
#include "proto/card.h"
#include "proto/registry.h"

/* The code that the request names, or the member has already, or that its name makes. */
static enum ayni_status name_organisation(const struct membership_request *request,
                                          const struct ayni_member *member,
                                          const struct ayni_card *card,
                                          struct membership_result *result)
{
    struct ayni_bytes code = request->organisation;

    if (code.size == 0 && member != NULL && member->organisation != NULL)
        code = member->organisation->code;
    if (code.size >= sizeof(result->organisation))
        return AYNI_E_LIMIT;
    if (code.size > 0)
        snprintf(result->organisation, sizeof(result->organisation), "%.*s", (int)code.size,
                 (const char *)code.data);
    else
        organisation_code_of(card->name, result->organisation);
    return AYNI_OK;
}

/* The organisation of that code, drafted if there is none. */
static enum ayni_status
find_organisation(struct registry_draft *draft, const struct charter *charter,
                  const struct ayni_node *self, const struct membership_request *request,
                  const struct ayni_card *card, const struct membership_result *result,
                  struct ayni_record *organisation)
{
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);

    struct organisation_draft made = {
        .code = ayni_bytes_of_text(result->organisation),
        .name = request->organisation_name.size > 0 ? request->organisation_name : card->name,
        .kind = "ngo",
    };
    if (ayni_registry_organisation_by_code(charter->registry, made.code) != NULL)
        return organisation_id(&charter->root, made.code, organisation);
    if (steering == NULL || !ayni_id_equal(steering, self))
        return AYNI_E_NOT_FOUND;
    return organisation_put(draft, &charter->root, &made, organisation);
}

static enum ayni_status draft_member(struct registry_draft *draft, const struct charter *charter,
                                     const struct membership_request *request,
                                     const struct ayni_card *card,
                                     const struct ayni_record *organisation,
                                     struct membership_result *result)
{
    enum ayni_status status =
        ayni_registry_node_record(&charter->root, AYNI_TYPE_MEMBER, &card->node, &result->record);

    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_MEMBER, &result->record);
    registry_draft_id(draft, AYNI_FIELD_MEMBER_NODE, &card->node);
    registry_draft_word(draft, AYNI_FIELD_MEMBER_ROLE, ayni_member_role_name(result->role));
    registry_draft_id(draft, AYNI_FIELD_MEMBER_ORGANISATION, organisation);
    registry_draft_bytes(draft, AYNI_FIELD_MEMBER_CARD, request->card);
    return AYNI_OK;
}

/* Relays get no identity key. */
static enum ayni_status draft_identity_key(struct registry_draft *draft,
                                           const struct charter *charter,
                                           const struct membership_result *result)
{
    if (result->role == AYNI_ROLE_RELAY)
        return AYNI_OK;
    if (charter->identity_key == NULL)
        return AYNI_E_BUSY;
    return registry_draft_identity_key(draft, &charter->root, &result->node, charter->identity_key);
}

enum ayni_status membership_add(struct records *records, const struct membership_request *request,
                                struct membership_result *result)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    struct ayni_card card;
    struct ayni_record organisation;

    if (!charter->founded)
        return AYNI_E_VERSION;
    if (ayni_card_decode(request->card, &card) != AYNI_OK)
        return AYNI_E_MALFORMED;
    const struct ayni_member *member = ayni_registry_member(charter->registry, &card.node);
    if (member != NULL && member->revoked)
        return AYNI_E_STOPPED;
    result->node = card.node;
    result->role = request->has_role ? request->role
                   : member != NULL  ? member->role
                                     : AYNI_ROLE_PARTNER;
    enum ayni_status status = name_organisation(request, member, &card, result);
    if (status == AYNI_OK)
        status = find_organisation(&draft, charter, &records->node, request, &card, result,
                                   &organisation);
    if (status != AYNI_OK)
        return status;
    if (!ayni_registry_may_admit(charter->registry, &records->node, &card.node, &organisation))
        return AYNI_E_RIGHT;
    status = draft_member(&draft, charter, request, &card, &organisation, result);
    if (status == AYNI_OK)
        status = draft_identity_key(&draft, charter, result);
    if (status != AYNI_OK)
        return status;
    return registry_draft_write(&draft, records->author, &charter->registry_space, request->steward,
                                "", AYNI_LANE_CURRENT);
}

enum ayni_status membership_revoke(struct records *records, const struct ayni_node *node,
                                   const char *reason, const char *steward,
                                   struct ayni_record *record)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    if (steering != NULL && ayni_id_equal(steering, node))
        return AYNI_E_INVALID;
    if (!ayni_registry_may_admit(
            charter->registry, &records->node, node,
            member != NULL && member->has_organisation ? &member->organisation_id : NULL))
        return AYNI_E_RIGHT;
    enum ayni_status status =
        ayni_registry_node_record(&charter->root, AYNI_TYPE_REVOCATION, node, record);
    if (status != AYNI_OK)
        return status;
    registry_draft_record(&draft, AYNI_TYPE_REVOCATION, record);
    registry_draft_id(&draft, AYNI_FIELD_REVOCATION_NODE, node);
    registry_draft_word(&draft, AYNI_FIELD_REVOCATION_REASON, reason);
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, reason,
                                AYNI_LANE_CURRENT);
}

enum ayni_status membership_publish_card(struct records *records, struct ayni_bytes bytes,
                                         uint64_t *serial)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    struct ayni_record record;
    struct ayni_card card;
    const struct ayni_member *member = ayni_registry_member(charter->registry, &records->node);

    if (member == NULL || member->revoked || ayni_bytes_equal(member->card, bytes))
        return AYNI_OK;
    enum ayni_status status = ayni_card_decode(bytes, &card);
    if (status == AYNI_OK)
        status = ayni_registry_node_record(&charter->root, AYNI_TYPE_CARD, &records->node, &record);
    if (status == AYNI_OK && member->has_card && member->card_serial >= card.serial) {
        *serial = member->card_serial;
        status = AYNI_E_CHANGED;
    }
    if (status != AYNI_OK)
        return status;
    registry_draft_record(&draft, AYNI_TYPE_CARD, &record);
    registry_draft_id(&draft, AYNI_FIELD_CARD_NODE, &records->node);
    registry_draft_uint(&draft, AYNI_FIELD_CARD_SERIAL, card.serial);
    registry_draft_bytes(&draft, AYNI_FIELD_CARD_CARD, bytes);
    return registry_draft_write(&draft, records->author, &charter->registry_space, "aynid", "",
                                AYNI_LANE_CURRENT);
}

const char *membership_state(const struct charter *charter, const struct ayni_node *node)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    if (!charter->founded)
        return "alone";
    if (member == NULL)
        return "waiting";
    return member->revoked ? "revoked" : "member";
}
