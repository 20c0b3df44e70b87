#ifndef AYNI_DAEMON_FEDERATION_ORGANISATION_H
#define AYNI_DAEMON_FEDERATION_ORGANISATION_H

#include "daemon/federation/registry_draft.h"

/* Organisations are records of type 704 in the registry; their key is the code. */
enum { ORGANISATION_CODE_SIZE = 21, ORGANISATION_ROLES_MAX = 8 };

struct organisation_draft {
    struct ayni_bytes code;
    struct ayni_bytes name;
    const char *kind; /* a word of organisation.kind */
    const char *roles[ORGANISATION_ROLES_MAX];
    size_t role_count;
};

/* The id that the code gives. */
AYNI_CHECKED enum ayni_status organisation_id(const struct ayni_node *root, struct ayni_bytes code,
                                              struct ayni_record *record);
/* Draft the record; `*record` is its id. */
AYNI_CHECKED enum ayni_status organisation_put(struct registry_draft *draft,
                                               const struct ayni_node *root,
                                               const struct organisation_draft *organisation,
                                               struct ayni_record *record);
/* A code made of a name: lower-case letters, digits and hyphens, at most 20 of them. `code` holds
 * ORGANISATION_CODE_SIZE. */
void organisation_code_of(struct ayni_bytes name, char *code);

#endif
