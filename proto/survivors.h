#ifndef AYNI_PROTO_SURVIVORS_H
#define AYNI_PROTO_SURVIVORS_H

#include "proto/fold.h"

/*
 * Which versions count and which of their values were overwritten: the part
 * of the fold that knows contexts and nothing of policy. docs/protocol.md,
 * sections 4.2 and 4.3. For proto/fold.c.
 *
 * A version that others cover is found by walking down from what each pair of
 * a context names, and a walk ends where an earlier one has been; so the work
 * grows with the versions and their pairs, not with their product.
 */

/* The slots that one pair of a context may cover: of one feed, up to its seq. None where it doesn't
 * fit. */
struct ayni_reach {
    uint32_t first, end;
};

/* A version in the order of (feed, seq, chain), each once. */
struct ayni_slot {
    const struct ayni_fold_item *item;
    struct ayni_reach
        *reaches; /* for each pair of its context; NULL for versions that don't count */
    bool withdrawn;
    bool counts;   /* valid, readable, not withdrawn, and no withdrawal itself */
    bool survives; /* for proto/fold.c: some value of it was not overwritten */
    bool deletes;  /* for proto/fold.c: one of these is the mark of deletion */
};

/* A value that a version sets; or, without `field`, the version as a whole. */
struct ayni_setting {
    uint32_t slot;
    bool gone;      /* overwritten */
    bool preferred; /* for proto/fold.c: of the role whose values go first */
    const struct ayni_field *field;
};

struct ayni_survivors {
    const struct ayni_fold_chains *chains;
    struct ayni_slot *slots;
    uint32_t slot_count;
    struct ayni_setting *settings; /* of all that count, by (field number, slot) */
    size_t setting_count;
    struct ayni_setting **walk; /* room to order settings or slots in */
};

/*
 * Sort, count, withdraw, and see what each pair reaches. `*withdrawn` (by
 * item, cleared before) is set where a withdrawal names the item. All is in `arena`. AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status ayni_survivors_find(const struct ayni_fold_item *items, size_t count,
                                                  const struct ayni_fold_chains *chains,
                                                  struct ayni_arena *arena, bool *withdrawn,
                                                  struct ayni_survivors *survivors);

/*
 * Mark as gone which of `targets` a version among `writers` overwrites: its
 * context covers them and, where it has an origin other than `manual`, they are of
 * the same origin. Both are in the order of their slots; they may be the same array.
 */
void ayni_survivors_overwrite(const struct ayni_survivors *survivors,
                              const struct ayni_setting *writers, size_t writer_count,
                              struct ayni_setting *targets, size_t target_count);

/* Point `order` at the items, sorted by (feed, seq, chain), one entry twice as it was given. */
void ayni_survivors_sort(const struct ayni_fold_item *items, size_t count,
                         const struct ayni_fold_item **order);

#endif
