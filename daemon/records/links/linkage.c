#include "daemon/records/links/linkage.h"

#include <string.h>

#include "daemon/records/named_value.h"
#include "daemon/records/walk.h"

static const char membership_name[] = "programme_membership", identifier_name[] = "identifier";
enum { WORD_SIZE = 24 };

bool linkage_is_known(const struct charter *charter)
{
    return ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text(membership_name)) !=
           NULL;
}

/* A number of this holder that a public register gave, and nobody took back. */
static bool is_document(const struct ayni_catalogue_type *type, const struct record_state *state,
                        const struct ayni_record *holder)
{
    struct ayni_record of;
    char scheme[WORD_SIZE], standing[WORD_SIZE];

    return !record_state_gone(state) && named_record(type, state, "holder", &of) &&
           ayni_id_equal(&of, holder) &&
           named_word(type, state, "scheme", scheme, sizeof(scheme)) &&
           named_word(type, state, "state", standing, sizeof(standing)) &&
           strcmp(standing, "valid") == 0 && strcmp(scheme, "programme") != 0 &&
           strcmp(scheme, "service") != 0;
}

static enum ayni_status has_document(struct reader *reader, const struct ayni_record *member,
                                     bool *has)
{
    const struct ayni_catalogue_type *type = ayni_catalogue_type_named(
        reader_charter(reader)->catalogue, ayni_bytes_of_text(identifier_name));
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_subject(reader, member, &walk);
    while (status == AYNI_OK && type != NULL && !*has && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        if (key.type != type->number)
            continue;
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK)
            *has = is_document(type, &state, member);
    }
    return status == AYNI_OK ? walk.status : status;
}

/* Some space shows the record. */
static enum ayni_status is_here(struct reader *reader, const struct ayni_record *record, bool *here)
{
    enum { PLACES_MAX = 16 };
    struct record_key places[PLACES_MAX];
    size_t count;
    enum ayni_status status = reader_find(reader, record, 0, NULL, places, PLACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX && !*here; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &places[i], &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK)
            *here = !record_state_gone(&state);
    }
    return status;
}

enum ayni_status linkage_of(const struct surveyed *record, int64_t today, enum linkage *linkage)
{
    struct ayni_record member;
    int64_t ends_on;
    bool here = false, has = false;
    enum ayni_status status;

    *linkage = LINKAGE_NONE;
    if (strcmp(record->type->name, membership_name) != 0 || record_state_gone(record->state) ||
        (named_day(record->type, record->state, "ends_on", &ends_on) && ends_on < today))
        return AYNI_OK;
    *linkage = LINKAGE_OPEN;
    if (!named_record(record->type, record->state, "member", &member))
        return AYNI_OK;
    status = is_here(record->reader, &member, &here);
    if (status == AYNI_OK && here)
        status = has_document(record->reader, &member, &has);
    if (has)
        *linkage = LINKAGE_LINKED;
    return status;
}
