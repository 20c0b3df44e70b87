#ifndef AYNI_DAEMON_FEDERATION_MEMBERSHIP_H
#define AYNI_DAEMON_FEDERATION_MEMBERSHIP_H

#include "daemon/federation/identity.h"
#include "daemon/records/records.h"
#include "proto/registry_records.h"

/*
 * Taking nodes in and putting them out, as records of the registry. The
 * steering node may; an organisation's admin node may for nodes of its own.
 */
struct membership_request {
    struct ayni_bytes card; /* COSE_Sign1 */
    bool has_role;          /* else a member keeps its own, and a new one is a partner */
    enum ayni_member_role role;
    struct ayni_bytes
        organisation; /* code; empty: a member keeps its own, else of the card's name */
    struct ayni_bytes organisation_name; /* of a new one; empty: the card's name */
    const char *steward;
};

struct membership_result {
    struct ayni_record record;
    struct ayni_node node;
    enum ayni_member_role role;
    char organisation[21];
};

/*
 * Add the node of a card; its organisation is made if there is none of that
 * code (kind ngo). Adding a member again changes what the request says: its card, role,
 * organisation.
 *
 *   AYNI_E_VERSION    this node is in no federation
 *   AYNI_E_MALFORMED  no card, or one that its node didn't sign
 *   AYNI_E_RIGHT      this node may not add it
 *   AYNI_E_NOT_FOUND  no such organisation, and this node may not make one
 *   AYNI_E_STOPPED    the node was revoked: a revoked key never returns
 *   AYNI_E_BUSY       this node hasn't got the identity key yet, so it can't hand it on
 *   and those of author_write()
 */
AYNI_CHECKED enum ayni_status membership_add(struct records *records,
                                             const struct membership_request *request,
                                             struct membership_result *result);
/*
 * Put a member out, for ever.
 *
 *   AYNI_E_RIGHT    this node may not
 *   AYNI_E_INVALID  the steering node itself: only a root statement ends it
 */
AYNI_CHECKED enum ayni_status membership_revoke(struct records *records,
                                                const struct ayni_node *node, const char *reason,
                                                const char *steward, struct ayni_record *record);
/*
 * Publish this node's own card where the registry has another. Nothing to do is AYNI_OK.
 *
 *   AYNI_E_CHANGED  the registry has a newer one of this node that says something else:
 *                   `*serial` is its
 */
AYNI_CHECKED enum ayni_status membership_publish_card(struct records *records,
                                                      struct ayni_bytes card, uint64_t *serial);

/* What a node is by the registry: "alone" before there is a federation, "waiting" to be added,
 * "member", "revoked". */
const char *membership_state(const struct charter *charter, const struct ayni_node *node);

#endif
