#include "daemon/records/import_map.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/identifier.h"
#include "daemon/records/json_form.h"

void import_map_free(struct import_map *map)
{
    ayni_arena_free(&map->memory);
    *map = (struct import_map){ 0 };
}

/* --- reading --- */

/* A text of the document, kept by the map; NULL where it is absent. */
static const char *keep_text(struct import_map *map, const struct json_at *at)
{
    struct ayni_bytes text = json_form_text(at);

    if (!json_form_given(at))
        return NULL;
    if (text.size == 0)
        json_form_fail(at, "an empty text");
    return ayni_arena_text(&map->memory, text);
}

static const char *required_text(struct import_map *map, const struct json_at *object,
                                 const char *key)
{
    struct json_at at = json_form_required(object, key);
    const char *text = keep_text(map, &at);

    return text == NULL ? "" : text;
}

static const char *optional_text(struct import_map *map, const struct json_at *object,
                                 const char *key)
{
    struct json_at at = json_form_member(object, key);

    return keep_text(map, &at);
}

static enum import_dates read_dates(const struct json_at *object, enum import_dates fallback)
{
    struct json_at at = json_form_member(object, "dates");
    struct ayni_bytes form = json_form_text(&at);

    if (!json_form_given(&at))
        return fallback;
    if (ayni_bytes_equal(form, ayni_bytes_of_text("YYYY-MM-DD")))
        return IMPORT_DATES_ISO;
    if (!ayni_bytes_equal(form, ayni_bytes_of_text("DD/MM/YYYY")))
        json_form_fail(&at, "dates are YYYY-MM-DD or DD/MM/YYYY");
    return IMPORT_DATES_DAY_FIRST;
}

static void read_words(struct import_map *map, const struct json_at *at,
                       struct import_source *source)
{
    size_t count = json_form_count(at);
    struct import_word *words = ayni_arena_zero(&map->memory, count + 1, sizeof(*words));
    struct json_at member;

    if (words == NULL || count == 0)
        return;
    for (void *cursor = NULL; json_form_next(at, &cursor, &member);) {
        struct import_word *word = &words[source->word_count++];
        word->from = ayni_arena_text(&map->memory, ayni_bytes_of_text(member.key));
        word->to = keep_text(map, &member);
    }
    source->words = words;
}

/* 10, 100 ...: how many places the point moves. */
static unsigned read_times(const struct json_at *at)
{
    int64_t times = json_form_integer(at, 1, 1000000000);
    unsigned shift = 0;

    for (; times > 1 && times % 10 == 0; times /= 10)
        shift++;
    if (times > 1)
        json_form_fail(at, "10, 100, 1000 ... is expected");
    return shift;
}

static void read_columns(struct import_map *map, const struct json_at *object,
                         struct import_source *source)
{
    struct json_at list = json_form_member(object, "columns");
    size_t count = json_form_count(&list);

    if (count > IMPORT_COLUMNS_MAX)
        json_form_fail(&list, "at most %d columns make one value", IMPORT_COLUMNS_MAX);
    for (size_t i = 0; i < count && i < IMPORT_COLUMNS_MAX; i++) {
        struct json_at item = json_form_item(&list, i);
        source->columns[source->column_count++] = keep_text(map, &item);
    }
}

/* Exactly one of the ways to say where a value is. */
static void read_origin_of_value(struct import_map *map, const struct json_at *object,
                                 struct import_source *source)
{
    const char *column = optional_text(map, object, "column");
    const char *initial = optional_text(map, object, "initial");
    unsigned ways = 0;

    read_columns(map, object, source);
    ways += source->column_count > 0;
    if (column != NULL) {
        source->columns[0] = column;
        source->column_count = 1;
        ways++;
    }
    source->constant = optional_text(map, object, "constant");
    ways += source->constant != NULL;
    if (initial != NULL) {
        source->constant = initial;
        source->initial = true;
        ways++;
    }
    source->record = optional_text(map, object, "record");
    ways += source->record != NULL;
    if (ways != 1)
        json_form_fail(object, "one of column, columns, constant, initial, record is expected");
}

/* The name of a column, or an object that says more. */
static void read_source(struct import_map *map, const struct json_at *at,
                        struct import_source *source)
{
    static const char *const keys[] = { "column", "columns",   "constant", "initial",
                                        "record", "values",    "dates",    "times",
                                        "first",  "issued_on", NULL };
    struct json_at words, times, first;

