#include "daemon/records/record_places.h"

#include <stdlib.h>

#include "daemon/records/tables.h"

enum ayni_status record_places_read(struct views_snapshot *views, struct record_places *places)
{
    SCOPED_VIEWS_CURSOR counts = { 0 };
    struct ayni_bytes key, value;
    uint64_t count;
    enum ayni_status status = views_count(views, RECORDS_TABLE_COUNTS, &count);

    if (status != AYNI_OK)
        return status;
    free(places->items);
    *places = (struct record_places){ .items = calloc(count + 1, sizeof(*places->items)) };
    if (places->items == NULL)
        return AYNI_E_MEMORY;
    views_cursor_open(views, RECORDS_TABLE_COUNTS, (struct ayni_bytes){ 0 }, &counts);
    while (places->count < count && views_cursor_next(&counts, &key, &value)) {
        struct record_place *place = &places->items[places->count];
        if (key.size != COUNT_KEY_SIZE)
            continue;
        memcpy(place->space.bytes, key.data, sizeof(place->space.bytes));
        place->type = ayni_get_u32(key.data + sizeof(place->space.bytes));
        places->count++;
    }
    places->known = counts.status == AYNI_OK;
    return counts.status;
}

void record_places_free(struct record_places *places)
{
    free(places->items);
    *places = (struct record_places){ 0 };
}
