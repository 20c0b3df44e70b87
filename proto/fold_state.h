#ifndef AYNI_PROTO_FOLD_STATE_H
#define AYNI_PROTO_FOLD_STATE_H

#include "proto/fold.h"
#include "proto/survivors.h"

/* What is at work during one fold, and what its parts share: for fold*.c alone. */
struct fold {
    struct ayni_survivors survivors;
    struct ayni_arena scratch; /* gone with the fold; what stays is in folded->memory */
    ayni_fold_rule *rule;
    void *rule_context;
    struct ayni_folded *folded;
    struct ayni_setting *role_settings; /* of one field: those of the role that goes first */
    struct ayni_setting **candidates;   /* of one field: what may become alternatives */
};

/* The item that made the setting. */
const struct ayni_fold_item *ayni_fold_item_of(const struct fold *fold,
                                               const struct ayni_setting *setting);

/*
 * The alternatives that the first `count` candidates make, in the order of their
 * numbers, and how many of them are of the role that goes first. AYNI_E_MEMORY
 * is the only failure.
 */
AYNI_CHECKED enum ayni_status ayni_fold_alternatives(struct fold *fold, size_t count,
                                                     struct ayni_folded_field *field,
                                                     size_t *preferred);

#endif
