#include "daemon/records/state.h"

#include <stdlib.h>

void record_state_free(struct record_state *state)
{
    ayni_folded_free(&state->folded);
    for (size_t i = 0; i < state->count; i++)
        ayni_version_free(&state->versions[i].version);
    free(state->versions);
    free(state->items);
    *state = (struct record_state){ 0 };
}

const struct ayni_fold_item *record_state_newest(const struct record_state *state)
{
    for (size_t i = state->count; i > 0; i--)
        if (state->items[i - 1].valid)
            return &state->items[i - 1];
    return NULL;
}

bool record_state_gone(const struct record_state *state)
{
    return state->folded.deleted || record_state_newest(state) == NULL;
}

struct ayni_bytes record_state_value(const struct record_state *state, uint32_t field)
{
    static const uint8_t null_item = 0xf6;
    const struct ayni_folded_field *found = ayni_folded_field(&state->folded, field);

    if (found == NULL ||
        ayni_bytes_equal(found->shown, (struct ayni_bytes){ &null_item, sizeof(null_item) }))
        return (struct ayni_bytes){ 0 };
    return found->shown;
}

/* A version's first field is its deletion mark, if it has one. */
static bool deletes_it(const struct ayni_version *version)
{
    static const uint8_t true_item = 0xf5;

    return version->field_count > 0 && version->fields[0].number == 0 &&
           ayni_bytes_equal(version->fields[0].value,
                            (struct ayni_bytes){ &true_item, sizeof(true_item) });
}

void record_state_deletion(const struct record_state *state, const struct ayni_fold_item **deletes,
                           const struct ayni_fold_item **keeps)
{
    *deletes = *keeps = NULL;
    for (size_t i = 0; i < state->count; i++) {
        if (!state->items[i].valid)
            continue;
        if (deletes_it(&state->versions[i].version))
            *deletes = &state->items[i];
        else
            *keeps = &state->items[i];
    }
}
