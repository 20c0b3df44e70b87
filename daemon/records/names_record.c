#include <stdio.h>

#include "daemon/records/erasure/erasure_find.h"
#include "daemon/records/identifier.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "proto/nearest.h"

/* The record of one type that begins so, or of any for 0, against the one found before. */
static enum ayni_status match_prefix(struct reader *reader, struct ayni_bytes text, uint32_t type,
                                     bool *found, struct ayni_record *record)
{
    struct ayni_record match;
    enum ayni_status status = reader_find_prefix(reader, text, type, &match);

    if (status == AYNI_E_NOT_FOUND || status == AYNI_E_MALFORMED || status == AYNI_E_TRUNCATED)
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    if (*found && !ayni_id_equal(&match, record))
        return AYNI_E_EXISTS;
    *found = true;
    *record = match;
    return AYNI_OK;
}

/* A prefix of an id of one of the field's targets. What is none is left to natural keys. */
static enum ayni_status resolve_prefix(void *context, const struct ayni_catalogue_field *field,
                                       struct ayni_bytes text, struct ayni_record *record)
{
    struct reader *reader = context;
    const struct ayni_catalogue *catalogue = reader_charter(reader)->catalogue;
    bool found = false;
    enum ayni_status status =
        field->target_count == 0 ? match_prefix(reader, text, 0, &found, record) : AYNI_OK;

    for (size_t i = 0; i < field->target_count && status == AYNI_OK; i++) {
        const struct ayni_catalogue_type *type =
            ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(field->targets[i]));
        if (type != NULL)
            status = match_prefix(reader, text, type->number, &found, record);
    }
    if (status != AYNI_OK)
        return status == AYNI_E_EXISTS ? AYNI_E_INVALID : status;
    return found ? AYNI_OK : AYNI_E_NOT_FOUND;
}

struct ayni_value_context names_values(struct reader *reader)
{
    const struct charter *charter = reader_charter(reader);

    return (struct ayni_value_context){
        .catalogue = charter->catalogue,
        .root_key = charter->founded ? charter->root.bytes : NULL,
        .identity_key = charter->identity_key,
        .resolve = resolve_prefix,
        .resolve_context = reader,
    };
}

/* `dni:99000001`: who holds it here, else who would have its id. AYNI_E_NOT_FOUND: no identifier.
 */
static enum ayni_status of_identifier(struct reader *reader, const char *text,
                                      const struct ayni_catalogue_type *type,
                                      struct ayni_record *record)
{
    const char *colon = strchr(text, ':');
    struct identifier identifier;
    char scheme[16];
    enum ayni_status status;

    if (colon == NULL || (size_t)(colon - text) >= sizeof(scheme))
        return AYNI_E_NOT_FOUND;
    memcpy(scheme, text, (size_t)(colon - text));
    scheme[colon - text] = 0;
    if (identifier_index(scheme) < 0 && strcmp(scheme, "programme") != 0)
        return AYNI_E_NOT_FOUND;
    status = identifier_of(strcmp(scheme, "code") == 0 ? "programme" : scheme, colon + 1, "",
                           &identifier);
    if (status == AYNI_OK)
        status = identifier_holder(reader, &identifier, record);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    if (type == NULL)
        type = ayni_catalogue_type_named(reader_charter(reader)->catalogue,
                                         ayni_bytes_of_text("child"));
    return type == NULL ? AYNI_E_NOT_FOUND
                        : identifier_id(reader_charter(reader), type->number, &identifier, record);
}

/* A natural key, after the name of its type where that isn't known already. */
static enum ayni_status of_natural_key(struct reader *reader, const char *text,
                                       const struct ayni_catalogue_type *type,
                                       struct ayni_record *record)
{
    struct ayni_value_context values = names_values(reader);
    const char *colon = strchr(text, ':');
    struct ayni_reason reason;

    if (type == NULL && colon != NULL) {
        type = ayni_catalogue_type_named(
            values.catalogue, (struct ayni_bytes){ (const uint8_t *)text, (size_t)(colon - text) });
        text = colon + 1;
    }
    if (type == NULL)
        return AYNI_E_NOT_FOUND;
    return ayni_natural_key_parse(&values, type, ayni_bytes_of_text(text), record, &reason);
}

/* What stands before a colon that is neither a scheme nor a type: what may stand there. */
static void hint_scheme(struct reader *reader, const char *text, struct complaint *complaint)
{
    const char *colon = strchr(text, ':');
    struct ayni_bytes word = { (const uint8_t *)text, colon == NULL ? 0 : (size_t)(colon - text) };
    struct ayni_nearest nearest = ayni_nearest(word);
    const struct ayni_catalogue *catalogue = reader_charter(reader)->catalogue;

    if (colon == NULL || ayni_catalogue_type_named(catalogue, word) != NULL)
        return;
    for (size_t i = 0; i < IDENTIFIER_SCHEMES; i++) {
        if (ayni_bytes_equal(word, ayni_bytes_of_text(identifier_names[i])))
            return;
        ayni_nearest_offer(&nearest, identifier_names[i]);
    }
    if (nearest.best != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest.best, NULL);
    else
        complain_hint(complaint,
                      N_("before the colon stands dni, cnv, cui, padron, code or a type"), NULL);
}

enum ayni_status names_record(struct reader *reader, const char *text,
                              const struct ayni_catalogue_type *type, struct ayni_record *record,
                              struct complaint *complaint)
{
    struct ayni_bytes bytes = ayni_bytes_of_text(text);
    enum ayni_status status = ayni_record_parse(bytes, record);

