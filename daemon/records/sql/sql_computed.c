#include "daemon/records/sql/sql_computed.h"

#include <string.h>

#include "daemon/records/facts.h"
#include "daemon/records/rules/norms.h"
#include "daemon/records/sql/sql_column.h"
#include "daemon/records/sql/sql_computed_private.h"

#define HB(name, declared, which)                                                                  \
    {                                                                                              \
        "hb_test", name, declared, which, sql_haemoglobin_result                                   \
    }
#define GROWTH(name, declared, which)                                                              \
    {                                                                                              \
        "growth", name, declared, which, sql_growth_result                                         \
    }

static const struct sql_computed columns[] = {
    HB("adjusted_2017", "REAL(1)", SQL_HB_2017),
    HB("adjusted_2024", "REAL(1)", SQL_HB_2024),
    HB("class_2017", "TEXT", SQL_HB_2017 | SQL_HB_CLASS),
    HB("class_2024", "TEXT", SQL_HB_2024 | SQL_HB_CLASS),
    GROWTH("haz", "REAL(2)", GROWTH_HAZ),
    GROWTH("waz", "REAL(2)", GROWTH_WAZ),
    GROWTH("whz", "REAL(2)", GROWTH_WHZ),
    GROWTH("baz", "REAL(2)", GROWTH_BAZ),
    GROWTH("hcz", "REAL(2)", GROWTH_HCZ),
    GROWTH("acz", "REAL(2)", GROWTH_ACZ),
    GROWTH("flags", SQL_COLUMN_SET, GROWTH_SCORE_COUNT),
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

void sql_computing_done(struct sql_computing *computing)
{
    norms_free_standards(computing->standards);
}

enum ayni_status sql_computed_result(const struct sql_computed_row *row, sqlite3_context *context)
{
    return row->column->result(row, context);
}

/* --- what they ask --- */

uint32_t sql_computed_field(const struct ayni_catalogue_type *type, const char *name)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return field == NULL ? 0 : field->number;
}

static void find_fact(const struct sql_computed_row *row, struct facts *facts, uint32_t field,
                      enum check_fact fact, struct sql_value *value)
{
    struct ayni_record record;

    facts_begin(facts, row->computing->reader, &row->state->key.space);
    *value = (struct sql_value){ .type = SQL_NULL };
    if (record_state_reference(row->state, field, &record))
        facts_answer(facts, fact, &record, value);
}

bool sql_computed_integer(const struct sql_computed_row *row, uint32_t field, enum check_fact fact,
                          int64_t *number)
{
    SCOPED_FACTS facts = { 0 };
    struct sql_value value;

    find_fact(row, &facts, field, fact, &value);
    *number = value.integer;
    return value.type == SQL_INTEGER;
}

bool sql_computed_is_word(const struct sql_computed_row *row, uint32_t field, enum check_fact fact,
                          const char *word, bool *is)
{
    SCOPED_FACTS facts = { 0 };
    struct sql_value value;

    find_fact(row, &facts, field, fact, &value);
    *is = value.type == SQL_TEXT && ayni_bytes_equal(value.bytes, ayni_bytes_of_text(word));
    return value.type == SQL_TEXT;
}