    source->dates = map->dates;
    if (json_form_is_text(at)) {
        source->columns[0] = keep_text(map, at);
        source->column_count = 1;
        return;
    }
    json_form_only(at, keys);
    read_origin_of_value(map, at, source);
    words = json_form_member(at, "values");
    read_words(map, &words, source);
    source->dates = read_dates(at, map->dates);
    times = json_form_member(at, "times");
    if (json_form_given(&times))
        source->shift = read_times(&times);
    first = json_form_member(at, "first");
    source->first = (unsigned)json_form_integer(&first, json_form_given(&first), 1000);
}

static void read_fields(struct import_map *map, const struct json_at *at,
                        struct import_map_record *record)
{
    size_t count = json_form_count(at);
    struct json_at member;

    record->fields = ayni_arena_zero(&map->memory, count + 1, sizeof(*record->fields));
    if (record->fields == NULL)
        return;
    for (void *cursor = NULL; count > 0 && json_form_next(at, &cursor, &member);) {
        struct import_map_field *field = &record->fields[record->field_count++];
        field->name = ayni_arena_text(&map->memory, ayni_bytes_of_text(member.key));
        read_source(map, &member, &field->source);
    }
}

/* --- identifiers: numbers of a record, and records of their own --- */

enum { IDENTIFIER_FIELDS_MAX = 5 };

/* The record of an identifier, after the one that it belongs to. */
static void add_identifier_record(struct import_map *map, const struct import_map_record *holder,
                                  const struct import_map_identifier *identifier,
                                  const char *issued_on)
{
    struct import_map_record *record = &map->records[map->record_count];
    struct import_map_field *fields =
        ayni_arena_zero(&map->memory, IDENTIFIER_FIELDS_MAX, sizeof(*fields));
    bool own = strcmp(identifier->name, "code") == 0;

    if (fields == NULL)
        return;
    *record = (struct import_map_record){ .name = identifier->name,
                                          .type = "identifier",
                                          .when = identifier->source.columns[0],
                                          .holder = holder->name,
                                          .fields = fields };
    fields[record->field_count++] =
        (struct import_map_field){ "holder", { .record = holder->name } };
    fields[record->field_count++] =
        (struct import_map_field){ "scheme", { .constant = own ? "programme" : identifier->name } };
    fields[record->field_count++] = (struct import_map_field){ "value", identifier->source };
    fields[record->field_count++] =
        (struct import_map_field){ "state", { .constant = "valid", .initial = true } };
    if (issued_on != NULL)
        fields[record->field_count++] = (struct import_map_field){
            "issued_on",
            { .columns = { issued_on }, .column_count = 1, .dates = identifier->source.dates }
        };
    map->record_count++;
}

/* In the order of use, whatever that of the file is. */
static void read_identifiers(struct import_map *map, const struct json_at *at,
                             struct import_map_record *record)
{
    record->identifiers =
        ayni_arena_zero(&map->memory, IDENTIFIER_SCHEMES, sizeof(*record->identifiers));
    if (record->identifiers == NULL)
        return;
    for (size_t i = 0; json_form_given(at) && i < IDENTIFIER_SCHEMES; i++) {
        struct json_at member = json_form_member(at, identifier_names[i]);
        struct import_map_identifier *identifier = &record->identifiers[record->identifier_count];
        const char *issued_on = NULL;
        if (!json_form_given(&member))
            continue;
        identifier->name = identifier_names[i];
        read_source(map, &member, &identifier->source);
        if (identifier->source.column_count != 1)
            json_form_fail(&member, "an identifier is one column");
        if (json_form_is_object(&member))
            issued_on = optional_text(map, &member, "issued_on");
        record->identifier_count++;
        add_identifier_record(map, record, identifier, issued_on);
    }
}

static void read_record(struct import_map *map, const struct json_at *at)
{
    static const char *const keys[] = { "name", "type", "when", "identifiers", "fields", NULL };
    static const char *const schemes[] = { "dni", "cnv", "cui", "padron", "code", NULL };
    struct import_map_record *record = &map->records[map->record_count++];
    struct json_at identifiers = json_form_member(at, "identifiers");
    struct json_at fields = json_form_member(at, "fields");

    json_form_only(at, keys);
    if (json_form_given(&identifiers))
        json_form_only(&identifiers, schemes);
    record->name = required_text(map, at, "name");
    record->type = required_text(map, at, "type");
    record->when = optional_text(map, at, "when");
    read_fields(map, &fields, record);
    read_identifiers(map, &identifiers, record);
}

