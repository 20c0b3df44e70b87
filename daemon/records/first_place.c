#include "daemon/records/first_place.h"

enum ayni_status first_place_is(struct reader *reader, const struct record_key *key, bool *first)
{
    enum { PLACES_MAX = 16 };
    struct record_key places[PLACES_MAX];
    size_t count;
    enum ayni_status status =
        reader_find(reader, &key->record, key->type, NULL, places, PLACES_MAX, &count);

    *first = true;
    for (size_t i = 0; status == AYNI_OK && *first && i < count && i < PLACES_MAX; i++) {
        SCOPED_STATE state = { 0 };
        if (ayni_id_compare(&places[i].space, &key->space) >= 0)
            continue;
        status = reader_fold(reader, &places[i], &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK)
            *first = record_state_gone(&state);
    }
    return status;
}
