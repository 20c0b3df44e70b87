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
