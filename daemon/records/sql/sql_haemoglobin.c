#include <string.h>

#include "daemon/records/sql/sql_computed_private.h"
#include "daemon/records/walk.h"
#include "proto/instant.h"

static const char *const rule_sets[SQL_HB_RULE_SETS] = { "HB-2017", "HB-2024" };

/* --- rule sets --- */

/* The one that began last stands. */
static void take_rule_set(struct sql_computing *computing, const struct ayni_catalogue_type *type,
                          const struct record_state *state, int64_t since[SQL_HB_RULE_SETS])
{
    struct ayni_bytes name, parameters;
    int64_t from;

    if (!record_state_text(state, sql_computed_field(type, "name"), &name) ||
        !record_state_text(state, sql_computed_field(type, "parameters"), &parameters) ||
        !record_state_integer(state, sql_computed_field(type, "valid_from"), &from))
        return;
    for (unsigned i = 0; i < SQL_HB_RULE_SETS; i++) {
        if (!ayni_bytes_equal(name, ayni_bytes_of_text(rule_sets[i])) ||
            (computing->known[i] && from <= since[i]) ||
            hb_rules_read(parameters, &computing->rules[i]) != AYNI_OK)
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
    int64_t since[SQL_HB_RULE_SETS] = { 0 };
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

/* --- the columns --- */

/* Where it was measured: what the test says, else its facility, else its district. */
static bool find_altitude(const struct sql_computed_row *row, int64_t day, int64_t *altitude_m)
{
    const struct territory *place;
    struct ayni_bytes ubigeo;

    if (record_state_integer(row->state, sql_computed_field(row->type, "altitude_m"), altitude_m) ||
        sql_computed_integer(row, AYNI_EVENT_FACILITY, CHECK_FACILITY_ALTITUDE_M, altitude_m))
        return true;
    if (row->computing->territories == NULL ||
        !record_state_text(row->state, AYNI_EVENT_UBIGEO, &ubigeo))
        return false;
    place = territories_find(row->computing->territories, ubigeo, day);
    if (place == NULL || !place->has_altitude)
        return false;
    *altitude_m = place->altitude_m;
    return true;
}

enum ayni_status sql_haemoglobin_result(const struct sql_computed_row *row,
                                        sqlite3_context *context)
{
    enum ayni_status status = load_rule_sets(row->computing);
    unsigned set = row->column->which & ~(unsigned)SQL_HB_CLASS;
    const struct hb_rules *rules = &row->computing->rules[set];
    int64_t observed, altitude_m, day, birth;

    if (status != AYNI_OK || !row->computing->known[set] ||
        !record_state_integer(row->state, sql_computed_field(row->type, "hb"), &observed) ||
        !record_state_integer(row->state, AYNI_EVENT_DATE, &day) ||
        !find_altitude(row, day, &altitude_m))
        return status;
    int64_t adjusted = hb_adjusted(rules, observed, altitude_m);
    if ((row->column->which & SQL_HB_CLASS) == 0)
        sqlite3_result_double(context, (double)adjusted / 10);
    else if (sql_computed_integer(row, AYNI_EVENT_SUBJECT, CHECK_SUBJECT_BIRTH_DATE, &birth) &&
             ayni_day_valid(birth) && ayni_day_valid(day)) {
        const char *word = hb_class(rules, adjusted, ayni_months_between(birth, day));
        if (word != NULL)
            sqlite3_result_text(context, word, -1, SQLITE_STATIC);
    }
    return AYNI_OK;
}
