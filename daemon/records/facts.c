#include "daemon/records/facts.h"

#include <string.h>

#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"

/* Spaces that one record is looked for in: its own, and the first of the others. */
enum { PLACES_MAX = 16 };

static const char *const type_names[FACT_TYPE_COUNT] = {
    [FACT_CHILD] = "child",
    [FACT_PERSON] = "person",
    [FACT_DEATH] = "death",
    [FACT_DELIVERY] = "delivery",
    [FACT_PREGNANCY] = "pregnancy",
    [FACT_FACILITY] = "facility",
    [FACT_GUARDIAN_LINK] = "guardian_link",
    [FACT_ADVICE] = "advice",
};

void facts_begin(struct facts *facts, struct reader *reader, const struct ayni_space *space)
{
    const struct ayni_catalogue *catalogue = reader_charter(reader)->catalogue;

    *facts = (struct facts){ .reader = reader, .space = *space };
    neighbour_cache_begin(&facts->neighbours, reader, space);
    for (size_t i = 0; i < FACT_TYPE_COUNT; i++)
        facts->types[i] = ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(type_names[i]));
}

void facts_end(struct facts *facts)
{
    ayni_arena_free(&facts->memory);
    neighbour_cache_end(&facts->neighbours);
}

/* A text that outlives the record it was read from. */
static struct ayni_bytes kept(struct facts *facts, struct ayni_bytes text)
{
    const char *copy = ayni_arena_text(&facts->memory, text);

    return (struct ayni_bytes){ (const uint8_t *)copy, copy == NULL ? 0 : text.size };
}

static void read_value(struct facts *facts, struct ayni_bytes cbor, struct sql_value *value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    struct sql_value read = { .type = SQL_NULL };
    enum ayni_cbor_type type = ayni_cbor_peek(&reader);

    if (type == AYNI_CBOR_UINT || type == AYNI_CBOR_NEGATIVE) {
        read.type = SQL_INTEGER;
        read.integer = ayni_cbor_read_int(&reader);
    } else if (type == AYNI_CBOR_TEXT) {
        read.type = SQL_TEXT;
        read.bytes = kept(facts, ayni_cbor_read_text(&reader));
    } else if (type == AYNI_CBOR_BYTES) {
        read.type = SQL_BLOB;
        read.bytes = kept(facts, ayni_cbor_read_bytes(&reader));
    }
    if (reader.status == AYNI_OK)
        *value = read;
}

/* The value of a field of the record at `key`, if it is alive. */
static void value_at(struct facts *facts, const struct record_key *key, const char *field_name,
                     struct sql_value *value)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(facts->reader)->catalogue, key->type);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field_named(type, ayni_bytes_of_text(field_name));
    SCOPED_STATE state = { 0 };

    if (field == NULL || reader_fold(facts->reader, key, &state) != AYNI_OK ||
        record_state_gone(&state))
        return;
    read_value(facts, record_state_value(&state, field->number), value);
}

/* Which of them is in its own space; `count` where none is. */
static size_t own_of(const struct facts *facts, const struct record_key *places, size_t count)
{
    size_t own = 0;

    while (own < count && !ayni_id_equal(&places[own].space, &facts->space))
        own++;
    return own;
}

/* Where the record is, its own space first; the count of places. */
static size_t places_of(const struct facts *facts, const struct ayni_record *record, uint32_t type,
                        struct record_key places[PLACES_MAX])
{
    struct record_key place;
    size_t count = 0, found = 0;

    if (reader_find(facts->reader, record, type, NULL, places, PLACES_MAX, &count) != AYNI_OK)
        return 0;
    if (count > PLACES_MAX) {
        count = PLACES_MAX;
        if (own_of(facts, places, count) == count &&
            reader_find(facts->reader, record, type, &facts->space, &place, 1, &found) == AYNI_OK &&
            found > 0)
            places[count - 1] = place;
    }
    found = own_of(facts, places, count);
    if (found > 0 && found < count) {
        place = places[found];
        places[found] = places[0];
        places[0] = place;
    }
    return count;
}

/* The first value that is known, of a record of that type. */
static void value_of(struct facts *facts, const struct ayni_record *record, enum fact_type of,
                     const char *field, struct sql_value *value)
{
    const struct ayni_catalogue_type *type = facts->types[of];
    struct record_key places[PLACES_MAX];
    size_t count = type == NULL ? 0 : places_of(facts, record, type->number, places);

    for (size_t i = 0; i < count && value->type == SQL_NULL; i++)
        value_at(facts, &places[i], field, value);
}

