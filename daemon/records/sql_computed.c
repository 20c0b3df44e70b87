#include "daemon/records/sql_computed.h"

#include <string.h>

#include "daemon/records/facts.h"
#include "daemon/records/walk.h"
#include "proto/instant.h"

enum { HB_2017, HB_2024, RULE_SETS };

static const char *const rule_sets[RULE_SETS] = { "HB-2017", "HB-2024" };

static const struct sql_computed columns[] = {
    { "hb_test", "adjusted_2017", "REAL(1)", HB_2017, false },
    { "hb_test", "adjusted_2024", "REAL(1)", HB_2024, false },
    { "hb_test", "class_2017", "TEXT", HB_2017, true },
    { "hb_test", "class_2024", "TEXT", HB_2024, true },
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

const struct sql_computed *sql_computed_of(const struct ayni_catalogue_type *type, size_t *count)
{
    size_t first = 0;

    while (first < COLUMN_COUNT && strcmp(columns[first].type, type->name) != 0)
        first++;
    for (*count = 0;
         first + *count < COLUMN_COUNT && strcmp(columns[first + *count].type, type->name) == 0;)
        ++*count;
    return &columns[first];
}

/* --- values of a row --- */

static struct ayni_bytes value_named(const struct ayni_catalogue_type *type,
                                     const struct record_state *state, const char *name)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return field == NULL ? (struct ayni_bytes){ 0 } : record_state_value(state, field->number);
}

static bool read_number(struct ayni_bytes cbor, int64_t *number)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    *number = ayni_cbor_read_int(&reader);
    return cbor.size > 0 && reader.status == AYNI_OK;
}

static bool read_record(struct ayni_bytes cbor, struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    ayni_cbor_read_id(&reader, record);
    return cbor.size > 0 && reader.status == AYNI_OK;
}

static struct ayni_bytes read_text(struct ayni_bytes cbor)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    return cbor.size == 0 ? cbor : ayni_cbor_read_text(&reader);
}

/* --- rule sets --- */

/* The one that began last stands. */
static void take_rule_set(struct sql_computing *computing, const struct ayni_catalogue_type *type,
                          const struct record_state *state, int64_t since[RULE_SETS])
{
    struct ayni_bytes name = read_text(value_named(type, state, "name"));
    int64_t from;

    for (unsigned i = 0; i < RULE_SETS; i++) {
        if (!ayni_bytes_equal(name, ayni_bytes_of_text(rule_sets[i])) ||
            !read_number(value_named(type, state, "valid_from"), &from) ||
            (computing->known[i] && from <= since[i]) ||
            hb_rules_read(read_text(value_named(type, state, "parameters")),
                          &computing->rules[i]) != AYNI_OK)
            continue;
        computing->known[i] = true;
        since[i] = from;
    }
}

static enum ayni_status load_rule_sets(struct sql_computing *computing)
{
    const struct charter *charter = reader_charter(computing->reader);
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text("rule_set"));
    SCOPED_WALK walk = { 0 };
    int64_t since[RULE_SETS] = { 0 };
    struct record_key key;

    if (computing->loaded || type == NULL)
        return AYNI_OK;
    computing->loaded = true;
    walk_type(computing->reader, &charter->registry_space, type->number, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        enum ayni_status status = reader_fold(computing->reader, &key, &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            take_rule_set(computing, type, &state, since);
        else if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
    }
    return walk.status;
}

/* --- haemoglobin --- */

/* A fact about a record that the row names in that field. */
static bool find_fact(struct sql_computing *computing, const struct record_state *state,
                      uint32_t field, enum check_fact fact, int64_t *number)
{
    SCOPED_FACTS facts = { 0 };
    struct ayni_record record;
    struct sql_value value = { .type = SQL_NULL };

    if (!read_record(record_state_value(state, field), &record))
        return false;
    facts_begin(&facts, computing->reader, &state->key.space);
    facts_answer(&facts, fact, &record, &value);
    *number = value.integer;
    return value.type == SQL_INTEGER;
}

/* Where it was measured: what the test says, else its facility, else its district. */
static bool find_altitude(struct sql_computing *computing, const struct ayni_catalogue_type *type,
                          const struct record_state *state, int64_t day, int64_t *altitude_m)
{
    const struct territory *place;

    if (read_number(value_named(type, state, "altitude_m"), altitude_m) ||
        find_fact(computing, state, AYNI_EVENT_FACILITY, CHECK_FACILITY_ALTITUDE_M, altitude_m))
        return true;
    if (computing->territories == NULL)
        return false;
    place = territories_find(computing->territories,
                             read_text(record_state_value(state, AYNI_EVENT_UBIGEO)), day);
    if (place == NULL || !place->has_altitude)
        return false;
    *altitude_m = place->altitude_m;
    return true;
}

enum ayni_status sql_computed_result(struct sql_computing *computing,
                                     const struct sql_computed *column,
                                     const struct ayni_catalogue_type *type,
                                     const struct record_state *state, sqlite3_context *context)
{
    enum ayni_status status = load_rule_sets(computing);
    const struct hb_rules *rules = &computing->rules[column->rules];
    int64_t observed, altitude_m, day, birth;

    if (status != AYNI_OK || !computing->known[column->rules] ||
        !read_number(value_named(type, state, "hb"), &observed) ||
        !read_number(record_state_value(state, AYNI_EVENT_DATE), &day) ||
        !find_altitude(computing, type, state, day, &altitude_m))
        return status;
    int64_t adjusted = hb_adjusted(rules, observed, altitude_m);
    if (!column->is_class)
        sqlite3_result_double(context, (double)adjusted / 10);
    else if (find_fact(computing, state, AYNI_EVENT_SUBJECT, CHECK_SUBJECT_BIRTH_DATE, &birth) &&
             ayni_day_valid(birth) && ayni_day_valid(day)) {
        const char *word = hb_class(rules, adjusted, ayni_months_between(birth, day));
        if (word != NULL)
            sqlite3_result_text(context, word, -1, SQLITE_STATIC);
    }
    return AYNI_OK;
}
