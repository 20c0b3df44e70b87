#include "daemon/records/rules/check_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/rules/check_others.h"
#include "proto/cbor.h"
#include "proto/value_text.h"

/* After the fields, the values that every rule may name; after these, those of check_others.h. */
enum extra {
    EXTRA_TODAY,
    EXTRA_IS_NEW,
    EXTRA_WRITER_ROLES,
    EXTRA_DISTRICT_DISTANCE_M,
    EXTRA_TERRITORY_ALTITUDE_M,
    EXTRA_FACTS,
    EXTRA_COUNT = EXTRA_FACTS + CHECK_FACTS_COUNT
};

static const char *const extra_names[EXTRA_COUNT] = {
    [EXTRA_TODAY] = "today",
    [EXTRA_IS_NEW] = "is_new",
    [EXTRA_WRITER_ROLES] = "writer_roles",
    [EXTRA_DISTRICT_DISTANCE_M] = "district_distance_m",
    [EXTRA_TERRITORY_ALTITUDE_M] = "territory_altitude_m",
    [EXTRA_FACTS + CHECK_SUBJECT_TYPE] = "subject_type",
    [EXTRA_FACTS + CHECK_SUBJECT_BIRTH_DATE] = "subject_birth_date",
    [EXTRA_FACTS + CHECK_SUBJECT_DEATH_DATE] = "subject_death_date",
    [EXTRA_FACTS + CHECK_SUBJECT_SEX] = "subject_sex",
    [EXTRA_FACTS + CHECK_SUBJECT_LAST_MENSTRUAL_PERIOD] = "subject_last_menstrual_period",
    [EXTRA_FACTS + CHECK_SUBJECT_DELIVERED_ON] = "subject_delivered_on",
    [EXTRA_FACTS + CHECK_MOTHER_SURNAME_1] = "mother_surname_1",
    [EXTRA_FACTS + CHECK_SUBJECT_WOMAN] = "subject_woman",
    [EXTRA_FACTS + CHECK_FACILITY_ALTITUDE_M] = "facility_altitude_m",
    [EXTRA_FACTS + CHECK_ADVICE_DATE] = "advice_date",
};

struct check_rules {
    const struct ayni_catalogue_type *type;
    const char *const *columns;
    size_t name_count; /* fields, extras, others and columns */
    struct sql_rules *prepared;
    bool *broken;             /* for each rule */
    struct sql_value *values; /* of one run: for each name */
    bool *known;              /* of one run: which of them have been looked up */
};

void check_rules_free(struct check_rules *rules)
{
    if (rules == NULL)
        return;
    sql_rules_free(rules->prepared);
    free(rules->broken);
    free(rules->values);
    free(rules->known);
    free(rules);
}

/* Where the names of others begin, and where those of columns do. */
static size_t first_other(const struct ayni_catalogue_type *type)
{
    return type->field_count + EXTRA_COUNT;
}

static size_t first_column(const struct ayni_catalogue_type *type)
{
    return first_other(type) + check_others_count();
}

static enum ayni_status prepare(struct sql *sql, struct check_rules *rules, const char **names,
                                const char **expressions)
{
    const struct ayni_catalogue_type *type = rules->type;

    for (size_t i = 0; i < type->field_count; i++)
        names[i] = type->fields[i].name;
    for (size_t i = 0; i < EXTRA_COUNT; i++)
        names[type->field_count + i] = extra_names[i];
    for (size_t i = 0; i < check_others_count(); i++)
        names[first_other(type) + i] = check_others_name(i);
    for (size_t i = first_column(type); i < rules->name_count; i++)
        names[i] = rules->columns[i - first_column(type)];
    for (size_t i = 0; i < type->rule_count; i++)
        expressions[i] = type->rules[i].expression;
    return sql_rules_prepare(sql, names, rules->name_count, expressions, type->rule_count,
                             rules->broken, &rules->prepared);
}