/* The same of whoever a child or an adult is. */
static void value_of_person(struct facts *facts, const struct ayni_record *record,
                            const char *field, struct sql_value *value)
{
    value_of(facts, record, FACT_CHILD, field, value);
    if (value->type == SQL_NULL)
        value_of(facts, record, FACT_PERSON, field, value);
}

/* Of the one record of a type whose key is its subject: a death, a delivery. */
static void value_about(struct facts *facts, const struct ayni_record *subject, enum fact_type of,
                        const char *field, struct sql_value *value)
{
    const struct ayni_catalogue_type *type = facts->types[of];
    const uint8_t *key = reader_charter(facts->reader)->identity_key;
    SCOPED_BUFFER reference = { 0 };
    struct ayni_record record;

    if (type == NULL || key == NULL)
        return;
    ayni_cbor_put_id(&reference, subject);
    struct ayni_bytes list = ayni_buffer_bytes(&reference);
    if (ayni_derived_id(key, type->number, &list, 1, &record) == AYNI_OK)
        value_of(facts, &record, of, field, value);
}

/* The name of the type that the subject is a record of. */
static void subject_type(struct facts *facts, const struct ayni_record *subject,
                         struct sql_value *value)
{
    struct record_key places[PLACES_MAX];
    const struct ayni_catalogue_type *type = NULL;

    if (places_of(facts, subject, 0, places) > 0)
        type = ayni_catalogue_type(reader_charter(facts->reader)->catalogue, places[0].type);
    if (type != NULL)
        *value = (struct sql_value){ .type = SQL_TEXT, .bytes = ayni_bytes_of_text(type->name) };
}

static bool is_word(const struct sql_value *value, const char *word)
{
    return value->type == SQL_TEXT && ayni_bytes_equal(value->bytes, ayni_bytes_of_text(word));
}

/* Of the mother that a guardian link of the child names. */
static void mothers_surname(struct facts *facts, const struct ayni_record *child,
                            struct sql_value *value)
{
    const struct ayni_catalogue_type *link = facts->types[FACT_GUARDIAN_LINK];
    struct record_key key;
    SCOPED_WALK walk = { 0 };

    if (link == NULL)
        return;
    walk_subject(facts->reader, child, &walk);
    while (value->type == SQL_NULL && walk_next(&walk, &key)) {
        struct sql_value role = { 0 }, person = { 0 };
        struct ayni_record mother;
        if (key.type != link->number)
            continue;
        value_at(facts, &key, "role", &role);
        if (is_word(&role, "mother"))
            value_at(facts, &key, "person", &person);
        if (person.type != SQL_BLOB || person.bytes.size != sizeof(mother.bytes))
            continue;
        memcpy(mother.bytes, person.bytes.data, sizeof(mother.bytes));
        value_of(facts, &mother, FACT_PERSON, "surname_1", value);
    }
}

static void look_up(struct facts *facts, enum check_fact fact, const struct ayni_record *record,
                    struct sql_value *value)
{
    switch (fact) {
    case CHECK_SUBJECT_TYPE:
        subject_type(facts, record, value);
        break;
    case CHECK_SUBJECT_BIRTH_DATE:
        value_of_person(facts, record, "birth_date", value);
        break;
    case CHECK_SUBJECT_DEATH_DATE:
        value_about(facts, record, FACT_DEATH, "date", value);
        break;
    case CHECK_SUBJECT_SEX:
        value_of_person(facts, record, "sex", value);
        break;
    case CHECK_SUBJECT_LAST_MENSTRUAL_PERIOD:
        value_of(facts, record, FACT_PREGNANCY, "last_menstrual_period", value);
        break;
    case CHECK_SUBJECT_DELIVERED_ON:
        value_about(facts, record, FACT_DELIVERY, "date", value);
        break;
    case CHECK_MOTHER_SURNAME_1:
        mothers_surname(facts, record, value);
        break;
    case CHECK_FACILITY_ALTITUDE_M:
        value_of(facts, record, FACT_FACILITY, "altitude_m", value);
        break;
    case CHECK_SUBJECT_WOMAN:
        value_of(facts, record, FACT_PREGNANCY, "woman", value);
        break;
    case CHECK_ADVICE_DATE:
        value_of(facts, record, FACT_ADVICE, "date", value);
        break;
    case CHECK_FACTS_COUNT:
        break;
    }
}

void facts_answer(void *context, enum check_fact fact, const struct ayni_record *record,
                  struct sql_value *value)
{
    struct facts *facts = context;
    struct fact_answer *last = &facts->last[fact];

    if (!last->known || !ayni_id_equal(&last->record, record)) {
        *last = (struct fact_answer){ .known = true, .record = *record };
        look_up(facts, fact, record, &last->value);
    }
    *value = last->value;
}
