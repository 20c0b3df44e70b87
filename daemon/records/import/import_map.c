#include "daemon/records/import/import_map.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/identifier.h"
#include "daemon/records/import/import_map_private.h"
#include "daemon/records/import/import_map_source.h"
#include "proto/catalogue_parse.h"

enum { RECORDS_MAX = 16, FIELDS_MAX = 128, RULES_MAX = 32 };

void import_map_free(struct import_map *map)
{
    ayni_arena_free(&map->memory);
    *map = (struct import_map){ 0 };
}

/* --- fields and rules: those that a record shares with others, then its own --- */

/* The document, and the sets of fields and rules that records may share. */
struct reading {
    struct import_map *map;
    struct json_at shared;
};

static void add_field(struct import_map *map, struct import_map_record *record,
                      const struct json_at *at, const char *name, bool is_alternative)
{
    struct import_map_field *field = &record->fields[record->field_count];

    if (record->field_count == FIELDS_MAX) {
        json_form_fail(at, "a record has too many fields");
        return;
    }
    record->field_count++;
    field->name = ayni_arena_text(&map->memory, ayni_bytes_of_text(name));
    import_map_source(map, at, &field->source);
    field->source.is_alternative = is_alternative;
}

/* Each is a source, or a list of them of which the first that says something counts. */
static void read_fields(struct import_map *map, const struct json_at *object,
                        struct import_map_record *record)
{
    struct json_at fields = json_form_member(object, "fields");
    size_t count = json_form_count(&fields);
    struct json_at member;

    for (void *cursor = NULL; count > 0 && json_form_next(&fields, &cursor, &member);) {
        bool single = json_form_is_text(&member) || json_form_is_object(&member);
        size_t sources = single ? 1 : json_form_count(&member);
        if (sources == 0)
            json_form_fail(&member, "a source, or a list of them, is expected");
        for (size_t i = 0; i < sources; i++) {
            struct json_at item = single ? member : json_form_item(&member, i);
            add_field(map, record, &item, member.key, i > 0);
        }
    }
}

static void read_rule(struct import_map *map, const struct json_at *at,
                      struct import_map_rule *rule)
{
    static const char *const keys[] = { "name", "level", "expression", "es",
                                        "en",   "when",  "unless",     NULL };
    struct json_at level = json_form_required(at, "level");
    bool is_bounded;

    json_form_only(at, keys);
    rule->rule.name = import_map_required(map, at, "name");
    rule->rule.expression = import_map_optional(map, at, "expression");
    rule->rule.message_es = import_map_required(map, at, "es");
    rule->rule.message_en = import_map_required(map, at, "en");
    rule->condition = import_map_condition(map, at);
    is_bounded = rule->condition.when_count > 0 || rule->condition.unless_count > 0;
    if (rule->rule.expression == NULL && !is_bounded)
        json_form_fail(at, "an expression, when or unless is expected");
    if (rule->rule.expression == NULL)
        rule->rule.expression = "0";
    if (ayni_level_parse(json_form_text(&level), &rule->rule.level) != AYNI_OK)
        json_form_fail(&level, "a level is reject or warn");
}

static void read_rules(struct import_map *map, const struct json_at *object,
                       struct import_map_record *record)
{
    struct json_at rules = json_form_member(object, "rules");
    size_t count = json_form_count(&rules);

    if (record->rule_count + count > RULES_MAX)
        json_form_fail(&rules, "a record has too many rules");
    for (size_t i = 0; i < count && record->rule_count < RULES_MAX; i++) {
        struct json_at at = json_form_item(&rules, i);
        read_rule(map, &at, &record->rules[record->rule_count++]);
    }
}

static void read_shared(const struct reading *reading, const struct json_at *object,
                        struct import_map_record *record)
{
    static const char *const keys[] = { "fields", "rules", NULL };
    struct json_at names = json_form_member(object, "shared");
    size_t count = 0;
    const char **texts = NULL;

    if (json_form_given(&names))
        texts = import_map_texts(reading->map, &names, &count);
    for (size_t i = 0; texts != NULL && i < count; i++) {
        struct json_at set = json_form_member(&reading->shared, texts[i]);
        if (!json_form_given(&set)) {
            json_form_fail(&names, "the map shares nothing of the name %s", texts[i]);
            return;
        }
        json_form_only(&set, keys);
        read_fields(reading->map, &set, record);
        read_rules(reading->map, &set, record);
    }
}

/* --- identifiers: numbers of a record, and records of their own --- */

enum { IDENTIFIER_FIELDS_MAX = 5 };

/* The record of an identifier, after the one that it belongs to. */
void import_map_add_identifier(struct import_map *map, const struct import_map_record *holder,
                               const struct import_map_identifier *identifier,
                               const char *issued_on)
{
    struct import_map_record *record = &map->records[map->record_count];
    struct import_map_field *fields =
        ayni_arena_zero(&map->memory, IDENTIFIER_FIELDS_MAX, sizeof(*fields));
    bool own = strcmp(identifier->name, "code") == 0;

    if (fields == NULL)
        return;
    *record = (struct import_map_record){
        .name = identifier->name, .type = "identifier", .holder = holder->name, .fields = fields
    };
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
        import_map_source(map, &member, &identifier->source);
        if (identifier->source.column_count != 1)
            json_form_fail(&member, "an identifier is one column");
        if (json_form_is_object(&member))
            issued_on = import_map_optional(map, &member, "issued_on");
        record->identifier_count++;
        if (!record->existing)
            import_map_add_identifier(map, record, identifier, issued_on);
    }
}