enum ayni_status check_rules_new(struct sql *sql, const struct ayni_catalogue_type *type,
                                 const char *const *columns, size_t column_count,
                                 struct check_rules **rules)
{
    struct check_rules *made = calloc(1, sizeof(*made));
    size_t name_count = first_column(type) + column_count;
    const char **names = calloc(name_count, sizeof(*names));
    const char **expressions = calloc(type->rule_count + 1, sizeof(*expressions));
    enum ayni_status status = AYNI_E_MEMORY;

    if (made != NULL) {
        made->type = type;
        made->columns = columns;
        made->name_count = name_count;
        made->broken = calloc(type->rule_count + 1, sizeof(*made->broken));
        made->values = calloc(name_count, sizeof(*made->values));
        made->known = calloc(name_count, sizeof(*made->known));
        if (made->broken != NULL && made->values != NULL && made->known != NULL && names != NULL &&
            expressions != NULL)
            status = prepare(sql, made, names, expressions);
    }
    free(names);
    free(expressions);
    if (status != AYNI_OK) {
        check_rules_free(made);
        return status;
    }
    *rules = made;
    return AYNI_OK;
}

bool check_rules_broken(const struct check_rules *rules, size_t rule)
{
    return rules->broken[rule];
}

static const struct ayni_field *find(const struct ayni_field *fields, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].number == number)
            return &fields[i];
    }
    return NULL;
}

struct ayni_bytes check_value(const struct check_change *change, uint32_t number)
{
    const struct ayni_field *field = find(change->changes, change->change_count, number);

    if (field == NULL)
        field = find(change->before, change->before_count, number);
    return field == NULL ? ayni_cbor_null() : field->value;
}

/* Sets as their words with commas between. */
static struct sql_value set_value(const struct ayni_catalogue_field *field, struct ayni_bytes cbor,
                                  struct ayni_arena *memory)
{
    SCOPED_BUFFER text = { 0 };
    struct sql_value value = { .type = SQL_NULL };

    if (ayni_value_text(field, cbor, &text) == AYNI_OK) {
        value.type = SQL_TEXT;
        value.bytes.data = (uint8_t *)ayni_arena_text(memory, ayni_buffer_bytes(&text));
        value.bytes.size = value.bytes.data == NULL ? 0 : text.size;
    }
    return value;
}

/* A stored value as SQL sees it; what isn't of the field's kind is null, and found elsewhere. */
static struct sql_value sql_value_of(const struct ayni_catalogue_field *field,
                                     struct ayni_bytes cbor, struct ayni_arena *memory)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    struct sql_value value = { .type = SQL_NULL };

    switch (ayni_cbor_peek(&reader)) {
    case AYNI_CBOR_UINT:
    case AYNI_CBOR_NEGATIVE:
        value.type = SQL_INTEGER;
        value.integer = ayni_cbor_read_int(&reader);
        break;
    case AYNI_CBOR_BOOL:
        value.type = SQL_INTEGER;
        value.integer = ayni_cbor_read_bool(&reader);
        break;
    case AYNI_CBOR_TEXT:
        value.type = SQL_TEXT;
        value.bytes = ayni_cbor_read_text(&reader);
        break;
    case AYNI_CBOR_BYTES:
        value.type = SQL_BLOB;
        value.bytes = ayni_cbor_read_bytes(&reader);
        break;
    case AYNI_CBOR_ARRAY:
        return set_value(field, cbor, memory);
    default:
        break;
    }
    return reader.status == AYNI_OK ? value : (struct sql_value){ .type = SQL_NULL };
}

/* The record that a fact is looked up by; false where the change names none. */
static bool record_of_fact(const struct check_change *change, enum check_fact fact,
                           struct ayni_record *record)
{
    const struct ayni_catalogue_field *advice;
    uint32_t field = change->type->subject_field;

