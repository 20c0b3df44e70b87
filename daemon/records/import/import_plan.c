#include "daemon/records/import/import_plan_private.h"

#include <stdlib.h>
#include <string.h>

#include "proto/nearest.h"

/* What is being made, and where to say what is wrong. */
struct making {
    struct import_plan *plan;
    struct complaint *complaint;
};

static int find_column(const struct import_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->column_count; i++)
        if (strcmp(plan->header[i], name) == 0)
            return (int)i;
    return PLAN_NOWHERE;
}

int import_plan_use_column(struct import_plan *plan, const char *name)
{
    int column = name == NULL ? PLAN_NOWHERE : find_column(plan, name);

    if (column != PLAN_NOWHERE)
        plan->used[column] = true;
    return column;
}

/* A `*` at the end stands for any text. */
static void ignore_columns(struct import_plan *plan, const char *name)
{
    size_t size = strlen(name);
    bool is_start = size > 0 && name[size - 1] == '*';

    for (size_t i = 0; i < plan->column_count; i++)
        if (is_start ? strncmp(plan->header[i], name, size - 1) == 0
                     : strcmp(plan->header[i], name) == 0)
            plan->used[i] = true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Columns without a name stand in many files, at the end; but no name stands twice. */
static enum ayni_status copy_header(struct making *making, const char *const *header, size_t count)
{
    struct import_plan *plan = making->plan;
    const char **sorted = ayni_arena_take(&plan->memory, count + 1, sizeof(*sorted));

    if (count > PLAN_COLUMNS_MAX)
        return complain(making->complaint, AYNI_E_INVALID, N_("the file has too many columns"),
                        NULL);
    plan->header = ayni_arena_take(&plan->memory, count + 1, sizeof(*plan->header));
    plan->used = ayni_arena_zero(&plan->memory, count + 1, sizeof(*plan->used));
    for (size_t i = 0; ayni_arena_status(&plan->memory) == AYNI_OK && i < count; i++)
        sorted[i] = plan->header[i] = ayni_arena_text(&plan->memory, ayni_bytes_of_text(header[i]));
    if (ayni_arena_status(&plan->memory) != AYNI_OK)
        return AYNI_E_MEMORY;
    plan->column_count = count;
    if (count > 1)
        qsort(sorted, count, sizeof(*sorted), by_text);
    for (size_t i = 1; i < count; i++)
        if (sorted[i][0] != 0 && strcmp(sorted[i - 1], sorted[i]) == 0)
            return complain(making->complaint, AYNI_E_INVALID,
                            N_("the file has two columns of the name {}"), sorted[i], NULL);
    return AYNI_OK;
}

/* --- fields --- */

static enum ayni_status unknown_field(struct making *making, const struct ayni_catalogue_type *type,
                                      const char *name)
{
    const char *nearest = ayni_catalogue_nearest_field(type, ayni_bytes_of_text(name));

    complain_code(making->complaint, "unknown_field");
    if (nearest != NULL)
        complain_hint(making->complaint, N_("did you mean {}?"), nearest, NULL);
    else
        complain_hint(making->complaint, N_("`ayni types {}` lists its fields"), type->name, NULL);
    return complain(making->complaint, AYNI_E_USAGE, N_("{} has no field {}"), type->name, name,
                    NULL);
}

int import_plan_find_record(const struct import_map *map, const char *name)
{
    for (size_t i = 0; name != NULL && i < map->record_count; i++)
        if (map->records[i].holder == NULL && strcmp(map->records[i].name, name) == 0)
            return (int)i;
    return PLAN_NOWHERE;
}

/* Which columns, or which other record of the row. */
static enum ayni_status bind_source(struct making *making, const struct import_source *source,
                                    struct plan_field *field)
{
    field->source = source;
    field->record = import_plan_find_record(making->plan->map, source->record);
    if (field->record >= (int)making->plan->record_count - 1)
        return complain(making->complaint, AYNI_E_USAGE,
                        N_("the record {} of the map must stand before what refers to it"),
                        source->record, NULL);
    for (size_t i = 0; i < source->column_count; i++)
        field->columns[i] = import_plan_use_column(making->plan, source->columns[i]);
    field->weeks = import_plan_use_column(making->plan, source->weeks);
    if (source->record == NULL || field->record != PLAN_NOWHERE)
        return import_plan_bind_condition(making->plan, &source->condition, &field->condition);
    return complain(making->complaint, AYNI_E_USAGE, N_("the map has no record {}"), source->record,
                    NULL);
}

static enum ayni_status bind_field(struct making *making, const struct ayni_catalogue_type *type,
                                   const struct import_map_field *from, struct plan_field *field)
{
    field->field = ayni_catalogue_field_named(type, ayni_bytes_of_text(from->name));
    if (field->field == NULL)
        return unknown_field(making, type, from->name);
    if (from->source.record != NULL && field->field->kind.type != AYNI_KIND_REF)
        return complain(making->complaint, AYNI_E_USAGE, N_("{} refers to no record"), from->name,
                        NULL);
    if (from->source.weeks != NULL && field->field->kind.type != AYNI_KIND_DATE)
        return complain(making->complaint, AYNI_E_USAGE, N_("{} is no day"), from->name, NULL);
    return bind_source(making, &from->source, field);
}

static int by_number(const void *a, const void *b)
{
    const struct plan_field *left = a, *right = b;

    if (left->field->number != right->field->number)
        return left->field->number < right->field->number ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

/* A field may be missing of which the file hasn't got a column. */
static bool is_there(const struct plan_field *field)
{
    bool found = field->source->column_count == 0;

    for (size_t i = 0; i < field->source->column_count; i++)
        found = found || field->columns[i] != PLAN_NOWHERE;
    return found && (field->source->weeks == NULL || field->weeks != PLAN_NOWHERE);
}

/* Whether another source follows or precedes this one, of the same field. */
static bool has_alternative(const struct import_map_record *from, size_t field)
{
    return from->fields[field].source.is_alternative ||
           (field + 1 < from->field_count && from->fields[field + 1].source.is_alternative);
}

/* Of several records that a field may name by the map, those that it may name by its type: so types
 * about a child and types about a pregnancy share one list. */
static bool takes_record(const struct making *making, const struct import_map_record *from,
                         size_t index, const struct plan_field *field)
{
    return field->record == PLAN_NOWHERE || !has_alternative(from, index) ||
           ayni_catalogue_field_targets(field->field,
                                        making->plan->map->records[field->record].type);
}

static enum ayni_status bind_fields(struct making *making, const struct import_map_record *from,
                                    struct plan_record *record)
{
    enum ayni_status status = AYNI_OK;

    if (from->field_count > PLAN_FIELDS_MAX)
        return complain(making->complaint, AYNI_E_USAGE, N_("too many fields"), NULL);
    record->fields =
        ayni_arena_zero(&making->plan->memory, from->field_count + 1, sizeof(*record->fields));
    if (record->fields == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < from->field_count; i++) {
        struct plan_field *field = &record->fields[record->field_count];
        field->place = i;
        status = bind_field(making, record->type, &from->fields[i], field);
        if (status == AYNI_OK && is_there(field) && takes_record(making, from, i, field))
            record->field_count++;
    }
    if (status == AYNI_OK && record->field_count > 1)
        qsort(record->fields, record->field_count, sizeof(*record->fields), by_number);
    for (size_t i = 1; status == AYNI_OK && i < record->field_count; i++)
        if (record->fields[i].field == record->fields[i - 1].field &&
            !record->fields[i].source->is_alternative)
            status = complain(making->complaint, AYNI_E_USAGE, N_("{} is given twice"),
                              record->fields[i].field->name, NULL);
    return status;
}

static enum ayni_status bind_identifiers(struct making *making,
                                         const struct import_map_record *from,
                                         struct plan_record *record)
{
    if (from->identifier_count > 0 && !record->type->key_is_identifier)
        return complain(making->complaint, AYNI_E_USAGE, N_("{} has no identifiers"),
                        record->type->name, NULL);
    record->identifiers = ayni_arena_zero(&making->plan->memory, from->identifier_count + 1,
                                          sizeof(*record->identifiers));
    if (record->identifiers == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < from->identifier_count; i++) {
        struct plan_identifier *to = &record->identifiers[record->identifier_count];
        enum ayni_status status = bind_source(making, &from->identifiers[i].source, &to->value);
        if (status != AYNI_OK)
            return status;
        to->name = from->identifiers[i].name;
        record->identifier_count += is_there(&to->value);
    }
    return AYNI_OK;
}

/* --- records --- */

static enum ayni_status bind_record(struct making *making, const struct import_map_record *from,
                                    struct plan_record *record)
{
    const struct import_plan *plan = making->plan;
    enum ayni_status status;

    record->type = ayni_catalogue_type_named(plan->catalogue, ayni_bytes_of_text(from->type));
    if (record->type == NULL)
        return complain(making->complaint, AYNI_E_USAGE, N_("there is no type {}"), from->type,
                        NULL);
    record->from = from;
    record->id = import_plan_use_column(making->plan, from->id);
    record->holder = import_plan_find_record(plan->map, from->holder);
    record->identifier = from->name;
    status = import_plan_bind_condition(making->plan, &from->condition, &record->condition);
    if (status == AYNI_OK)
        status = bind_fields(making, from, record);
    if (status == AYNI_OK)
        status = import_plan_bind_ties(making->plan, record, making->complaint);
    if (status == AYNI_OK)
        status = import_plan_bind_rules(making->plan, record);
    return status == AYNI_OK ? bind_identifiers(making, from, record) : status;
}

/* Whether the field has this source alone, and the file hasn't got its column. */
static bool lacks_column(const struct making *making, const struct import_map_record *from,
                         size_t field)
{
    const struct import_source *source = &from->fields[field].source;

    return !has_alternative(from, field) && source->column_count > 0 &&
           find_column(making->plan, source->columns[0]) == PLAN_NOWHERE;
}

/* What no new record can be without, of one that rows are counted by. */
static enum ayni_status check_required(struct making *making, const struct plan_record *main)
{
    const struct import_map_record *from = main->from;

    for (size_t i = 0; making->plan->map->name[0] != 0 && i < from->field_count; i++) {
        const struct import_source *source = &from->fields[i].source;
        const struct ayni_catalogue_field *field =
            ayni_catalogue_field_named(main->type, ayni_bytes_of_text(from->fields[i].name));
        if (!field->required || !lacks_column(making, from, i))
            continue;
        complain_hint(making->complaint, N_("the map {} reads {} from it"), making->plan->map->name,
                      field->name, NULL);
        return complain(making->complaint, AYNI_E_INVALID, N_("the file has no column {}"),
                        source->columns[0], NULL);
    }
    return AYNI_OK;
}

/* What is of the row itself; without a source where the file hasn't got its columns. */
static enum ayni_status bind_row(struct making *making, const struct import_source *source,
                                 struct plan_field *field)
{
    enum ayni_status status = AYNI_OK;

    if (source->column_count == 0)
        return AYNI_OK;
    status = bind_source(making, source, field);
    if (!is_there(field))
        field->source = NULL;
    return status;
}

static enum ayni_status bind_rest(struct making *making)
{
    struct import_plan *plan = making->plan;
    const struct import_map *map = plan->map;
    enum ayni_status status = bind_row(making, &map->source_id, &plan->source_id);

    if (status == AYNI_OK)
        status = bind_row(making, &map->source_day, &plan->source_day);
    for (size_t i = 0; i < map->ignored_count; i++)
        ignore_columns(plan, map->ignored[i]);
    for (size_t i = 0; status == AYNI_OK && i < plan->record_count; i++)
        if (plan->records[i].from->main)
            status = check_required(making, &plan->records[i]);
    return status;
}

enum ayni_status import_plan_make(const struct import_map *map,
                                  const struct ayni_catalogue *catalogue, const char *const *header,
                                  size_t count, struct import_plan *plan,
                                  struct complaint *complaint)
{
    struct making making = { plan, complaint };
    enum ayni_status status;

    *plan = (struct import_plan){ .map = map, .catalogue = catalogue };
    status = copy_header(&making, header, count);
    if (status != AYNI_OK)
        return status;
    plan->records = ayni_arena_zero(&plan->memory, map->record_count, sizeof(*plan->records));
    if (plan->records == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < map->record_count; i++)
        status = bind_record(&making, &map->records[i], &plan->records[plan->record_count++]);
    import_plan_find_alike(plan);
    return status == AYNI_OK ? bind_rest(&making) : status;
}

void import_plan_free(struct import_plan *plan)
{
    ayni_arena_free(&plan->memory);
    *plan = (struct import_plan){ 0 };
}

const struct ayni_catalogue_field *import_plan_strictest(const struct import_plan *plan)
{
    const struct ayni_catalogue_field *strictest = NULL;

    for (size_t i = 0; i < plan->record_count; i++)
        for (size_t j = 0; j < plan->records[i].field_count; j++) {
            const struct ayni_catalogue_field *field = plan->records[i].fields[j].field;
            if (strictest == NULL || field->read > strictest->read)
                strictest = field;
        }
    return strictest;
}

const char *import_plan_column(const struct import_plan *plan, const struct plan_field *field)
{
    for (size_t i = 0; i < field->source->column_count; i++)
        if (field->columns[i] != PLAN_NOWHERE)
            return plan->header[field->columns[i]];
    return NULL;
}

const char *import_plan_reason(const struct import_word *reasons, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(reasons[i].from, code) == 0)
            return reasons[i].to;
    return code;
}
