#include "daemon/records/state.h"

#include <stdlib.h>

#include "proto/cbor.h"

void record_state_free(struct record_state *state)
{
    ayni_folded_free(&state->folded);
    for (size_t i = 0; i < state->count; i++) {
        ayni_version_free(&state->versions[i].version);
        ayni_buffer_free(&state->versions[i].plain);
    }
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
    const struct ayni_folded_field *found = ayni_folded_field(&state->folded, field);

    if (found == NULL || ayni_cbor_is_null(found->shown))
        return (struct ayni_bytes){ 0 };
    return found->shown;
}

bool record_state_text(const struct record_state *state, uint32_t field, struct ayni_bytes *text)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    *text = ayni_cbor_read_text(&reader);
    if (ayni_cbor_done(&reader) == AYNI_OK)
        return true;
    *text = (struct ayni_bytes){ 0 };
    return false;
}

bool record_state_integer(const struct record_state *state, uint32_t field, int64_t *integer)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    *integer = ayni_cbor_read_int(&reader);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

bool record_state_reference(const struct record_state *state, uint32_t field,
                            struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    ayni_cbor_read_id(&reader, record);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

const struct ayni_field *record_state_shown(const struct record_state *state,
                                            struct ayni_arena *memory, size_t *count)
{
    *count = state == NULL ? 0 : state->folded.field_count;
    struct ayni_field *fields = ayni_arena_take(memory, *count, sizeof(*fields));

    for (size_t i = 0; fields != NULL && i < *count; i++)
        fields[i] = (struct ayni_field){ .number = state->folded.fields[i].number,
                                         .value = state->folded.fields[i].shown };
    return fields;
}
