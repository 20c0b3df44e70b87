#include "daemon/federation/spaces.h"

#include "daemon/clock.h"
#include "daemon/federation/registry_draft.h"
#include "daemon/records/standing.h"
#include "proto/card.h"

enum { SPACE_NAME_MAX = 80 };

/* A name that can't be taken for an option, an id or the registry. */
static bool is_space_name(const char *name)
{
    struct ayni_bytes text = ayni_bytes_of_text(name);

    return ayni_name_valid(text) && text.size <= SPACE_NAME_MAX &&
           strpbrk(name, " \t\"'") == NULL && name[0] != '-' && strcmp(name, "registry") != 0;
}

enum ayni_status space_create(struct records *records, const char *name, enum ayni_class class,
                              bool confidential, const char *steward, struct ayni_space *space)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    const struct ayni_space_info *other;
    struct ayni_record record;
    uint8_t random[16];

    if (!charter->founded ||
        !ayni_registry_may_write(charter->registry, &records->node, &charter->registry_space))
        return AYNI_E_VERSION;
    if (!is_space_name(name))
        return AYNI_E_INVALID;
    if (ayni_registry_find_space(charter->registry, ayni_bytes_of_text(name), &other) !=
        AYNI_E_NOT_FOUND)
        return AYNI_E_EXISTS;
    ayni_random(random, sizeof(random));
    *space = ayni_space_of(&charter->root, &records->node, random);
    memcpy(record.bytes, space->bytes, sizeof(record.bytes));
    registry_draft_record(&draft, AYNI_TYPE_SPACE, &record);
    registry_draft_id(&draft, AYNI_FIELD_SPACE_CREATOR, &records->node);
    registry_draft_bytes(&draft, AYNI_FIELD_SPACE_RANDOM,
                         (struct ayni_bytes){ random, sizeof(random) });
    registry_draft_word(&draft, AYNI_FIELD_SPACE_NAME, name);
    registry_draft_word(&draft, AYNI_FIELD_SPACE_CLASS, ayni_class_name(class));
    registry_draft_bool(&draft, AYNI_FIELD_SPACE_CONFIDENTIAL, confidential);
    registry_draft_id(&draft, AYNI_FIELD_SPACE_OWNER, &records->node);
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, "",
                                AYNI_LANE_CURRENT);
}

static const struct ayni_grant *find_grant(const struct ayni_registry *registry,
                                           const struct ayni_space *space,
                                           const struct ayni_node *node, enum ayni_right right)
{
    size_t count;
    const struct ayni_grant *grants = ayni_registry_grants(registry, &count);

    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&grants[i].space, space) && ayni_id_equal(&grants[i].node, node) &&
            !grants[i].ended && grants[i].right == right)
            return &grants[i];
    return NULL;
}

enum ayni_status space_grant(struct records *records, const struct ayni_space_info *space,
                             const struct ayni_node *node, enum ayni_right right,
                             const char *steward, struct ayni_record *grant)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    uint8_t random[10];

    if (right == AYNI_RIGHT_RELAY && !space->confidential)
        return AYNI_E_INVALID;
    if (!ayni_registry_may_grant(charter->registry, &records->node, &space->id, node, right))
        return AYNI_E_RIGHT;
    const struct ayni_grant *there = find_grant(charter->registry, &space->id, node, right);
    if (there != NULL) {
        *grant = there->record;
        return AYNI_OK;
    }
    ayni_random(random, sizeof(random));
    *grant = ayni_record_v7(clock_now().ms, random);
    registry_draft_record(&draft, AYNI_TYPE_GRANT, grant);
    registry_draft_id(&draft, AYNI_FIELD_GRANT_SPACE, &space->id);
    registry_draft_id(&draft, AYNI_FIELD_GRANT_NODE, node);
    registry_draft_word(&draft, AYNI_FIELD_GRANT_RIGHT, ayni_right_name(right));
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, "",
                                AYNI_LANE_CURRENT);
}

enum ayni_status space_ungrant(struct records *records, const struct ayni_space_info *space,
                               const struct ayni_node *node, const char *reason,
                               const char *steward, struct ayni_record *ungrant)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    SCOPED_REGISTRY_DRAFT draft = { 0 };
    size_t count;

    if (!ayni_registry_may_grant(charter->registry, &records->node, &space->id, node,
                                 AYNI_RIGHT_NONE))
        return AYNI_E_RIGHT;
    const struct ayni_grant *grants = ayni_registry_grants(charter->registry, &count);
    for (size_t i = 0; i < count; i++) {
        if (!ayni_id_equal(&grants[i].space, &space->id) || !ayni_id_equal(&grants[i].node, node) ||
            grants[i].ended)
            continue;
        enum ayni_status status =
            ayni_registry_ungrant_record(&charter->root, &grants[i].record, ungrant);
        if (status != AYNI_OK)
            return status;
        registry_draft_record(&draft, AYNI_TYPE_UNGRANT, ungrant);
        registry_draft_id(&draft, AYNI_FIELD_UNGRANT_GRANT, &grants[i].record);
        if (reason[0] != '\0')
            registry_draft_word(&draft, AYNI_FIELD_UNGRANT_REASON, reason);
    }
    if (draft.item_count == 0)
        return AYNI_E_NOT_FOUND;
    return registry_draft_write(&draft, records->author, &charter->registry_space, steward, reason,
                                AYNI_LANE_CURRENT);
}