    if (status != AYNI_OK)
        status = of_identifier(reader, text, type, record);
    if (status == AYNI_E_NOT_FOUND)
        status = reader_find_prefix(reader, bytes, type == NULL ? 0 : type->number, record);
    if (status == AYNI_E_NOT_FOUND)
        status = erasure_find_prefix(reader, bytes, type == NULL ? 0 : type->number, record);
    bool is_short = status == AYNI_E_TRUNCATED;
    if (status == AYNI_E_NOT_FOUND || status == AYNI_E_MALFORMED || is_short)
        status = of_natural_key(reader, text, type, record);
    if (status == AYNI_E_EXISTS) {
        complain_hint(complaint, N_("give more of it"), NULL);
        return complain(complaint, AYNI_E_USAGE, N_("more than one record begins with {}"), text,
                        NULL);
    }
    if (status == AYNI_E_NOT_FOUND && is_short)
        complain_hint(complaint, N_("of an id it takes 6 characters or more"), NULL);
    else if (status == AYNI_E_NOT_FOUND && type == NULL)
        hint_scheme(reader, text, complaint);
    if (status == AYNI_E_NOT_FOUND || status == AYNI_E_INVALID || status == AYNI_E_MALFORMED)
        return complain(complaint, AYNI_E_NOT_FOUND, N_("there is no record {}"), text, NULL);
    if (status == AYNI_E_RIGHT) {
        complain_hint(complaint, N_("it comes with the registry: `ayni sync --wait`"), NULL);
        return complain(complaint, status, N_("this node hasn't got the identity key yet"), NULL);
    }
    return status;
}

/* The names of the spaces, commas between, for a complaint. */
static void list_spaces(const struct charter *charter, const struct record_key *places,
                        size_t count, char list[COMPLAINT_ARG_SIZE])
{
    char name[NAMES_SIZE];
    size_t used = 0;

    list[0] = 0;
    for (size_t i = 0; i < count && used + 1 < COMPLAINT_ARG_SIZE; i++) {
        names_of_space(charter, &places[i].space, name);
        used +=
            (size_t)snprintf(list + used, COMPLAINT_ARG_SIZE - used, i == 0 ? "%s" : ", %s", name);
    }
}

/* It never was, or it was erased. */
static enum ayni_status is_not_here(struct reader *reader, const struct ayni_record *record,
                                    const struct ayni_space *space, const char *text,
                                    struct complaint *complaint)
{
    struct record_key erased;
    size_t count;
    enum ayni_status status = erasure_find(reader, record, space, &erased, 1, &count);

    if (status != AYNI_OK)
        return status;
    if (count == 0) {
        if (space_access_relays_any(reader_charter(reader)))
            complain_hint(complaint,
                          N_("what this node only relays it can't read: `ayni space list`"), NULL);
        return complain(complaint, AYNI_E_NOT_FOUND, N_("there is no record {}"), text, NULL);
    }
    complain_code(complaint, "erased");
    complain_hint(complaint,
                  N_("`ayni set` enters it anew; `ayni erase status` says who confirmed"), NULL);
    return complain(complaint, AYNI_E_NOT_FOUND, N_("{} was erased"), text, NULL);
}

enum ayni_status names_places(struct reader *reader, const char *text, const char *space,
                              struct record_key *keys, size_t max, size_t *count,
                              struct complaint *complaint)
{
    struct ayni_space wanted;
    struct ayni_record record;
    enum ayni_status status = AYNI_OK;

    if (space != NULL)
        status = names_read_space(reader_charter(reader), space, &wanted, complaint);
    if (status == AYNI_OK)
        status = names_record(reader, text, NULL, &record, complaint);
    if (status == AYNI_OK)
        status = reader_find(reader, &record, 0, space == NULL ? NULL : &wanted, keys, max, count);
    if (status == AYNI_OK && *count == 0)
        return is_not_here(reader, &record, space == NULL ? NULL : &wanted, text, complaint);
    return status;
}

enum ayni_status names_place(struct reader *reader, const char *text, const char *space,
                             struct record_key *key, struct complaint *complaint)
{
    enum { PLACES_MAX = 16 };
    struct record_key places[PLACES_MAX];
    char list[COMPLAINT_ARG_SIZE];
    size_t count;
    enum ayni_status status =
        names_places(reader, text, space, places, PLACES_MAX, &count, complaint);

    if (status != AYNI_OK)
        return status;
    if (count > 1) {
        list_spaces(reader_charter(reader), places, count < PLACES_MAX ? count : PLACES_MAX, list);
        complain_hint(complaint, N_("say which with --space"), NULL);
        return complain(complaint, AYNI_E_USAGE, N_("{} is held in several spaces: {}"), text, list,
                        NULL);
    }
    *key = places[0];
    return AYNI_OK;
}

enum ayni_status names_erased_place(struct reader *reader, const char *text, const char *space,
                                    struct record_key *key)
{
    struct complaint quiet = { 0 };
    struct ayni_space wanted;
    struct ayni_record record;
    size_t count;
    enum ayni_status status = AYNI_OK;

    if (space != NULL)
        status = names_space(reader_charter(reader), space, &wanted, &quiet);
    if (status == AYNI_OK)
        status = names_record(reader, text, NULL, &record, &quiet);
    if (status == AYNI_OK)
        status = erasure_find(reader, &record, space == NULL ? NULL : &wanted, key, 1, &count);
    return status == AYNI_OK && count != 1 ? AYNI_E_NOT_FOUND : status;
}
