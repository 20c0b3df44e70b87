#include "daemon/records/writing/prefer.h"

#include "proto/catalogue.h"
#include "proto/policy.h"
#include "proto/reason.h"
#include "proto/registry.h"
#include "proto/registry_records.h"

/* --- as it is written --- */

static const struct {
    const char *word; /* up to its colon */
    enum prefer_kind kind;
} kinds[] = {
    { "latest", PREFER_LATEST },  { "earliest", PREFER_EARLIEST }, { "oldest", PREFER_EARLIEST },
    { "node:", PREFER_NODE },     { "org:", PREFER_ORG },          { "role:", PREFER_ROLE },
    { "origin:", PREFER_ORIGIN },
};

/* What stands behind the word of a kind, or NULL where the text isn't one of it. */
static const char *rest_of(const char *text, const char *word)
{
    size_t size = strlen(word);

    if (word[size - 1] != ':')
        return strcmp(text, word) == 0 ? text + size : NULL;
    return strncmp(text, word, size) == 0 && text[size] != '\0' ? text + size : NULL;
}

static enum ayni_status read_node(const struct charter *charter, const char *name,
                                  struct prefer_rule *rule, struct complaint *complaint)
{
    const struct ayni_member *member;

    if (ayni_registry_find_member(charter->registry, ayni_bytes_of_text(name), &member) != AYNI_OK)
        return complain(complaint, AYNI_E_USAGE, N_("there is no node {}"), name, NULL);
    rule->node = member->node;
    return AYNI_OK;
}

static enum ayni_status read_org(const struct charter *charter, const char *code,
                                 struct prefer_rule *rule, struct complaint *complaint)
{
    rule->word = ayni_bytes_of_text(code);
    if (ayni_registry_organisation_by_code(charter->registry, rule->word) != NULL)
        return AYNI_OK;
    complain_hint(complaint, N_("`ayni member list` names the organisations"), NULL);
    return complain(complaint, AYNI_E_USAGE, N_("there is no organisation {}"), code, NULL);
}

static enum ayni_status read_role(const struct charter *charter, const char *role,
                                  struct prefer_rule *rule, struct complaint *complaint)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, AYNI_TYPE_ORGANISATION);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field(type, AYNI_FIELD_ORGANISATION_ROLES);

    rule->word = ayni_bytes_of_text(role);
    if (field != NULL && ayni_catalogue_code_named(field, rule->word) != NULL)
        return AYNI_OK;
    complain_hint(complaint, N_("`ayni types organisation` names the roles"), NULL);
    return complain(complaint, AYNI_E_USAGE, N_("there is no role {}"), role, NULL);
}

enum ayni_status prefer_parse(const struct charter *charter, const char *text,
                              struct prefer_rule *rule, struct complaint *complaint)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *rest = rest_of(text, kinds[i].word);
        if (rest == NULL)
            continue;
        rule->kind = kinds[i].kind;
        switch (rule->kind) {
        case PREFER_NODE:
            return read_node(charter, rest, rule, complaint);
        case PREFER_ORG:
            return read_org(charter, rest, rule, complaint);
        case PREFER_ROLE:
            return read_role(charter, rest, rule, complaint);
        default:
            rule->word = ayni_bytes_of_text(rest);
            return AYNI_OK;
        }
    }
    complain_hint(complaint,
                  N_("it is node:NAME, org:CODE, role:ROLE, origin:NAME, latest or earliest"),
                  NULL);
    return complain(complaint, AYNI_E_USAGE, N_("{} is no rule to prefer by"), text, NULL);
}

/* --- as it picks --- */

static bool is_of_org(const struct charter *charter, const struct ayni_node *node,
                      struct ayni_bytes code)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);

    return member != NULL && member->organisation != NULL &&
           ayni_bytes_equal(member->organisation->code, code);
}

static bool is_of_origin(const struct ayni_version *version, struct ayni_bytes name)
{
    static const struct ayni_bytes manual = { (const uint8_t *)"manual", 6 };

    return ayni_bytes_equal(version->origin.size == 0 ? manual : version->origin, name);
}

static bool fits(const struct prefer_rule *rule, const struct charter *charter,
                 const struct ayni_fold_item *item)
{
    switch (rule->kind) {
    case PREFER_NODE:
        return ayni_id_equal(&item->node, &rule->node);
    case PREFER_ORG:
        return is_of_org(charter, &item->node, rule->word);
    case PREFER_ROLE:
        return ayni_policy_has_role(item->roles, rule->word);
    default:
        return is_of_origin(item->version, rule->word);
    }
}

/* The extreme of the newest, or oldest, versions of the alternatives. */
static size_t pick_by_time(const struct record_state *state, const struct ayni_folded_field *field,
                           bool latest)
{
    const struct ayni_fold_item *best = NULL;
    size_t picked = 0;

    for (size_t i = 0; i < field->alternative_count; i++) {
        const struct ayni_alternative *alternative = &field->alternatives[i];
        const struct ayni_fold_item *item =
            &state->items[alternative->items[latest ? 0 : alternative->item_count - 1]];
        if (best != NULL && (ayni_fold_item_order(best, item) < 0) != latest)
            continue;
        best = item;
        picked = i;
    }
    return picked;
}

size_t prefer_pick(const struct prefer_rule *rule, const struct charter *charter,
                   const struct record_state *state, const struct ayni_folded_field *field)
{
    if (rule->kind == PREFER_LATEST || rule->kind == PREFER_EARLIEST)
        return pick_by_time(state, field, rule->kind == PREFER_LATEST);
    for (size_t i = 0; i < field->alternative_count; i++)
        for (size_t j = 0; j < field->alternatives[i].item_count; j++)
            if (fits(rule, charter, &state->items[field->alternatives[i].items[j]]))
                return i;
    return field->alternative_count;
}
