#include "daemon/records/authority.h"

#include "proto/policy.h"
#include "proto/registry.h"

/* A role's values are the first alternatives, where it has any. */
static bool role_has_values(const struct ayni_catalogue_field *field,
                            const struct ayni_fold_item *items,
                            const struct ayni_folded_field *folded)
{
    return folded->alternative_count > 0 &&
           ayni_policy_has_role(items[folded->alternatives[0].items[0]].roles, field->merge.role);
}

bool authority_is_others(const struct charter *charter, const struct ayni_node *own,
                         const struct ayni_catalogue_field *field,
                         const struct ayni_fold_item *items, const struct ayni_folded_field *folded)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, own);

    if (field == NULL || field->merge.merge != AYNI_MERGE_AUTHORITY ||
        !role_has_values(field, items, folded))
        return false;
    return member == NULL || member->organisation == NULL ||
           !ayni_policy_has_role(member->organisation->roles, field->merge.role);
}
