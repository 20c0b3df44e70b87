#ifndef AYNI_DAEMON_RECORDS_PREFER_H
#define AYNI_DAEMON_RECORDS_PREFER_H

#include "daemon/records/charter.h"
#include "daemon/records/complaint.h"
#include "daemon/records/state.h"

/*
 * A rule by which a steward has many conflicts settled, as she writes it: which of a
 * field's values is to stand. Where several values fit, it is the one of the lowest number.
 */
enum prefer_kind {
    PREFER_LATEST,   /* the newest */
    PREFER_EARLIEST, /* the one that somebody said first */
    PREFER_NODE, /* these: what that node, an organisation, one of that role wrote, or what came */
    PREFER_ORG,  /* out of that source, where it is among the values */
    PREFER_ROLE,
    PREFER_ORIGIN,
};

struct prefer_rule {
    enum prefer_kind kind;
    struct ayni_node node;  /* of PREFER_NODE */
    struct ayni_bytes word; /* an organisation's code, a role, the name of an origin; lent by the
                               text that was read */
};

/*
 * `latest`, `earliest` (or `oldest`), `node:NAME`, `org:CODE`, `role:ROLE`, `origin:NAME`.
 * AYNI_E_USAGE, with a complaint, for anything else, and for nodes, organisations and roles that
 * nobody knows.
 */
AYNI_CHECKED enum ayni_status prefer_parse(const struct charter *charter, const char *text,
                                           struct prefer_rule *rule, struct complaint *complaint);

/* The index of the alternative that it picks; their count where none fits. */
size_t prefer_pick(const struct prefer_rule *rule, const struct charter *charter,
                   const struct record_state *state, const struct ayni_folded_field *field);

#endif