/* --- what lasts --- */

static void read_span(struct import_map *map, const struct json_at *at, struct import_span *span)
{
    static const char *const keys[] = { "of", "from", "to", "days", "on", NULL };
    struct json_at days = json_form_required(at, "days"), on = json_form_required(at, "on");

    json_form_only(at, keys);
    span->of = import_map_required(map, at, "of");
    span->from = import_map_required(map, at, "from");
    span->to = import_map_required(map, at, "to");
    span->days = (unsigned)json_form_integer(&days, 1, 100000);
    import_map_source(map, &on, &span->on);
    if (span->on.column_count != 1)
        json_form_fail(&on, "a day is one column");
}

/* Room for what may come; the arena has the rest back with the map. */
static bool make_room(struct import_map *map, struct import_map_record *record)
{
    record->fields = ayni_arena_zero(&map->memory, FIELDS_MAX, sizeof(*record->fields));
    record->rules = ayni_arena_zero(&map->memory, RULES_MAX, sizeof(*record->rules));
    return record->fields != NULL && record->rules != NULL;
}

static void read_record(const struct reading *reading, const struct json_at *at)
{
    static const char *const keys[] = { "name",        "type",       "when",  "unless",
                                        "existing",    "main",       "about", "shared",
                                        "identifiers", "fields",     "rules", "reasons",
                                        "with",        "instead_of", "lasts", NULL };
    static const char *const schemes[] = { "dni", "cnv", "cui", "padron", "code", NULL };
    struct import_map *map = reading->map;
    struct import_map_record *record = &map->records[map->record_count++];
    struct json_at identifiers = json_form_member(at, "identifiers");
    struct json_at existing = json_form_member(at, "existing");
    struct json_at main = json_form_member(at, "main");
    struct json_at reasons = json_form_member(at, "reasons");
    struct json_at lasts = json_form_member(at, "lasts");

    json_form_only(at, keys);
    if (json_form_given(&identifiers))
        json_form_only(&identifiers, schemes);
    if (!make_room(map, record))
        return;
    record->name = import_map_required(map, at, "name");
    record->type = import_map_required(map, at, "type");
    record->condition = import_map_condition(map, at);
    record->existing = json_form_flag(&existing);
    record->main = json_form_flag(&main);
    record->with = import_map_optional(map, at, "with");
    record->instead_of = import_map_optional(map, at, "instead_of");
    if (json_form_given(&lasts))
        read_span(map, &lasts, &record->span);
    record->reasons = import_map_words(map, &reasons, &record->reason_count);
    read_shared(reading, at, record);
    read_fields(map, at, record);
    read_rules(map, at, record);
    read_identifiers(map, &identifiers, record);
    if (record->existing && (record->main || record->identifier_count == 0))
        json_form_fail(at, "what must exist has identifiers, and no row is counted by it");
    if (record->instead_of != NULL && !record->existing)
        json_form_fail(at, "what is looked up instead of another must exist");
    if (record->existing && record->span.of != NULL)
        json_form_fail(at, "what lasts is no record that must exist");
}

static void read_records(const struct reading *reading, const struct json_at *records)
{
    struct import_map *map = reading->map;
    size_t count = json_form_count(records);
    bool any_main = false;

    if (count == 0 || count > RECORDS_MAX)
        json_form_fail(records, "1 to %d records are expected", RECORDS_MAX);
    map->records =
        ayni_arena_zero(&map->memory, count * (1 + IDENTIFIER_SCHEMES) + 1, sizeof(*map->records));
    for (size_t i = 0; map->records != NULL && i < count && i < RECORDS_MAX; i++) {
        struct json_at item = json_form_item(records, i);
        read_record(reading, &item);
    }
    for (size_t i = 0; i < map->record_count; i++)
        any_main = any_main || map->records[i].main;
    if (!any_main && map->record_count > 0)
        map->records[0].main = true;
}

static void read_row_source(struct import_map *map, const struct json_at *root, const char *key,
                            struct import_source *source)
{
    struct json_at at = json_form_member(root, key);

    if (!json_form_given(&at))
        return;
    import_map_source(map, &at, source);
    if (source->column_count == 0)
        json_form_fail(&at, "it is read from columns");
}

static void read_map(struct import_map *map, const struct json_at *root)
{
    static const char *const keys[] = { "name",     "origin",    "about",      "dates",
                                        "decimals", "source_id", "source_day", "ignored",
                                        "shared",   "records",   NULL };
    struct json_at records = json_form_required(root, "records");
    struct json_at ignored = json_form_member(root, "ignored");
    struct reading reading = { map, json_form_member(root, "shared") };

    json_form_only(root, keys);
    map->name = import_map_required(map, root, "name");
    map->origin = import_map_required(map, root, "origin");
    map->dates = import_map_dates(root, IMPORT_DATES_ISO);
    map->decimals = import_map_decimals(root, IMPORT_DECIMALS_FOUND);
    map->ignored = import_map_texts(map, &ignored, &map->ignored_count);
    read_row_source(map, root, "source_id", &map->source_id);
    read_row_source(map, root, "source_day", &map->source_day);
    if (strcmp(map->origin, "manual") == 0)
        json_form_fail(root, "the origin \"manual\" is that of people");
    read_records(&reading, &records);
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
