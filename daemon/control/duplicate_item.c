#include "daemon/control/duplicate_item.h"

void duplicate_item_match(struct ayni_control_writer *item, const struct likeness_match *match)
{
    ayni_control_put_int(item, "score", match->score);
    ayni_control_open_array(item, "reasons");
    for (unsigned key = 0; key < LIKENESS_KEYS; key++)
        if ((match->reasons & 1u << key) != 0)
            ayni_control_put_text(item, NULL, likeness_key_names[key]);
    ayni_control_close(item);
    ayni_control_put_text(item, "verdict", likeness_verdict_name(match->verdict));
}

/* Whether anything has changed by which children are told. */
static bool tells(const struct edit_result *result)
{
    if (result->created || result->key.type != LIKENESS_TYPE_CHILD)
        return result->created || result->changed_count > 0;
    for (size_t i = 0; i < result->changed_count; i++)
        if (likeness_tells(result->changed[i]))
            return true;
    return false;
}

static void warn(const struct alike *alike, const struct ayni_record *child,
                 struct complaints *warnings)
{
    struct complaint *warning = complaints_add(warnings);
    char one[AYNI_RECORD_TEXT_SIZE], other[AYNI_RECORD_TEXT_SIZE];
    struct ayni_reason reason;

    if (warning == NULL)
        return;
    ayni_record_text(child, one);
    ayni_record_text(&alike->record, other);
    alike_reason(alike, &reason);
    (void)complain_why(warning, AYNI_OK, &reason);
    complain_hint(warning,
                  N_("one child: `ayni link {} {} --reason ...`; two: `ayni distinct {} {}`"), one,
                  other, one, other, NULL);
}

static enum ayni_status find(const struct records *records, const struct record_key *key,
                             struct ayni_record *child, struct alike_list *list)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;
    size_t count = 0;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = alike_children_of(reader, key, child, 1, &count);
    if (status == AYNI_OK && count > 0)
        status = likeness_search_new(reader, &likeness_at_entry, &search);
    return status == AYNI_OK && count > 0 ? alike_find(search, reader, child, list) : status;
}

void duplicate_item_warn(const struct records *records, struct edit_result *result,
                         struct alike_list *list)
{
    struct ayni_record child;

    *list = (struct alike_list){ 0 };
    if (!tells(result) || find(records, &result->key, &child, list) != AYNI_OK)
        return;
    for (size_t i = 0; i < list->count; i++)
        warn(&list->items[i], &child, &result->warnings);
}

void duplicate_item_alike(struct ayni_control_writer *item, const struct alike_list *list)
{
    if (list->count == 0)
        return;
    ayni_control_open_array(item, "alike");
    for (size_t i = 0; i < list->count; i++) {
        ayni_control_open_object(item, NULL);
        ayni_control_put_record(item, "id", &list->items[i].record);
        duplicate_item_match(item, &list->items[i].match);
        ayni_control_close(item);
    }
    ayni_control_close(item);
}
