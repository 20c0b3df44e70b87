#include "proto/registry_state.h"

#include <stdlib.h>

static int compare_subjects(const void *left, const void *right)
{
    const struct subject *a = left, *b = right;

    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    int order = ayni_id_compare(&a->record, &b->record);
    if (order == 0)
        order = ayni_id_compare(&a->node, &b->node);
    return order != 0 ? order : ayni_bytes_compare(a->name, b->name);
}

static int order_subject(const void *thing, const void *key)
{
    const struct subject *a = thing, *b = key;

    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return ayni_id_compare(&a->record, &b->record);
}

static bool has_subject(uint32_t type)
{
    return type == AYNI_TYPE_CARD || type == AYNI_TYPE_MEMBER || type == AYNI_TYPE_REVOCATION ||
           type == AYNI_TYPE_STEWARD;
}

/*
 * From the version's own fields; the field of the node is number 1 in all four
 * types. AYNI_E_INVALID where they don't make the record's id; AYNI_E_MEMORY.
 */
static enum ayni_status subject_from_key(const struct ayni_node *root,
                                         const struct ayni_version *version,
                                         struct subject *subject)
{
    struct subject s = { .type = version->type, .record = version->record };
    bool steward = version->type == AYNI_TYPE_STEWARD;
    struct ayni_record derived;
    enum ayni_status status;

    if (!field_id(version, AYNI_FIELD_CARD_NODE, &s.node) ||
        (steward && !field_text(version, AYNI_FIELD_STEWARD_NAME, &s.name)))
        return AYNI_E_INVALID;
    if (steward)
        status = ayni_registry_steward_record(root, &s.node, s.name, &derived);
    else
        status = ayni_registry_node_record(root, version->type, &s.node, &derived);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? AYNI_E_MEMORY : AYNI_E_INVALID;
    if (!ayni_id_equal(&derived, &version->record))
        return AYNI_E_INVALID;
    *subject = s;
    return AYNI_OK;
}

enum ayni_status subjects_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    const struct item_list *items = build->items;
    struct subject *subjects = state_take(registry, items->count, sizeof(*subjects));
    size_t count = 0, kept = 0;

    if (subjects == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < items->count; i++) {
        const struct ayni_version *version = items->items[i]->version;
        if (!has_subject(version->type))
            continue;
        enum ayni_status status = subject_from_key(&registry->root, version, &subjects[count]);
        if (status == AYNI_E_MEMORY)
            return status;
        count += status == AYNI_OK;
    }
    qsort(subjects, count, sizeof(*subjects), compare_subjects);
    for (size_t i = 0; i < count; i++) { /* names that make one key: the lowest spelling stands */
        if (kept > 0 && order_subject(&subjects[kept - 1], &subjects[i]) == 0)
            continue;
        subjects[kept] = subjects[i];
        if (!state_keep(registry, subjects[i].name, &subjects[kept++].name))
            return AYNI_E_MEMORY;
    }
    registry->subjects = subjects;
    registry->subject_count = kept;
    return AYNI_OK;
}

const struct subject *subject_of_record(const struct ayni_registry *registry, uint32_t type,
                                        const struct ayni_record *record)
{
    struct subject key = { .type = type, .record = *record };
    size_t at =
        state_lower(registry->subjects, registry->subject_count, sizeof(key), &key, order_subject);

    if (at == registry->subject_count || order_subject(&registry->subjects[at], &key) != 0)
        return NULL;
    return &registry->subjects[at];
}

bool subject_of(const struct ayni_registry *registry, const struct ayni_version *version,
                struct subject *subject)
{
    if (!has_subject(version->type))
        return false;
    if (field_find(version, AYNI_FIELD_CARD_NODE) != NULL &&
        (version->type != AYNI_TYPE_STEWARD ||
         field_find(version, AYNI_FIELD_STEWARD_NAME) != NULL))
        return subject_from_key(&registry->root, version, subject) == AYNI_OK;

    const struct subject *known = subject_of_record(registry, version->type, &version->record);
    if (known != NULL)
        *subject = *known;
    return known != NULL;
}
