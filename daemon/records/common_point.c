#include "daemon/records/common_point.h"

/* So many of a record's versions are looked at: one that is contested without end has no end of
 * them. */
enum { VERSIONS_MAX = 1000, SINCE_SIZE_MAX = 64 * 1024 /* of the values, in one answer */ };

static const struct ayni_field *field_of(const struct ayni_version *version, uint32_t number)
{
    for (size_t i = 0; i < version->field_count; i++)
        if (version->fields[i].number == number)
            return &version->fields[i];
    return NULL;
}

/* What two versions alone fold to says whether the one had seen the other. */
static enum ayni_status replaces(struct reader *reader, const struct ayni_fold_item *by,
                                 const struct ayni_fold_item *what, uint32_t number, bool *so)
{
    const struct ayni_fold_item two[] = { *by, *what };
    struct ayni_folded folded;
    const struct ayni_folded_field *field;
    enum ayni_status status = reader_fold_items(reader, two, 2, &folded);

    if (status != AYNI_OK)
        return status;
    field = ayni_folded_field(&folded, number);
    *so = field != NULL && field->alternative_count == 1 &&
          field->alternatives[0].item_count == 1 && field->alternatives[0].items[0] == 0;
    ayni_folded_free(&folded);
    return AYNI_OK;
}

static enum ayni_status all_replace(struct reader *reader, const struct record_state *state,
                                    const struct ayni_folded_field *field, size_t at, bool *so)
{
    enum ayni_status status = AYNI_OK;

    *so = true;
    for (size_t i = 0; status == AYNI_OK && *so && i < field->alternative_count; i++)
        status = replaces(reader, &state->items[field->alternatives[i].items[0]], &state->items[at],
                          field->number, so);
    return status;
}

enum ayni_status common_point_find(struct reader *reader, const struct record_state *state,
                                   const struct ayni_folded_field *field,
                                   struct common_point *point)
{
    size_t looked = 0;

    *point = (struct common_point){ .item = NULL };
    for (size_t i = state->count; i > 0 && looked < VERSIONS_MAX; i--, looked++) {
        const struct ayni_fold_item *item = &state->items[i - 1];
        const struct ayni_field *set = field_of(item->version, field->number);
        bool so;
        if (!item->valid || state->folded.withdrawn[i - 1] || set == NULL)
            continue;
        enum ayni_status status = all_replace(reader, state, field, i - 1, &so);
        if (status != AYNI_OK)
            return status;
        if (so) {
            *point = (struct common_point){ item, set->value };
            return AYNI_OK;
        }
    }
    return AYNI_OK;
}

/* Whether who wrote the common point had seen it, or had written it. */
static enum ayni_status is_before(struct reader *reader, const struct common_point *point,
                                  const struct ayni_fold_item *item, uint32_t number, bool *so)
{
    *so = item == point->item;
    return point->item == NULL || *so ? AYNI_OK : replaces(reader, point->item, item, number, so);
}

static void turn_round(struct common_since *since)
{
    for (size_t i = 0; i < since->count / 2; i++) {
        size_t j = since->count - 1 - i;
        const struct ayni_fold_item *item = since->items[i];
        struct ayni_bytes value = since->values[i];
        bool withdrawn = since->withdrawn[i];
        since->items[i] = since->items[j];
        since->values[i] = since->values[j];
        since->withdrawn[i] = since->withdrawn[j];
        since->items[j] = item;
        since->values[j] = value;
        since->withdrawn[j] = withdrawn;
    }
}

enum ayni_status common_since_find(struct reader *reader, const struct record_state *state,
                                   const struct ayni_folded_field *field,
                                   const struct common_point *point, struct common_since *since)
{
    size_t looked = 0, size = 0;

    since->count = 0;
    for (size_t i = state->count; i > 0 && looked < VERSIONS_MAX && since->count < COMMON_SINCE_MAX;
         i--, looked++) {
        const struct ayni_fold_item *item = &state->items[i - 1];
        const struct ayni_field *set = field_of(item->version, field->number);
        bool before;
        if (!item->valid || set == NULL)
            continue;
        enum ayni_status status = is_before(reader, point, item, field->number, &before);
        if (status != AYNI_OK)
            return status;
        if (before)
            continue;
        size += set->value.size;
        if (size > SINCE_SIZE_MAX)
            break;
        since->items[since->count] = item;
        since->values[since->count] = set->value;
        since->withdrawn[since->count++] = state->folded.withdrawn[i - 1];
    }
    turn_round(since);
    return AYNI_OK;
}
