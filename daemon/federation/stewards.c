#include "daemon/federation/stewards.h"

#include "daemon/federation/registry_draft.h"
#include "daemon/records/standing.h"
#include "proto/cbor.h"
#include "proto/text.h"

/* Whether she is one now, or was. */
static const struct ayni_steward *find_steward(const struct charter *charter,
                                               const struct ayni_node *node, const char *name)
{
    size_t count;
    const struct ayni_steward *stewards = ayni_registry_stewards(charter->registry, node, &count);

    for (size_t i = 0; i < count; i++)
        if (ayni_bytes_equal(stewards[i].name, ayni_bytes_of_text(name)))
            return &stewards[i];
    return NULL;
}

int steward_role_of(struct records *records, const struct federation *federation, const char *user)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    const struct ayni_steward *steward = find_steward(charter, &records->node, user);

    if (strcmp(user, "root") == 0 || strcmp(user, federation_founder(federation)) == 0)
        return AYNI_STEWARD_ADMIN;
    return steward == NULL || !steward->active || steward->has_key ? -1 : (int)steward->role;
}

int steward_role_of_key(struct records *records, const uint8_t key[32], char *name, size_t size)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    size_t count;
    const struct ayni_steward *stewards =
        ayni_registry_stewards(charter->registry, &records->node, &count);

    for (size_t i = 0; i < count; i++) {
        if (!stewards[i].active || !stewards[i].has_key || memcmp(stewards[i].key, key, 32) != 0)
            continue;
        (void)ayni_text_copy(stewards[i].name, name, size);
        return (int)stewards[i].role;
    }
    return -1;
}

/* Everything of the record but whether it is active. */
static enum ayni_status draft_steward(struct registry_draft *draft, const struct charter *charter,
                                      const struct ayni_node *node, const char *name,
                                      struct ayni_record *record)
{
    enum ayni_status status =
        ayni_registry_steward_record(&charter->root, node, ayni_bytes_of_text(name), record);

    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_STEWARD, record);
    registry_draft_id(draft, AYNI_FIELD_STEWARD_NODE, node);
    registry_draft_word(draft, AYNI_FIELD_STEWARD_NAME, name);
    return AYNI_OK;
}

static bool is_member(const struct charter *charter, const struct ayni_node *node)
{
    return charter->founded &&
           ayni_registry_may_write(charter->registry, node, &charter->registry_space);
}

enum ayni_status steward_add(struct records *records, const char *name, enum ayni_steward_role role,
                             const uint8_t key[32], const char *steward, struct ayni_record *record)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    if (!is_member(charter, &records->node))
        return AYNI_E_VERSION;
    if (!ayni_name_valid(ayni_bytes_of_text(name)))
        return AYNI_E_INVALID;
    enum ayni_status status = draft_steward(&draft, charter, &records->node, name, record);
    if (status != AYNI_OK)
        return status;
    registry_draft_word(&draft, AYNI_FIELD_STEWARD_ROLE, ayni_steward_role_name(role));
    if (key != NULL)
        registry_draft_bytes(&draft, AYNI_FIELD_STEWARD_KEY, (struct ayni_bytes){ key, 32 });
    else if (find_steward(charter, &records->node, name) != NULL)
        registry_draft_value(&draft, AYNI_FIELD_STEWARD_KEY, ayni_cbor_null());
    registry_draft_bool(&draft, AYNI_FIELD_STEWARD_ACTIVE, true);
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, "",
                                AYNI_LANE_CURRENT);
}

enum ayni_status steward_remove(struct records *records, const char *name, const char *steward,
                                struct ayni_record *record)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    if (!is_member(charter, &records->node))
        return AYNI_E_VERSION;
    const struct ayni_steward *there = find_steward(charter, &records->node, name);
    if (there == NULL || !there->active)
        return AYNI_E_NOT_FOUND;
    enum ayni_status status = draft_steward(&draft, charter, &records->node, name, record);
    if (status != AYNI_OK)
        return status;
    registry_draft_bool(&draft, AYNI_FIELD_STEWARD_ACTIVE, false);
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, "",
                                AYNI_LANE_CURRENT);
}
