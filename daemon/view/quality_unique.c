#include "daemon/view/quality_unique.h"

#include <string.h>

#include "daemon/records/first_place.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/named_value.h"
#include "daemon/view/quality_record.h"

enum { SLICE = 256, WORD_SIZE = 24 };

/* Whether nobody who is one with the record, and is held here, stands before it. */
static enum ayni_status leads(struct reader *reader, const struct record_key *key, bool *leading)
{
    struct link_component component;
    enum ayni_status status = links_component(reader, &key->record, &component);

    *leading = true;
    for (size_t i = 0; status == AYNI_OK && *leading && i < component.count; i++) {
        struct record_key place;
        size_t count;
        if (ayni_id_compare(&component.members[i], &key->record) >= 0)
            continue;
        status = reader_find(reader, &component.members[i], key->type, NULL, &place, 1, &count);
        *leading = status != AYNI_OK || count == 0;
    }
    return status;
}

enum ayni_status quality_unique_child(struct quality *quality, const struct surveyed *record,
                                      const struct quality_group *group)
{
    char standing[WORD_SIZE];
    bool once = true, leading = false;
    enum ayni_status status = AYNI_OK;

    if (strcmp(record->type->name, "child") != 0 ||
        !named_word(record->type, record->state, "state", standing, sizeof(standing)) ||
        strcmp(standing, "active") != 0)
        return AYNI_OK;
    if (quality->request.space == NULL)
        status = first_place_is(record->reader, &record->state->key, &once);
    if (status == AYNI_OK && once)
        status = leads(record->reader, &record->state->key, &leading);
    if (status == AYNI_OK && once && leading)
        quality_add(quality, QUALITY_UNIQUENESS, group, 1, 1);
    return status;
}

static enum ayni_status count_pair(struct quality *quality, struct reader *reader,
                                   const struct duplicate *pair)
{
    struct quality_group a = { .type = 0 }, b = { .type = 0 };
    bool has_a, has_b = false;
    enum ayni_status status = quality_group_about(quality, reader, &pair->a, &a, &has_a);

    if (status == AYNI_OK)
        status = quality_group_about(quality, reader, &pair->b, &b, &has_b);
    if (status != AYNI_OK)
        return status;
    has_a = has_a && quality_takes(quality, &a);
    has_b = has_b && quality_takes(quality, &b);
    if (has_a)
        quality_add(quality, QUALITY_UNIQUENESS, &a, -1, 0);
    if (has_b && !(has_a && quality_is_one_row(quality, &a, &b)))
        quality_add(quality, QUALITY_UNIQUENESS, &b, -1, 0);
    return AYNI_OK;
}

enum ayni_status quality_unique_pairs(struct quality *quality, struct reader *reader,
                                      const struct duplicates *duplicates, size_t *from)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < SLICE && *from < duplicates->count; i++)
        status = count_pair(quality, reader, &duplicates->list[(*from)++]);
    return status;
}
