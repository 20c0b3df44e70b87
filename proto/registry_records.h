#ifndef AYNI_PROTO_REGISTRY_RECORDS_H
#define AYNI_PROTO_REGISTRY_RECORDS_H

#include "proto/ids.h"

/*
 * The records of the space `registry`: their types, fields, words and ids, for
 * who writes them. Who may write which, and what follows from them, is
 * proto/registry.h. docs/protocol.md, section 7.1.
 */
enum ayni_registry_type {
    AYNI_TYPE_CARD = 1,
    AYNI_TYPE_MEMBER = 2,
    AYNI_TYPE_REVOCATION = 3,
    AYNI_TYPE_SPACE = 4,
    AYNI_TYPE_GRANT = 5,
    AYNI_TYPE_UNGRANT = 6,
    AYNI_TYPE_WRAPPED_KEY = 7,
    AYNI_TYPE_STEWARD = 8,
    AYNI_TYPE_TYPE = 9,
    AYNI_TYPE_FIELD = 10,
    AYNI_TYPE_CODE = 11,
    AYNI_TYPE_RULE = 12,
    AYNI_TYPE_ROOT_STATEMENT = 13,
    AYNI_TYPE_ORGANISATION = 704,
};
enum { AYNI_FIELD_CARD_NODE = 1, AYNI_FIELD_CARD_SERIAL = 2, AYNI_FIELD_CARD_CARD = 3 };
enum {
    AYNI_FIELD_MEMBER_NODE = 1,
    AYNI_FIELD_MEMBER_ROLE = 2,
    AYNI_FIELD_MEMBER_ORGANISATION = 3,
    AYNI_FIELD_MEMBER_CARD = 4,
    AYNI_FIELD_MEMBER_ADMIN = 5, /* bool: by steering alone */
};
enum { AYNI_FIELD_REVOCATION_NODE = 1, AYNI_FIELD_REVOCATION_REASON = 2 };
enum {
    AYNI_FIELD_SPACE_CREATOR = 1,
    AYNI_FIELD_SPACE_RANDOM = 2,
    AYNI_FIELD_SPACE_NAME = 3,
    AYNI_FIELD_SPACE_CLASS = 4,
    AYNI_FIELD_SPACE_CONFIDENTIAL = 5,
    AYNI_FIELD_SPACE_OWNER = 6,
};
enum { AYNI_FIELD_GRANT_SPACE = 1, AYNI_FIELD_GRANT_NODE = 2, AYNI_FIELD_GRANT_RIGHT = 3 };
enum { AYNI_FIELD_UNGRANT_GRANT = 1, AYNI_FIELD_UNGRANT_REASON = 2 };
enum {
    AYNI_FIELD_WRAPPED_KEY_PURPOSE = 1,
    AYNI_FIELD_WRAPPED_KEY_SPACE = 2,
    AYNI_FIELD_WRAPPED_KEY_EPOCH = 3,
    AYNI_FIELD_WRAPPED_KEY_NODE = 4,
    AYNI_FIELD_WRAPPED_KEY_BOX = 5,
};
enum {
    AYNI_FIELD_STEWARD_NODE = 1,
    AYNI_FIELD_STEWARD_NAME = 2,
    AYNI_FIELD_STEWARD_ROLE = 3,
    AYNI_FIELD_STEWARD_KEY = 4,
    AYNI_FIELD_STEWARD_ACTIVE = 5,
};
enum { AYNI_FIELD_ROOT_STATEMENT_NUMBER = 1, AYNI_FIELD_ROOT_STATEMENT_STATEMENT = 2 };
enum {
    AYNI_FIELD_ORGANISATION_CODE = 1,
    AYNI_FIELD_ORGANISATION_NAME = 2,
    AYNI_FIELD_ORGANISATION_KIND = 3,
    AYNI_FIELD_ORGANISATION_ROLES = 4,
};

/* --- words, as the records spell them --- */

enum ayni_member_role {
    AYNI_ROLE_PARTNER,
    AYNI_ROLE_GOVERNMENT,
    AYNI_ROLE_RELAY,
    AYNI_ROLE_STEERING, /* of the steering node alone, whatever its record says */
};

enum ayni_right {
    AYNI_RIGHT_NONE,
    AYNI_RIGHT_RELAY, /* stores and forwards what it can't read; confidential spaces only */
    AYNI_RIGHT_READER,
    AYNI_RIGHT_WRITER,
};

enum ayni_steward_role {
    AYNI_STEWARD_READER,
    AYNI_STEWARD_EDITOR,
    AYNI_STEWARD_REVIEWER,
    AYNI_STEWARD_ADMIN,
    AYNI_STEWARD_AUDITOR,
};

enum ayni_key_purpose { AYNI_KEY_IDENTITY, AYNI_KEY_SPACE };

const char *ayni_member_role_name(enum ayni_member_role role);
const char *ayni_right_name(enum ayni_right right);
const char *ayni_steward_role_name(enum ayni_steward_role role);
const char *ayni_key_purpose_name(enum ayni_key_purpose purpose);
/* AYNI_E_INVALID for any other word. */
AYNI_CHECKED enum ayni_status ayni_member_role_parse(struct ayni_bytes word,
                                                     enum ayni_member_role *role);
AYNI_CHECKED enum ayni_status ayni_right_parse(struct ayni_bytes word, enum ayni_right *right);
AYNI_CHECKED enum ayni_status ayni_steward_role_parse(struct ayni_bytes word,
                                                      enum ayni_steward_role *role);
AYNI_CHECKED enum ayni_status ayni_key_purpose_parse(struct ayni_bytes word,
                                                     enum ayni_key_purpose *purpose);

/* --- ids of the registry's records, for who writes them --- */

/* AYNI_E_MEMORY; of a steward AYNI_E_MALFORMED where the name is no text. Types 1 to 3: of a node.
 */
AYNI_CHECKED enum ayni_status ayni_registry_node_record(const struct ayni_node *root,
                                                        enum ayni_registry_type type,
                                                        const struct ayni_node *node,
                                                        struct ayni_record *record);
AYNI_CHECKED enum ayni_status ayni_registry_ungrant_record(const struct ayni_node *root,
                                                           const struct ayni_record *grant,
                                                           struct ayni_record *record);
AYNI_CHECKED enum ayni_status ayni_registry_steward_record(const struct ayni_node *root,
                                                           const struct ayni_node *node,
                                                           struct ayni_bytes name,
                                                           struct ayni_record *record);
/* `space` and `epoch` are NULL for the identity key. */
AYNI_CHECKED enum ayni_status
ayni_registry_wrapped_key_record(const struct ayni_node *root, enum ayni_key_purpose purpose,
                                 const struct ayni_space *space, const uint8_t epoch[16],
                                 const struct ayni_node *node, struct ayni_record *record);

AYNI_CHECKED enum ayni_status ayni_registry_root_statement_record(const struct ayni_node *root,
                                                                  uint64_t number,
                                                                  struct ayni_record *record);

#endif
