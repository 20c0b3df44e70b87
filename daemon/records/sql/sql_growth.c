#include "daemon/records/rules/norms.h"
#include "daemon/records/sql/sql_computed_private.h"

static enum ayni_status load_standards(struct sql_computing *computing)
{
    if (computing->has_standards)
        return AYNI_OK;
    computing->has_standards = true;
    return norms_load_standards(computing->reader, computing->standards);
}

static int64_t size_of(const struct sql_computed_row *row, const char *name)
{
    int64_t size;

    return record_state_integer(row->state, sql_computed_field(row->type, name), &size) ? size : 0;
}

static enum growth_position position_of(const struct sql_computed_row *row)
{
    struct ayni_bytes word;

    if (!record_state_text(row->state, sql_computed_field(row->type, "position"), &word))
        return GROWTH_POSITION_UNKNOWN;
    if (ayni_bytes_equal(word, ayni_bytes_of_text("lying")))
        return GROWTH_LYING;
    return ayni_bytes_equal(word, ayni_bytes_of_text("standing")) ? GROWTH_STANDING
                                                                  : GROWTH_POSITION_UNKNOWN;
}

static bool has_oedema(const struct sql_computed_row *row)
{
    struct ayni_bytes value =
        record_state_value(row->state, sql_computed_field(row->type, "oedema"));
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    return ayni_cbor_read_bool(&reader) && ayni_cbor_done(&reader) == AYNI_OK;
}

/* False where the child's sex isn't known, without which there is no score. */
static bool read_measure(const struct sql_computed_row *row, struct growth_measure *measure)
{
    int64_t birth, day;

    *measure = (struct growth_measure){
        .weight_g = size_of(row, "weight_g"),
        .length_mm = size_of(row, "length_mm"),
        .head_mm = size_of(row, "head_mm"),
        .arm_mm = size_of(row, "arm_mm"),
        .position = position_of(row),
        .oedema = has_oedema(row),
    };
    if (record_state_integer(row->state, AYNI_EVENT_DATE, &day) &&
        sql_computed_integer(row, AYNI_EVENT_SUBJECT, CHECK_SUBJECT_BIRTH_DATE, &birth)) {
        measure->has_age = true;
        measure->age_days = day - birth;
    }
    return sql_computed_is_word(row, AYNI_EVENT_SUBJECT, CHECK_SUBJECT_SEX, "m", &measure->male);
}

static void put_flags(const struct lms_table *standards, const struct growth_measure *measure,
                      sqlite3_context *context)
{
    char words[GROWTH_FLAGS_SIZE];

    growth_flags(standards, measure, words);
    if (words[0] != 0)
        sqlite3_result_text(context, words, -1, SQLITE_TRANSIENT);
}

/* What was measured; NULL where there is no score. Several columns ask it of a row. */
static const struct growth_measure *measure_of(const struct sql_computed_row *row)
{
    struct sql_measured *last = &row->computing->measured;
    const struct record_key *key = &row->state->key;

    if (!last->known || record_key_compare(&last->key, key) != 0) {
        last->usable = read_measure(row, &last->measure);
        last->key = *key;
        last->known = true;
    }
    return last->usable ? &last->measure : NULL;
}

enum ayni_status sql_growth_result(const struct sql_computed_row *row, sqlite3_context *context)
{
    enum ayni_status status = load_standards(row->computing);
    const struct lms_table *standards = row->computing->standards;
    const struct growth_measure *measure = status == AYNI_OK ? measure_of(row) : NULL;

    if (measure == NULL)
        return status;
    if (row->column->which == GROWTH_SCORE_COUNT) {
        put_flags(standards, measure, context);
        return AYNI_OK;
    }
    struct growth_z z = growth_score(standards, (enum growth_score)row->column->which, measure);
    if (z.known)
        sqlite3_result_double(context, (double)z.hundredths / 100);
    return AYNI_OK;
}
