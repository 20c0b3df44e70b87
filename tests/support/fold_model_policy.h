#ifndef AYNI_TESTS_SUPPORT_FOLD_MODEL_POLICY_H
#define AYNI_TESTS_SUPPORT_FOLD_MODEL_POLICY_H

#include "proto/fold.h"

/* The rules of docs/protocol.md, section 4.4, a second time. For tests/support/fold_model.c. */
struct fold_model_choice { /* one of the values that survive, and by whom, the newest first */
    struct ayni_bytes value;
    const struct ayni_fold_item **items;
    size_t item_count;
};

enum fold_model_verdict { ALONE, SETTLED, CONTESTED };

/*
 * What is shown of one or more choices, the newest first, the first
 * `preferred` of them a role's: appended to `shown`. The one that the rule picks is put first.
 */
enum fold_model_verdict fold_model_settle(enum ayni_merge merge, size_t preferred,
                                          struct fold_model_choice *choices, size_t count,
                                          struct ayni_buffer *shown);

#endif
