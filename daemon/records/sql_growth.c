#include <string.h>

#include "daemon/records/reference_text.h"
#include "daemon/records/sql_computed_private.h"

static const char *const table_names[GROWTH_TABLE_COUNT] = {
    [GROWTH_LHFA] = "who-lhfa", [GROWTH_WFA] = "who-wfa",   [GROWTH_BMIFA] = "who-bmifa",
    [GROWTH_HCFA] = "who-hcfa", [GROWTH_ACFA] = "who-acfa", [GROWTH_WFL] = "who-wfl",
    [GROWTH_WFH] = "who-wfh",
};

/* In the order of their names, as the words of a set stand. */
static const struct {
    enum growth_score score;
    const char *name;
} scores[GROWTH_SCORE_COUNT] = {
    { GROWTH_ACZ, "acz" }, { GROWTH_BAZ, "baz" }, { GROWTH_HAZ, "haz" },
    { GROWTH_HCZ, "hcz" }, { GROWTH_WAZ, "waz" }, { GROWTH_WHZ, "whz" },
};

/* A table that isn't here, or isn't whole, is an empty one. */
static enum ayni_status load_standard(struct sql_computing *computing, size_t index)
{
    SCOPED_BUFFER text = { 0 };
    enum ayni_status status = reference_text_load(computing->reader, table_names[index], &text);

    if (status == AYNI_OK)
        status = lms_table_read(ayni_buffer_bytes(&text), &computing->standards[index], NULL);
    if (status != AYNI_E_NOT_FOUND && status != AYNI_E_INVALID)
        return status;
    lms_table_free(&computing->standards[index]);
    return AYNI_OK;
}

static enum ayni_status load_standards(struct sql_computing *computing)
{
    enum ayni_status status = AYNI_OK;

    if (computing->has_standards)
        return AYNI_OK;
    computing->has_standards = true;
    for (size_t i = 0; status == AYNI_OK && i < GROWTH_TABLE_COUNT; i++)
        status = load_standard(computing, i);
    return status;
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
    char words[GROWTH_SCORE_COUNT * 4 + 1] = "";

    for (size_t i = 0; i < GROWTH_SCORE_COUNT; i++) {
        if (!growth_score(standards, scores[i].score, measure).flagged)
            continue;
        if (words[0] != 0)
            strcat(words, ",");
        strcat(words, scores[i].name);
    }
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
