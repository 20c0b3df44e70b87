#include "daemon/records/writing/settle_private.h"

/* Some value that the item set survives. */
static bool survives(const struct record_state *state, size_t item)
{
    for (size_t i = 0; i < state->folded.field_count; i++)
        for (size_t j = 0; j < state->folded.fields[i].alternative_count; j++) {
            const struct ayni_alternative *alternative = &state->folded.fields[i].alternatives[j];
            for (size_t k = 0; k < alternative->item_count; k++)
                if (alternative->items[k] == item)
                    return true;
        }
    return false;
}

size_t settle_last_resolution(const struct record_state *state)
{
    for (size_t i = state->count; i > 0; i--)
        if (state->items[i - 1].valid && !state->folded.withdrawn[i - 1] &&
            state->versions[i - 1].version.act == AYNI_ACT_RESOLUTION)
            return i - 1;
    return state->count;
}

static bool sets_deletion(const struct ayni_version *version)
{
    return version->field_count > 0 && version->fields[0].number == 0;
}

bool settle_shows(const struct record_state *state, size_t item)
{
    return survives(state, item) || sets_deletion(&state->versions[item].version);
}

static enum ayni_status unresolve(struct settling *settling)
{
    const struct record_state *state = &settling->state;
    size_t last = settle_last_resolution(state);
    const struct ayni_version *version;

    if (last == state->count)
        return complain(settling->complaint, AYNI_E_NOT_FOUND,
                        N_("no resolution of {} counts that could be taken back"),
                        settling->request->id, NULL);
    version = &state->versions[last].version;
    if (!settle_shows(state, last))
        return complain(settling->complaint, AYNI_E_NOT_FOUND,
                        N_("a later edit of {} already covers its last resolution"),
                        settling->request->id, NULL);
    settling->withdraws =
        (struct ayni_entry_name){ .feed = state->items[last].feed,
                                  .seq = state->items[last].seq,
                                  .chain = ayni_chain_prefix_of(&state->items[last].chain) };
    for (size_t i = 0; i < version->field_count && i < EDIT_CHANGED_MAX; i++)
        settling->result->changed[i] = version->fields[i].number;
    settling->result->changed_count =
        version->field_count < EDIT_CHANGED_MAX ? version->field_count : EDIT_CHANGED_MAX;
    return settle_write(settling, AYNI_ACT_WITHDRAWAL);
}

enum ayni_status settle_unresolve(struct records *records, const struct settle_request *request,
                                  struct edit_result *result, struct complaint *complaint)
{
    return settle_attempt(unresolve, records, request, result, complaint);
}
