#include "daemon/records/identifier.h"

#include <stdio.h>

#include "daemon/clock.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"

const char *const identifier_names[IDENTIFIER_SCHEMES] = { "dni", "cnv", "cui", "padron", "code" };

int identifier_index(const char *name)
{
    for (int i = 0; i < IDENTIFIER_SCHEMES; i++)
        if (strcmp(name, identifier_names[i]) == 0)
            return i;
    return -1;
}

enum ayni_status identifier_of(const char *name, const char *value, const char *organisation,
                               struct identifier *identifier)
{
    bool own = strcmp(name, "code") == 0;
    int size;

    if (own)
        size = snprintf(identifier->value, sizeof(identifier->value), "%s:%s", organisation, value);
    else
        size = snprintf(identifier->value, sizeof(identifier->value), "%s", value);
    identifier->scheme = own ? "programme" : name;
    return size < 0 || (size_t)size >= sizeof(identifier->value) ? AYNI_E_LIMIT : AYNI_OK;
}

static uint32_t number_of(const struct ayni_catalogue_type *type, const char *name)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return field == NULL ? 0 : field->number;
}

enum ayni_status identifier_type_of(const struct ayni_catalogue *catalogue,
                                    struct identifier_type *type)
{
    struct identifier_type found = { .type = ayni_catalogue_type_named(
                                         catalogue, ayni_bytes_of_text("identifier")) };

    if (found.type == NULL)
        return AYNI_E_NOT_FOUND;
    found.holder = number_of(found.type, "holder");
    found.scheme = number_of(found.type, "scheme");
    found.value = number_of(found.type, "value");
    found.state = number_of(found.type, "state");
    if (found.holder == 0 || found.scheme == 0 || found.value == 0 || found.state == 0)
        return AYNI_E_NOT_FOUND;
    *type = found;
    return AYNI_OK;
}

enum ayni_status identifier_id(const struct charter *charter, uint32_t type,
                               const struct identifier *identifier, struct ayni_record *record)
{
    if (charter->identity_key == NULL)
        return AYNI_E_RIGHT;
    return ayni_derived_id_of_identifier(charter->identity_key, type,
                                         ayni_bytes_of_text(identifier->scheme),
                                         ayni_bytes_of_text(identifier->value), record);
}

struct ayni_record identifier_random_id(void)
{
    uint8_t random[10];

    ayni_random(random, sizeof(random));
    return ayni_record_v7(clock_now().ms, random);
}

/* The record that the state names as holder. */
static bool shown_holder(const struct record_state *state, uint32_t field,
                         struct ayni_record *holder)
{
    struct ayni_cbor_reader value = ayni_cbor_reader(record_state_value(state, field));

    ayni_cbor_read_id(&value, holder);
    return !record_state_gone(state) && ayni_cbor_done(&value) == AYNI_OK;
}

enum ayni_status identifier_holder(struct reader *reader, const struct identifier *identifier,
                                   struct ayni_record *holder)
{
    enum { PLACES_MAX = 64 };
    struct record_key places[PLACES_MAX];
    const struct charter *charter = reader_charter(reader);
    struct identifier_type type;
    struct ayni_record id;
    size_t count = 0;
    enum ayni_status status = identifier_type_of(charter->catalogue, &type);

    if (status == AYNI_OK)
        status = identifier_id(charter, type.type->number, identifier, &id);
    if (status == AYNI_OK)
        status = reader_find(reader, &id, type.type->number, NULL, places, PLACES_MAX, &count);
    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &places[i], &state);
        if (status == AYNI_OK && shown_holder(&state, type.holder, holder))
            return AYNI_OK;
    }
    return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
}
