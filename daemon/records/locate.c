#include "daemon/records/locate.h"

#include <string.h>

#include "daemon/records/named_value.h"
#include "proto/cbor.h"
#include "proto/text.h"

/* From whom a record is about to whom that one is about: as far as types of the catalogue go, and
 * no further where records name each other in a ring. */
enum { HOPS_MAX = 4, PLACES_MAX = 16 };

/* The first field that holds the public code of a place. */
static const struct ayni_catalogue_field *field_of_place(const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].kind.type == AYNI_KIND_ID &&
            type->fields[i].kind.scheme == AYNI_SCHEME_UBIGEO)
            return &type->fields[i];
    return NULL;
}

/* What is no such code would be a territory of its own in every table. */
static bool read_code(struct ayni_bytes value, char code[LOCATE_CODE_SIZE])
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes text = ayni_cbor_read_text(&reader);

    return ayni_cbor_done(&reader) == AYNI_OK && ayni_scheme_fits(AYNI_SCHEME_UBIGEO, text) &&
           ayni_text_copy(text, code, LOCATE_CODE_SIZE);
}

/* Its own place; or whom to ask next, in `next`. False where neither is known. */
static bool look_into(struct reader *reader, const struct record_state *state,
                      char code[LOCATE_CODE_SIZE], struct ayni_record *next)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, state->key.type);
    const struct ayni_catalogue_field *field = type == NULL ? NULL : field_of_place(type);

    if (type == NULL || record_state_gone(state))
        return false;
    if (field != NULL && read_code(record_state_value(state, field->number), code))
        return true;
    return type->subject_field != 0 && numbered_record(state, type->subject_field, next);
}

/* The record as the space shows it, else as the first other one does. AYNI_E_NOT_FOUND: it isn't
 * here. */
static enum ayni_status fold_one(struct reader *reader, const struct ayni_record *record,
                                 const struct ayni_space *space, struct record_state *state)
{
    struct record_key places[PLACES_MAX];
    size_t count, chosen = 0;
    enum ayni_status status = reader_find(reader, record, 0, NULL, places, PLACES_MAX, &count);

    if (status != AYNI_OK)
        return status;
    if (count == 0)
        return AYNI_E_NOT_FOUND;
    for (size_t i = 0; i < count && i < PLACES_MAX; i++)
        if (ayni_id_equal(&places[i].space, space))
            chosen = i;
    return reader_fold(reader, &places[chosen], state);
}

enum ayni_status locate_record(struct reader *reader, const struct record_state *state,
                               char code[LOCATE_CODE_SIZE])
{
    struct ayni_record next;

    code[0] = '\0';
    bool goes_on = look_into(reader, state, code, &next);
    for (size_t hops = 0; goes_on && code[0] == '\0' && hops < HOPS_MAX; hops++) {
        SCOPED_STATE about = { 0 };
        enum ayni_status status = fold_one(reader, &next, &state->key.space, &about);
        if (status == AYNI_E_NOT_FOUND)
            return AYNI_OK;
        if (status != AYNI_OK)
            return status;
        goes_on = look_into(reader, &about, code, &next);
    }
    return AYNI_OK;
}

bool locate_within(const char *code, const char *territory)
{
    return strncmp(code, territory, strlen(territory)) == 0;
}
