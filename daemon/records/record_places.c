#include "daemon/records/record_places.h"

#include <stdlib.h>

#include "daemon/records/tables.h"

static enum ayni_status add(struct record_places *places, const struct record_place *place)
{
    struct record_place *grown = reallocarray(places->items, places->count + 1, sizeof(*grown));

    if (grown == NULL)
        return AYNI_E_MEMORY;
    grown[places->count++] = *place;
    places->items = grown;
    return AYNI_OK;
}

enum ayni_status record_places_read(struct views_snapshot *views, struct record_places *places)
{
    SCOPED_VIEWS_CURSOR counts = { 0 };
    struct ayni_bytes key, value;
    enum ayni_status status = AYNI_OK;

    places->count = 0;
    views_cursor_open(views, RECORDS_TABLE_COUNTS, (struct ayni_bytes){ 0 }, &counts);
    while (status == AYNI_OK && views_cursor_next(&counts, &key, &value)) {
        struct record_place place;
        if (key.size != COUNT_KEY_SIZE)
            continue;
        memcpy(place.space.bytes, key.data, sizeof(place.space.bytes));
        place.type = ayni_get_u32(key.data + sizeof(place.space.bytes));
        status = add(places, &place);
    }
    if (status == AYNI_OK)
        status = counts.status;
    places->known = status == AYNI_OK;
    return status;
}

void record_places_free(struct record_places *places)
{
    free(places->items);
    *places = (struct record_places){ 0 };
}
