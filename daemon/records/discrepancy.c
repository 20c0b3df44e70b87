#include "daemon/records/discrepancy.h"

/* The other records, as their spaces show them; those that are gone are left out. */
struct others {
    struct record_state states[DISCREPANCY_SPACES_MAX];
    size_t count;
};

static void others_done(struct others *others)
{
    for (size_t i = 0; i < others->count; i++)
        record_state_free(&others->states[i]);
}

/* Whether more spaces than one hold records of the type: else nothing is to be looked for. */
static enum ayni_status is_spread(struct reader *reader, uint32_t type, bool *spread)
{
    const struct record_places *places;
    size_t count = 0;
    enum ayni_status status = reader_places(reader, &places);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < places->count; i++)
        count += places->items[i].type == type;
    *spread = count > 1;
    return AYNI_OK;
}

static enum ayni_status read_others(struct reader *reader, const struct record_key *key,
                                    struct others *others)
{
    struct record_key places[DISCREPANCY_SPACES_MAX];
    size_t count;
    enum ayni_status status =
        reader_find(reader, &key->record, key->type, NULL, places, DISCREPANCY_SPACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < DISCREPANCY_SPACES_MAX; i++) {
        struct record_state *other = &others->states[others->count];
        if (ayni_id_equal(&places[i].space, &key->space))
            continue;
        status = reader_fold(reader, &places[i], other);
        if (status == AYNI_OK && record_state_gone(other))
            record_state_free(other);
        else if (status == AYNI_OK)
            others->count++;
        else if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    return status;
}

static void compare(const struct record_state *state, const struct others *others, uint32_t field,
                    struct discrepancies *found)
{
    struct ayni_bytes own = record_state_value(state, field);
    const struct ayni_space *differs = NULL;
    bool compared = false;

    for (size_t i = others->count; own.size > 0 && i > 0; i--) {
        struct ayni_bytes value = record_state_value(&others->states[i - 1], field);
        compared = compared || value.size > 0;
        if (value.size > 0 && !ayni_bytes_equal(value, own))
            differs = &others->states[i - 1].key.space;
    }
    found->compared += compared;
    if (differs == NULL)
        return;
    if (found->differing < DISCREPANCIES_MAX)
        found->items[found->differing] = (struct discrepancy){ field, *differs };
    found->differing++;
}

enum ayni_status discrepancies_of(struct reader *reader, const struct record_state *state,
                                  struct discrepancies *discrepancies)
{
    __attribute__((cleanup(others_done))) struct others others = { .count = 0 };
    bool spread = false;
    enum ayni_status status = is_spread(reader, state->key.type, &spread);

    discrepancies->compared = discrepancies->differing = 0;
    if (status != AYNI_OK || !spread || record_state_gone(state))
        return status;
    status = read_others(reader, &state->key, &others);
    for (size_t i = 0; status == AYNI_OK && i < state->folded.field_count; i++)
        compare(state, &others, state->folded.fields[i].number, discrepancies);
    return status;
}
