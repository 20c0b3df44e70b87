#ifndef AYNI_TESTS_SUPPORT_ERASURE_MODEL_H
#define AYNI_TESTS_SUPPORT_ERASURE_MODEL_H

#include "proto/erase.h"
#include "tests/support/node_pair.h"

/*
 * What was ever written in a space, with its payloads, and what of it is erased
 * by docs/protocol.md, section 4.7, found by loops over all there is: slow, simple, and
 * with nothing of daemon/records/. Who reaches whom is asked of the registry,
 * which another oracle checks (tests/support/registry_oracle.h).
 */
enum { ERASURE_MODEL_MAX = 512 };

struct erasure_model_entry {
    struct ayni_registry_entry place;
    uint8_t lane;
    uint64_t kind;
    struct ayni_bytes payload;
    bool is_version, is_order; /* and well-formed */
    struct ayni_version version;
    struct ayni_erase erase;
    struct ayni_erase_order order;
};

struct erasure_model {
    struct ayni_space space;
    struct ayni_arena memory;
    struct erasure_model_entry entries[ERASURE_MODEL_MAX];
    size_t count;
};

void erasure_model_free(struct erasure_model *model);
/* Learn what the node has written since. Its own entries are whole then. */
void erasure_model_learn(struct erasure_model *model, struct test_node *node);
/* Whether the version at `index` is erased under a registry. */
bool erasure_model_is_erased(const struct erasure_model *model,
                             const struct ayni_registry *registry, size_t index);
/* The same if everybody might erase everything: else it can't be gone. */
bool erasure_model_was_ordered(const struct erasure_model *model, size_t index);
/* Whether all that an order adds to an earlier one was reached by some order's record. */
bool erasure_model_adds_rightly(const struct erasure_model *model, size_t index);

#endif