static void read_map(struct import_map *map, const struct json_at *root)
{
    static const char *const keys[] = { "name",      "origin",     "about",   "dates",
                                        "source_id", "source_day", "records", NULL };
    struct json_at records = json_form_required(root, "records");
    size_t count = json_form_count(&records);

    json_form_only(root, keys);
    map->name = required_text(map, root, "name");
    map->origin = required_text(map, root, "origin");
    map->source_id = optional_text(map, root, "source_id");
    map->source_day = optional_text(map, root, "source_day");
    map->dates = read_dates(root, IMPORT_DATES_ISO);
    if (strcmp(map->origin, "manual") == 0)
        json_form_fail(root, "the origin \"manual\" is that of people");
    if (count == 0 || count > 16)
        json_form_fail(&records, "1 to 16 records are expected");
    map->records =
        ayni_arena_zero(&map->memory, count * (1 + IDENTIFIER_SCHEMES) + 1, sizeof(*map->records));
    for (size_t i = 0; map->records != NULL && i < count && i < 16; i++) {
        struct json_at item = json_form_item(&records, i);
        read_record(map, &item);
    }
}

enum ayni_status import_map_read(struct ayni_bytes json, struct import_map *map,
                                 char why[IMPORT_MAP_WHY_SIZE])
{
    SCOPED_JSON_FORM form;
    struct json_at root;

    *map = (struct import_map){ 0 };
    json_form_open(&form, json);
    root = json_form_root(&form);
    read_map(map, &root);
    if (form.status != AYNI_OK) {
        snprintf(why, IMPORT_MAP_WHY_SIZE, "%s", form.error);
        return form.status;
    }
    return ayni_arena_status(&map->memory);
}

/* --- a header that names fields --- */

static void add_column(struct import_map_record *record, const char *name, bool takes_identifiers)
{
    struct import_source source = { .columns = { name }, .column_count = 1 };

    if (name == NULL)
        return; /* no memory, as the arena remembers */
    if (strcmp(name, "_id") == 0)
        record->id = name;
    else if (name[0] == '_')
        return;
    else if (takes_identifiers && identifier_index(name) >= 0)
        record->identifiers[identifier_index(name)] =
            (struct import_map_identifier){ identifier_names[identifier_index(name)], source };
    else
        record->fields[record->field_count++] = (struct import_map_field){ name, source };
}

/* What was put by scheme stands close together, each with its own record. */
static void close_identifiers(struct import_map *map, struct import_map_record *record)
{
    for (size_t i = 0; i < IDENTIFIER_SCHEMES; i++) {
        if (record->identifiers[i].name == NULL)
            continue;
        record->identifiers[record->identifier_count] = record->identifiers[i];
        add_identifier_record(map, record, &record->identifiers[record->identifier_count++], NULL);
    }
}

enum ayni_status import_map_of_header(const char *type, bool takes_identifiers,
                                      const char *const *header, size_t count,
                                      struct import_map *map)
{
    struct import_map_record *record;

    *map = (struct import_map){ .name = "", .origin = "csv", .restates = true };
    record = map->records =
        ayni_arena_zero(&map->memory, 1 + IDENTIFIER_SCHEMES, sizeof(*map->records));
    if (record == NULL)
        return AYNI_E_MEMORY;
    record->name = record->type = ayni_arena_text(&map->memory, ayni_bytes_of_text(type));
    record->fields = ayni_arena_zero(&map->memory, count + 1, sizeof(*record->fields));
    record->identifiers =
        ayni_arena_zero(&map->memory, IDENTIFIER_SCHEMES, sizeof(*record->identifiers));
    if (record->fields == NULL || record->identifiers == NULL)
        return AYNI_E_MEMORY;
    map->record_count = 1;
    for (size_t i = 0; i < count; i++)
        add_column(record, ayni_arena_text(&map->memory, ayni_bytes_of_text(header[i])),
                   takes_identifiers);
    close_identifiers(map, record);
    return ayni_arena_status(&map->memory);
}