    if (fact == CHECK_FACILITY_ALTITUDE_M)
        field = AYNI_EVENT_FACILITY;
    if (fact == CHECK_ADVICE_DATE) {
        advice = ayni_catalogue_field_named(change->type, ayni_bytes_of_text("advice"));
        if (advice == NULL)
            return false;
        field = advice->number;
    }
    if (field == 0) {
        *record = *change->record;
        return true;
    }
    struct ayni_cbor_reader reader = ayni_cbor_reader(check_value(change, field));
    if (ayni_cbor_peek(&reader) != AYNI_CBOR_BYTES)
        return false;
    ayni_cbor_read_id(&reader, record);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* The value of a field by its name, as CBOR; null where the type hasn't got it. */
static struct ayni_cbor_reader value_of(const struct check_change *change, const char *name)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(change->type, ayni_bytes_of_text(name));

    return ayni_cbor_reader(field == NULL ? ayni_cbor_null() : check_value(change, field->number));
}

/* Metres between two places in 1e-6 degree, on a plane: a few hundred kilometres are small. */
static int64_t metres_between(const int64_t from[2], const int64_t to[2])
{
    const double metres_a_degree = 111195, radians = 3.14159265358979 / 180;
    double north = ((double)to[0] - (double)from[0]) / 1e6;
    double east = ((double)to[1] - (double)from[1]) / 1e6 * cos((double)from[0] / 1e6 * radians);

    return (int64_t)(sqrt(north * north + east * east) * metres_a_degree);
}

/* From the point of the change to the centre of its district, on the day of the event. */
static struct sql_value district_distance(const struct check_change *change,
                                          const struct check_lookups *lookups)
{
    struct ayni_cbor_reader point = value_of(change, "point"), place = value_of(change, "ubigeo"),
                            date = value_of(change, "date");
    int64_t day = change->today, here[2], there[2];
    int32_t latitude, longitude;

    if (lookups->territory_centre == NULL || ayni_cbor_peek(&point) != AYNI_CBOR_ARRAY ||
        ayni_cbor_peek(&place) != AYNI_CBOR_TEXT)
        return (struct sql_value){ .type = SQL_NULL };
    (void)ayni_cbor_read_array(&point);
    here[0] = ayni_cbor_read_int(&point);
    here[1] = ayni_cbor_read_int(&point);
    if (ayni_cbor_peek(&date) == AYNI_CBOR_UINT)
        day = ayni_cbor_read_int(&date);
    struct ayni_bytes code = ayni_cbor_read_text(&place);
    if (point.status != AYNI_OK || place.status != AYNI_OK ||
        !lookups->territory_centre(lookups->context, code, day, &latitude, &longitude))
        return (struct sql_value){ .type = SQL_NULL };
    there[0] = latitude;
    there[1] = longitude;
    return (struct sql_value){ .type = SQL_INTEGER, .integer = metres_between(here, there) };
}

/* Of the place that the record is in, today. */
static struct sql_value territory_altitude(const struct check_change *change,
                                           const struct check_lookups *lookups)
{
    struct ayni_cbor_reader place = value_of(change, "territory");
    int32_t altitude_m;

    if (lookups->territory_altitude == NULL || ayni_cbor_peek(&place) != AYNI_CBOR_TEXT)
        return (struct sql_value){ .type = SQL_NULL };
    struct ayni_bytes code = ayni_cbor_read_text(&place);
    if (place.status != AYNI_OK ||
        !lookups->territory_altitude(lookups->context, code, change->today, &altitude_m))
        return (struct sql_value){ .type = SQL_NULL };
    return (struct sql_value){ .type = SQL_INTEGER, .integer = altitude_m };
}

struct sql_value check_fact_of(const struct check_change *change,
                               const struct check_lookups *lookups, enum check_fact fact)
{
    struct sql_value value = { .type = SQL_NULL };
    struct ayni_record record;

    if (lookups->fact != NULL && record_of_fact(change, fact, &record))
        lookups->fact(lookups->context, fact, &record, &value);
    return value;
}

