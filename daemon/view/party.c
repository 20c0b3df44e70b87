#include "daemon/view/party.h"

#include <stdio.h>

#include "daemon/view/shown.h"
#include "proto/policy.h"
#include "proto/text.h"

enum { TYPE_FACILITY = 703, TYPE_ORGANISATION = 704 };
enum { FACILITY_REGISTER = 1, FACILITY_CODE = 2, FACILITY_NAME = 3, FACILITY_TERRITORY = 4 };
enum { ORGANISATION_CODE = 1, ORGANISATION_NAME = 2 };

static const struct {
    const char *name, *kind, *role; /* either will do */
} levels[PARTY_LEVELS] = {
    [PARTY_MUNICIPALITY] = { "municipality", "municipality", "municipality" },
    [PARTY_NETWORK] = { "network", NULL, "health" },
    [PARTY_REGION] = { "region", "regional_government", NULL },
    [PARTY_MIDIS] = { "midis", NULL, "midis" },
};

const char *party_level_name(enum party_level level)
{
    return levels[level].name;
}

enum party_level party_level_of(struct ayni_bytes name)
{
    for (enum party_level level = 0; level < PARTY_LEVELS; level++)
        if (ayni_bytes_equal(name, ayni_bytes_of_text(levels[level].name)))
            return level;
    return PARTY_LEVELS;
}

const struct ayni_organisation *party_of_node(const struct charter *charter,
                                              const struct ayni_node *node)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    return member == NULL ? NULL : member->organisation;
}

bool party_has_level(const struct ayni_organisation *organisation, enum party_level level)
{
    const char *kind = levels[level].kind, *role = levels[level].role;

    if (organisation == NULL)
        return false;
    return (kind != NULL && ayni_bytes_equal(organisation->kind, ayni_bytes_of_text(kind))) ||
           (role != NULL && ayni_policy_has_role(organisation->roles, ayni_bytes_of_text(role)));
}

struct complaint_word party_code(const struct ayni_organisation *organisation)
{
    return organisation == NULL ? (struct complaint_word){ "-" }
                                : complaint_word(organisation->code);
}

/* --- names --- */

/* What the registry's record of it shows; AYNI_E_NOT_FOUND where it isn't there. */
static enum ayni_status fold_entry(struct reader *reader, uint32_t type,
                                   const struct ayni_record *record, struct record_state *state)
{
    struct record_key key = { reader_charter(reader)->registry_space, type, *record };
    enum ayni_status status = reader_fold(reader, &key, state);

    return status == AYNI_OK && record_state_gone(state) ? AYNI_E_NOT_FOUND : status;
}

static void copy_text(const struct record_state *state, uint32_t field, char *to, size_t size)
{
    if (!ayni_text_copy(shown_text(record_state_value(state, field)), to, size))
        to[0] = '\0';
}

enum ayni_status party_organisation(struct reader *reader, const struct ayni_record *organisation,
                                    struct party_names *names)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = fold_entry(reader, TYPE_ORGANISATION, organisation, &state);

    *names = (struct party_names){ 0 };
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status == AYNI_OK) {
        copy_text(&state, ORGANISATION_CODE, names->code, sizeof(names->code));
        copy_text(&state, ORGANISATION_NAME, names->name, sizeof(names->name));
    }
    return status;
}

enum ayni_status party_facility(struct reader *reader, const struct ayni_record *facility,
                                struct party_names *names, char *place)
{
    SCOPED_STATE state = { 0 };
    char list[PARTY_CODE_SIZE / 2] = "", code[PARTY_CODE_SIZE / 2] = "";
    enum ayni_status status = fold_entry(reader, TYPE_FACILITY, facility, &state);

    *names = (struct party_names){ 0 };
    place[0] = '\0';
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    copy_text(&state, FACILITY_REGISTER, list, sizeof(list));
    copy_text(&state, FACILITY_CODE, code, sizeof(code));
    snprintf(names->code, sizeof(names->code), "%s:%s", list, code);
    copy_text(&state, FACILITY_NAME, names->name, sizeof(names->name));
    copy_text(&state, FACILITY_TERRITORY, place, PARTY_PLACE_SIZE);
    if (strspn(place, "0123456789") != strlen(place))
        place[0] = '\0';
    return AYNI_OK;
}
