#include "daemon/records/import/import_guess.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/identifier.h"
#include "daemon/records/import/import_map.h"
#include "daemon/records/import/import_maps.h"

enum { KNOWN_PERCENT = 80, FIELDS_MAX = 128, MAPS_MAX = 16 };

/* A file, and the maps of the program. */
struct guess {
    const struct ayni_catalogue_type *type;
    const char *const *header;
    size_t count;
    struct import_map maps[MAPS_MAX];
    size_t map_count;
    struct ayni_buffer *json;
    bool said[FIELDS_MAX]; /* fields that have a column, by their place in the type */
    bool is_first;         /* nothing stands before it in the object that is written */
};

static enum ayni_status read_maps(struct guess *guess)
{
    char why[IMPORT_MAP_WHY_SIZE];
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && import_map_names[i] != NULL && i < MAPS_MAX; i++) {
        status = import_map_read(import_map_text(import_map_names[i]), &guess->maps[i], why);
        guess->map_count++;
    }
    return status;
}

static void free_maps(struct guess *guess)
{
    for (size_t i = 0; i < guess->map_count; i++)
        import_map_free(&guess->maps[i]);
}

/* --- a map that is there --- */

static bool has_column(const struct guess *guess, const char *name)
{
    for (size_t i = 0; i < guess->count; i++)
        if (strcmp(guess->header[i], name) == 0)
            return true;
    return false;
}

static void count_source(const struct guess *guess, const struct import_source *source,
                         size_t *known, size_t *all)
{
    for (size_t i = 0; i < source->column_count; i++) {
        *known += has_column(guess, source->columns[i]);
        (*all)++;
    }
}

/* How many in a hundred of the columns that the map reads the file has. */
static size_t percent_known(const struct guess *guess, const struct import_map *map)
{
    size_t known = 0, all = 0;

    count_source(guess, &map->source_id, &known, &all);
    for (size_t i = 0; i < map->record_count; i++)
        for (size_t j = 0; j < map->records[i].field_count; j++)
            count_source(guess, &map->records[i].fields[j].source, &known, &all);
    return all == 0 ? 0 : known * 100 / all;
}

static bool makes(const struct import_map *map, const char *type)
{
    for (size_t i = 0; i < map->record_count; i++)
        if (map->records[i].main && strcmp(map->records[i].type, type) == 0)
            return true;
    return false;
}

/* The text of the map that fits best; empty where none does. Days are found by their form. */
static struct ayni_bytes fitting_map(const struct guess *guess)
{
    size_t best = 0, percent = 0;

    for (size_t i = 0; i < guess->map_count; i++) {
        size_t fits = percent_known(guess, &guess->maps[i]);
        if (fits <= percent || (guess->type != NULL && !makes(&guess->maps[i], guess->type->name)))
            continue;
        best = i;
        percent = fits;
    }
    return percent < KNOWN_PERCENT ? (struct ayni_bytes){ NULL, 0 }
                                   : import_map_text(import_map_names[best]);
}

/* --- a map of a type --- */

static void put(struct guess *guess, const char *text)
{
    ayni_buffer_append_text(guess->json, text);
}

/* A text of JSON, in quotes. */
static void put_quoted(struct guess *guess, const char *text)
{
    char escaped[8];

    put(guess, "\"");
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20) {
            snprintf(escaped, sizeof(escaped), "\\u%04x", c);
            put(guess, escaped);
            continue;
        }
        if (c == '"' || c == '\\')
            put(guess, "\\");
        ayni_buffer_append_byte(guess->json, c);
    }
    put(guess, "\"");
}

static void put_member(struct guess *guess, const char *name)
{
    put(guess, guess->is_first ? "\n        " : ",\n        ");
    put_quoted(guess, name);
    put(guess, ": ");
    guess->is_first = false;
}

/* What maps of the program read from a column of that name into a field of the type. */
static const struct import_map_field *known_field(const struct guess *guess, const char *column)
{
    for (size_t i = 0; i < guess->map_count; i++)
        for (size_t j = 0; j < guess->maps[i].record_count; j++) {
            const struct import_map_record *record = &guess->maps[i].records[j];
            for (size_t k = 0; k < record->field_count; k++) {
                const struct import_source *source = &record->fields[k].source;
                if (strcmp(record->type, guess->type->name) == 0 && source->column_count == 1 &&
                    strcmp(source->columns[0], column) == 0)
                    return &record->fields[k];
            }
        }
    return NULL;
}

/* The number of a child or person that a column has: by its name, or by a map of the program. */
static const char *known_identifier(const struct guess *guess, const char *column)
{
    int index = guess->type->key_is_identifier ? identifier_index(column) : -1;

    if (index >= 0)
        return identifier_names[index];
    for (size_t i = 0; guess->type->key_is_identifier && i < guess->map_count; i++)
        for (size_t j = 0; j < guess->maps[i].record_count; j++) {
            const struct import_map_record *record = &guess->maps[i].records[j];
            for (size_t k = 0; k < record->identifier_count; k++)
                if (strcmp(record->type, guess->type->name) == 0 &&
                    strcmp(record->identifiers[k].source.columns[0], column) == 0)
                    return record->identifiers[k].name;
        }
    return NULL;
}

/* The field that a column is likely to be; `*known` where a map of the program reads it. */
static const struct ayni_catalogue_field *
likely_field(const struct guess *guess, const char *column, const struct import_map_field **known)
{
    const char *name = column;

    *known = NULL;
    if (ayni_catalogue_field_named(guess->type, ayni_bytes_of_text(column)) == NULL) {
        *known = known_field(guess, column);
        name = *known != NULL
                   ? (*known)->name
                   : ayni_catalogue_nearest_field(guess->type, ayni_bytes_of_text(column));
    }
    return name == NULL ? NULL : ayni_catalogue_field_named(guess->type, ayni_bytes_of_text(name));
}

