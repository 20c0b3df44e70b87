#include "daemon/records/territories.h"

#include <stdlib.h>

#include "daemon/records/walk.h"
#include "proto/set.h"

/* The fields of the type that are read here; a number is never given to another. */
enum {
    FIELD_CODE = 1,
    FIELD_NAME = 2,
    FIELD_VALID_FROM = 4,
    FIELD_VALID_TO = 5,
    FIELD_SUCCESSORS = 6,
    FIELD_ALTITUDE_M = 8,
    FIELD_CENTRE = 9,
};

/* --- one record --- */

/* Of a point what is north and east; false where it is none on the globe. */
static bool centre_of(const struct record_state *state, struct territory *territory)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, FIELD_CENTRE));
    const int64_t degree = 1000000;

    if (ayni_cbor_peek(&reader) != AYNI_CBOR_ARRAY || ayni_cbor_read_array(&reader) < 2)
        return false;
    int64_t latitude = ayni_cbor_read_int(&reader), longitude = ayni_cbor_read_int(&reader);
    if (reader.status != AYNI_OK || latitude < -90 * degree || latitude > 90 * degree ||
        longitude < -180 * degree || longitude > 180 * degree)
        return false;
    territory->latitude = (int32_t)latitude;
    territory->longitude = (int32_t)longitude;
    return true;
}

/* The codes that it became, as a text; what is no set of codes says none. */
static const char *successors_of(const struct record_state *state, struct ayni_arena *memory)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, FIELD_SUCCESSORS));
    SCOPED_BUFFER codes = { 0 };
    struct ayni_bytes before = { 0 };
    size_t count = ayni_cbor_peek(&reader) == AYNI_CBOR_ARRAY ? ayni_cbor_read_array(&reader) : 0;

    for (size_t i = 0; i < count && reader.status == AYNI_OK; i++) {
        struct ayni_bytes code = ayni_set_read(&reader, AYNI_CBOR_TEXT, &before);
        if (i > 0)
            ayni_buffer_append_text(&codes, ", ");
        ayni_buffer_append(&codes, code.data, code.size);
    }
    if (reader.status != AYNI_OK || codes.failed)
        ayni_buffer_clear(&codes);
    return ayni_arena_text(memory, ayni_buffer_bytes(&codes));
}

/* What doesn't say a code and a first day is no territory: problems lists it. */
static bool read_territory(const struct record_state *state, struct ayni_arena *memory,
                           struct territory *territory)
{
    struct ayni_bytes code, name;
    int64_t altitude_m;

    if (record_state_gone(state) || !record_state_text(state, FIELD_CODE, &code) ||
        code.size >= sizeof(territory->code) ||
        !record_state_integer(state, FIELD_VALID_FROM, &territory->valid_from))
        return false;
    if (code.size > 0)
        memcpy(territory->code, code.data, code.size);
    if (!record_state_text(state, FIELD_NAME, &name))
        name = (struct ayni_bytes){ NULL, 0 };
    territory->name = ayni_arena_text(memory, name);
    territory->has_valid_to = record_state_integer(state, FIELD_VALID_TO, &territory->valid_to);
    territory->has_altitude = record_state_integer(state, FIELD_ALTITUDE_M, &altitude_m) &&
                              altitude_m >= INT32_MIN && altitude_m <= INT32_MAX;
    if (territory->has_altitude)
        territory->altitude_m = (int32_t)altitude_m;
    territory->has_centre = centre_of(state, territory);
    territory->successors = successors_of(state, memory);
    territory->record = state->key.record;
    return territory->name != NULL && territory->successors != NULL;
}

static int by_code(const void *a, const void *b)
{
    const struct territory *left = a;
    const struct territory *right = b;
    int order = strcmp(left->code, right->code);

    return order != 0
               ? order
               : (left->valid_from > right->valid_from) - (left->valid_from < right->valid_from);
}

/* --- the table --- */

static enum ayni_status read_all(struct reader *reader, struct territories *table)
{
    SCOPED_WALK walk;
    const struct ayni_space *space = &reader_charter(reader)->registry_space;
    struct record_key key;
    uint64_t count;
    enum ayni_status status = reader_count(reader, space, TERRITORY_TYPE, &count);

