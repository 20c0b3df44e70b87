#include "daemon/records/import/import_facts.h"

#include <string.h>

#include "daemon/records/import/import_cell.h"
#include "proto/cbor.h"

static const struct import_draft *draft_of(const struct import_asking *asking,
                                           const struct ayni_record *record, const char *type)
{
    for (size_t i = 0; i < asking->count; i++) {
        const struct import_draft *draft = &asking->drafts[i];
        if (draft->present && ayni_id_equal(&draft->key.record, record) &&
            (type == NULL || strcmp(draft->plan->type->name, type) == 0))
            return draft;
    }
    return NULL;
}

/* The value of a field by its name, where the row has the record. */
static struct ayni_bytes value_in_row(const struct import_asking *asking,
                                      const struct ayni_record *record, const char *type,
                                      const char *field_name)
{
    const struct import_draft *draft = draft_of(asking, record, type);
    const struct ayni_catalogue_field *field = NULL;

    if (draft != NULL)
        field = ayni_catalogue_field_named(draft->plan->type, ayni_bytes_of_text(field_name));
    return field == NULL ? (struct ayni_bytes){ NULL, 0 }
                         : import_draft_value(draft, field->number);
}

static bool refers_to(struct ayni_bytes value, struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    ayni_cbor_read_id(&reader, record);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* The first surname of the mother whom the row itself names. */
static struct ayni_bytes mothers_surname(const struct import_asking *asking,
                                         const struct ayni_record *child)
{
    for (size_t i = 0; i < asking->count; i++) {
        const struct import_draft *link = &asking->drafts[i];
        struct ayni_record of, mother;
        if (link->present && strcmp(link->plan->type->name, "guardian_link") == 0 &&
            refers_to(value_in_row(asking, &link->key.record, "guardian_link", "child"), &of) &&
            ayni_id_equal(&of, child) &&
            refers_to(value_in_row(asking, &link->key.record, "guardian_link", "person"), &mother))
            return value_in_row(asking, &mother, "person", "surname_1");
    }
    return (struct ayni_bytes){ NULL, 0 };
}

/* A day or a text. */
static struct sql_value sql_of(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct sql_value sql = { .type = SQL_NULL };

    if (ayni_cbor_peek(&reader) == AYNI_CBOR_TEXT) {
        sql.type = SQL_TEXT;
        sql.bytes = ayni_cbor_read_text(&reader);
    } else if (value.size > 0) {
        sql.type = SQL_INTEGER;
        sql.integer = ayni_cbor_read_int(&reader);
    }
    return reader.status == AYNI_OK ? sql : (struct sql_value){ .type = SQL_NULL };
}

/* What the row says of its own records goes before what is held. */
static void answer_fact(void *context, enum check_fact fact, const struct ayni_record *record,
                        struct sql_value *value)
{
    const struct import_asking *asking = context;
    const struct import_draft *draft = draft_of(asking, record, NULL);

    if (fact == CHECK_SUBJECT_TYPE && draft != NULL)
        *value = (struct sql_value){ .type = SQL_TEXT,
                                     .bytes = ayni_bytes_of_text(draft->plan->type->name) };
    else if (fact == CHECK_SUBJECT_BIRTH_DATE)
        *value = sql_of(value_in_row(asking, record, NULL, "birth_date"));
    else if (fact == CHECK_SUBJECT_SEX)
        *value = sql_of(value_in_row(asking, record, NULL, "sex"));
    else if (fact == CHECK_SUBJECT_LAST_MENSTRUAL_PERIOD)
        *value = sql_of(value_in_row(asking, record, NULL, "last_menstrual_period"));
    else if (fact == CHECK_MOTHER_SURNAME_1)
        *value = sql_of(mothers_surname(asking, record));
    if (value->type == SQL_NULL)
        facts_answer(asking->check->facts, fact, record, value);
}

static bool territory_altitude(void *context, struct ayni_bytes ubigeo, int64_t day,
                               int32_t *altitude_m)
{
    const struct import_asking *asking = context;

    return territories_altitude(asking->check->territories, ubigeo, day, altitude_m);
}

static const struct neighbours *neighbours(void *context, const char *type,
                                           const struct ayni_record *subject)
{
    struct import_asking *asking = context;

    return import_neighbours(&asking->company, type, subject);
}

static const struct neighbours *births(void *context, const struct ayni_record *mother)
{
    const struct import_asking *asking = context;

    return neighbour_cache_births(&asking->check->facts->neighbours, mother);
}

static bool territory_known(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct import_asking *asking = context;

    return territories_find(asking->check->territories, ubigeo, day) != NULL;
}

static const char *territory_became(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct import_asking *asking = context;

    return territories_became(asking->check->territories, ubigeo, day);
}

static bool territory_centre(void *context, struct ayni_bytes ubigeo, int64_t day,
                             int32_t *latitude, int32_t *longitude)
{
    const struct import_asking *asking = context;

    return territories_centre(asking->check->territories, ubigeo, day, latitude, longitude);
}

/* A cell that a rule of the map names; null where it says nothing. */
static struct sql_value column_value(void *context, size_t column)
{
    const struct import_asking *asking = context;
    int place = asking->plan->rule_places[column];
    struct ayni_bytes cell = { NULL, 0 };

    if (place != PLAN_NOWHERE)
        cell = import_cell_trim(asking->cells[place]);
    return (struct sql_value){ .type = cell.size == 0 ? SQL_NULL : SQL_TEXT, .bytes = cell };
}

struct check_lookups import_facts_lookups(struct import_asking *asking)
{
    struct check_lookups lookups = { .context = asking,
                                     .fact = answer_fact,
                                     .territory_became = territory_became,
                                     .neighbours = neighbours,
                                     .births = births,
                                     .norms = asking->check->norms,
                                     .territory_altitude = territory_altitude,
                                     .territory_centre = territory_centre,
                                     .column = column_value };

    if (asking->check->territories->count > 0)
        lookups.territory_known = territory_known;
    return lookups;
}
