#ifndef AYNI_TESTS_SUPPORT_FOLD_MODEL_H
#define AYNI_TESTS_SUPPORT_FOLD_MODEL_H

#include "proto/fold.h"

/*
 * The rules of docs/protocol.md, sections 4.2 to 4.4, a second time: slow,
 * short, and with nothing of proto/fold.c. Each question is asked of every
 * pair of versions.
 */
struct fold_model {
    void *context;
    /* Some pair of the context of `by` covers `what`. */
    bool (*covers)(void *context, const struct ayni_fold_item *by,
                   const struct ayni_fold_item *what);
    /* `older` is `newer` or comes before it on its chain. */
    bool (*in_past)(void *context, const struct ayni_fold_item *older,
                    const struct ayni_fold_item *newer);
    ayni_fold_rule *rule;
    void *rule_context;
};

/* The state of the record, in the form of fold_model_print(). */
void fold_model_fold(const struct fold_model *model, const struct ayni_fold_item *items,
                     size_t count, struct ayni_buffer *state);
/* All that a fold says, but for the numbers of its items: equal states have equal bytes. */
void fold_model_print(const struct ayni_folded *folded, struct ayni_buffer *state);

/* The context of the next version by the writer in `own`; `seen` has room for `count`. Returns how
 * many. */
size_t fold_model_context(const struct fold_model *model, const struct ayni_fold_item *items,
                          size_t count, const struct ayni_feed *own, struct ayni_seen *seen);

/* Whether the value that `items[at]` gives to `field` is overwritten or withdrawn, or that item
 * doesn't count. */
bool fold_model_is_gone(const struct fold_model *model, const struct ayni_fold_item *items,
                        size_t count, size_t at, uint32_t field);

#endif