static struct sql_value extra_value(const struct check_change *change,
                                    const struct check_lookups *lookups, size_t extra)
{
    if (extra == EXTRA_TODAY)
        return (struct sql_value){ .type = SQL_INTEGER, .integer = change->today };
    if (extra == EXTRA_IS_NEW)
        return (struct sql_value){ .type = SQL_INTEGER, .integer = change->is_new };
    if (extra == EXTRA_WRITER_ROLES)
        return (struct sql_value){ .type = change->roles == NULL ? SQL_NULL : SQL_TEXT,
                                   .bytes = ayni_bytes_of_text(
                                       change->roles == NULL ? "" : change->roles) };
    if (extra == EXTRA_DISTRICT_DISTANCE_M)
        return district_distance(change, lookups);
    if (extra == EXTRA_TERRITORY_ALTITUDE_M)
        return territory_altitude(change, lookups);
    return check_fact_of(change, lookups, (enum check_fact)(extra - EXTRA_FACTS));
}

static struct sql_value value_named(const struct check_rules *rules, size_t name,
                                    const struct check_change *change,
                                    const struct check_lookups *lookups, struct ayni_arena *memory)
{
    size_t field_count = rules->type->field_count;
    struct sql_value value;

    if (name >= first_column(rules->type))
        return lookups->column(lookups->context, name - first_column(rules->type));
    if (name >= first_other(rules->type)) {
        check_others_answer(name - first_other(rules->type), change, lookups, memory, &value);
        return value;
    }
    if (name >= field_count)
        return extra_value(change, lookups, name - field_count);
    const struct ayni_catalogue_field *field = &rules->type->fields[name];
    return sql_value_of(field, check_value(change, field->number), memory);
}

/* Which field that the change sets the rule names, 0 for none: the last, since a type's own fields
 * come after those that events share. */
static uint32_t field_touched(const struct check_rules *rules, size_t rule,
                              const struct check_change *change)
{
    const struct ayni_catalogue_type *type = rules->type;
    size_t count, after_last = 0;
    const size_t *names = sql_rules_names(rules->prepared, rule, &count);

    for (size_t i = 0; i < count; i++) {
        if (names[i] < type->field_count && names[i] >= after_last &&
            find(change->changes, change->change_count, type->fields[names[i]].number) != NULL)
            after_last = names[i] + 1;
    }
    return after_last == 0 ? 0 : type->fields[after_last - 1].number;
}

/* Whether the rule is to be asked. */
static bool is_asked(const struct check_rules *rules, size_t rule,
                     const struct check_change *change, const struct check_lookups *lookups)
{
    return (lookups->asks == NULL || lookups->asks(lookups->context, rule)) &&
           (change->is_new || change->asks_all || field_touched(rules, rule, change) != 0);
}

enum ayni_status check_rules_run(struct check_rules *rules, const struct check_change *change,
                                 const struct check_lookups *lookups, check_rule_found *found,
                                 void *context)
{
    const struct ayni_catalogue_type *type = rules->type;
    SCOPED_ARENA memory = { 0 };

    memset(rules->known, 0, rules->name_count * sizeof(*rules->known));
    for (size_t rule = 0; rule < type->rule_count; rule++) {
        size_t count;
        const size_t *names = sql_rules_names(rules->prepared, rule, &count);
        if (!is_asked(rules, rule, change, lookups))
            continue;
        for (size_t i = 0; i < count; i++) {
            if (!rules->known[names[i]])
                rules->values[names[i]] = value_named(rules, names[i], change, lookups, &memory);
            rules->known[names[i]] = true;
        }
        if (sql_rules_fails(rules->prepared, rule, rules->values))
            found(context, &type->rules[rule], field_touched(rules, rule, change));
    }
    return ayni_arena_status(&memory);
}