    walk_type(reader, space, TERRITORY_TYPE, &walk);
    if (status == AYNI_OK)
        table->items = calloc(count + 1, sizeof(*table->items));
    if (status == AYNI_OK && table->items == NULL)
        status = AYNI_E_MEMORY;
    while (status == AYNI_OK && table->count < count && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_OK &&
            read_territory(&state, &table->memory, &table->items[table->count]))
            table->count++;
    }
    if (status == AYNI_OK)
        status = walk.status;
    return status == AYNI_OK ? ayni_arena_status(&table->memory) : status;
}

static void free_table(struct kept *kept)
{
    struct territories *table = (struct territories *)kept;

    free(table->items);
    ayni_arena_free(&table->memory);
    free(table);
}

enum ayni_status territories_load(struct reader *reader, struct territories **table)
{
    struct territories *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->kept.free = free_table;
    status = read_all(reader, made);
    if (status != AYNI_OK) {
        free_table(&made->kept);
        return status;
    }
    if (made->count > 1)
        qsort(made->items, made->count, sizeof(*made->items), by_code);
    *table = made;
    return AYNI_OK;
}

bool territories_centre(const struct territories *table, struct ayni_bytes code, int64_t day,
                        int32_t *latitude, int32_t *longitude)
{
    const struct territory *territory = territories_find(table, code, day);

    if (territory == NULL || !territory->has_centre)
        return false;
    *latitude = territory->latitude;
    *longitude = territory->longitude;
    return true;
}

bool territories_altitude(const struct territories *table, struct ayni_bytes code, int64_t day,
                          int32_t *altitude_m)
{
    const struct territory *territory = territories_find(table, code, day);

    if (territory == NULL || !territory->has_altitude)
        return false;
    *altitude_m = territory->altitude_m;
    return true;
}

void territories_release(const struct territories *table)
{
    if (table != NULL)
        kept_release(&table->kept);
}

void territories_release_scoped(const struct territories **table)
{
    territories_release(*table);
}

/* One past the last item with that code. */
static size_t end_of_code(const struct territories *table, const char *code)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(table->items[middle].code, code) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool copy_code(struct ayni_bytes code, char text[8])
{
    if (code.size == 0 || code.size >= 8)
        return false;
    memcpy(text, code.data, code.size);
    text[code.size] = 0;
    return true;
}

const struct territory *territories_find(const struct territories *table, struct ayni_bytes code,
                                         int64_t day)
{
    char text[8];

    if (!copy_code(code, text))
        return NULL;
    for (size_t i = end_of_code(table, text); i > 0; i--) {
        const struct territory *place = &table->items[i - 1];
        if (strcmp(place->code, text) != 0)
            return NULL;
        if (place->valid_from <= day && (!place->has_valid_to || day <= place->valid_to))
            return place;
    }
    return NULL;
}

const struct territory *territories_last(const struct territories *table, struct ayni_bytes code)
{
    char text[8];
    size_t end;

    if (!copy_code(code, text))
        return NULL;
    end = end_of_code(table, text);
    return end > 0 && strcmp(table->items[end - 1].code, text) == 0 ? &table->items[end - 1] : NULL;
}

/* --- what became of places --- */

enum { STEPS_MAX = 8 }; /* from a code to that of today: more are a circle */

/* The last of that code that had ended by then; NULL where there is none. */
static const struct territory *ended_before(const struct territories *table, const char *code,
                                            int64_t day)
{
    for (size_t i = end_of_code(table, code); i > 0; i--) {
        const struct territory *place = &table->items[i - 1];
        if (strcmp(place->code, code) != 0)
            return NULL;
        if (place->has_valid_to && place->valid_to < day)
            return place;
    }
    return NULL;
}

const char *territories_became(const struct territories *table, struct ayni_bytes code, int64_t day)
{
    const struct territory *place = NULL;
    char text[8];

    if (copy_code(code, text) && territories_find(table, code, day) == NULL)
        place = ended_before(table, text, day);
    return place == NULL ? "" : place->successors;
}

const struct territory *territories_successor(const struct territories *table,
                                              struct ayni_bytes code, int64_t day)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        const char *became = territories_became(table, code, day);
        const struct territory *place;
        if (became[0] == '\0' || strchr(became, ',') != NULL)
            return NULL;
        code = ayni_bytes_of_text(became);
        place = territories_find(table, code, day);
        if (place != NULL)
            return place;
    }
    return NULL;
}