static void put_source(struct guess *guess, const char *column, const struct import_source *source)
{
    char times[32];

    if (source == NULL || (source->word_count == 0 && source->shift == 0)) {
        put_quoted(guess, column);
        return;
    }
    put(guess, "{ \"column\": ");
    put_quoted(guess, column);
    if (source->shift > 0) {
        snprintf(times, sizeof(times), ", \"times\": 1%0*d", (int)source->shift, 0);
        put(guess, times);
    }
    if (source->split != NULL) {
        put(guess, ", \"split\": ");
        put_quoted(guess, source->split);
    }
    for (size_t i = 0; i < source->word_count; i++) {
        put(guess, i == 0 ? ", \"values\": { " : ", ");
        put_quoted(guess, source->words[i].from);
        put(guess, ": ");
        put_quoted(guess, source->words[i].to);
    }
    put(guess, source->word_count > 0 ? " } }" : " }");
}

static void put_identifiers(struct guess *guess)
{
    unsigned said = 0;

    guess->is_first = true;
    for (size_t i = 0; i < guess->count; i++) {
        const char *name = known_identifier(guess, guess->header[i]);
        if (name == NULL || (said & 1u << identifier_index(name)) != 0)
            continue;
        said |= 1u << identifier_index(name);
        put(guess, guess->is_first ? "      \"identifiers\": {" : "");
        put_member(guess, name);
        put_quoted(guess, guess->header[i]);
    }
    put(guess, guess->is_first ? "" : "\n      },\n");
}

/* What a field without a column usually says. */
static void put_usual(struct guess *guess, const char *name, const char *source, bool is_usual)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(guess->type, ayni_bytes_of_text(name));

    if (!is_usual || field == NULL || guess->said[field - guess->type->fields])
        return;
    guess->said[field - guess->type->fields] = true;
    put_member(guess, name);
    put(guess, source);
}

static void put_fields(struct guess *guess)
{
    guess->is_first = true;
    put(guess, "      \"fields\": {");
    for (size_t i = 0; i < guess->count; i++) {
        const struct import_map_field *known;
        const struct ayni_catalogue_field *field;
        if (known_identifier(guess, guess->header[i]) != NULL)
            continue;
        field = likely_field(guess, guess->header[i], &known);
        if (field == NULL || guess->said[field - guess->type->fields])
            continue;
        guess->said[field - guess->type->fields] = true;
        put_member(guess, field->name);
        put_source(guess, guess->header[i], known == NULL ? NULL : &known->source);
    }
    put_usual(guess, "state", "{ \"initial\": \"active\" }", guess->type->key_is_identifier);
    put_usual(guess, "source", "{ \"constant\": \"other\" }", guess->type->is_event);
    put(guess, "\n      }\n");
}

/* Which required fields no column was found for: the reader has to say. */
static void put_about(struct guess *guess, const char *about)
{
    SCOPED_BUFFER text = { 0 };

    ayni_buffer_append_text(&text, "A draft by the names of the columns: to be read and corrected");
    for (size_t i = 0; i < guess->type->field_count; i++) {
        if (!guess->type->fields[i].required || guess->said[i])
            continue;
        ayni_buffer_append_text(&text, about);
        about = ", ";
        ayni_buffer_append_text(&text, guess->type->fields[i].name);
    }
    ayni_buffer_append_byte(&text, 0);
    put(guess, "  \"about\": ");
    put_quoted(guess, text.failed ? "" : (const char *)text.data);
    put(guess, "\n}\n");
}

static enum ayni_status draft(struct guess *guess)
{
    if (guess->type->field_count > FIELDS_MAX)
        return AYNI_E_LIMIT;
    put(guess, "{\n  \"name\": \"draft\",\n  \"origin\": \"draft\",\n  \"dates\": \"found\",\n"
               "  \"records\": [\n    {\n      \"name\": ");
    put_quoted(guess, guess->type->name);
    put(guess, ",\n      \"type\": ");
    put_quoted(guess, guess->type->name);
    put(guess, ",\n");
    put_identifiers(guess);
    put_fields(guess);
    put(guess, "    }\n  ],\n");
    put_about(guess, ". Without a column, and required: ");
    return ayni_buffer_status(guess->json);
}

enum ayni_status import_guess(const struct ayni_catalogue *catalogue, const char *type,
                              const char *const *header, size_t count, struct ayni_buffer *json,
                              struct complaint *complaint)
{
    struct guess guess = { .header = header, .count = count, .json = json };
    struct ayni_bytes text;
    enum ayni_status status = AYNI_OK;

    if (type != NULL) {
        guess.type = ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(type));
        if (guess.type == NULL)
            return complain(complaint, AYNI_E_USAGE, N_("there is no type {}"), type, NULL);
    }
    status = read_maps(&guess);
    text = fitting_map(&guess);
    if (status == AYNI_OK && text.size > 0) {
        ayni_buffer_append(json, text.data, text.size);
        status = ayni_buffer_status(json);
    } else if (status == AYNI_OK && guess.type != NULL) {
        status = draft(&guess);
    } else if (status == AYNI_OK) {
        complain_hint(complaint, N_("name the type of its rows: ayni import --guess TYPE FILE"),
                      NULL);
        status = complain(complaint, AYNI_E_INVALID,
                          N_("no map of the program is for a file with these columns"), NULL);
    }
    free_maps(&guess);
    return status;
}
