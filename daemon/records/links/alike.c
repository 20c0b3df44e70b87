#include "daemon/records/links/alike.h"

#include <string.h>

#include "proto/text.h"

/* The search of one child. */
struct finding {
    struct reader *reader;
    const struct ayni_record *child;
    struct alike_list *list;
    enum ayni_status status;
};

static bool is_before(const struct alike *one, const struct alike *other)
{
    return one->match.score != other->match.score
               ? one->match.score > other->match.score
               : ayni_id_compare(&one->record, &other->record) < 0;
}

/* In its place among the strongest. */
static void insert(struct alike_list *list, const struct alike *alike)
{
    size_t at = list->count;

    while (at > 0 && is_before(alike, &list->items[at - 1]))
        at--;
    if (at == ALIKE_MAX)
        return;
    if (list->count < ALIKE_MAX)
        list->count++;
    memmove(&list->items[at + 1], &list->items[at], (list->count - at - 1) * sizeof(*alike));
    list->items[at] = *alike;
}

static void note(void *context, const struct likeness_known *other,
                 const struct likeness_match *match)
{
    struct finding *finding = context;
    const struct alike alike = { .record = other->child.record, .match = *match };
    bool decided = true;

    if (finding->status == AYNI_OK)
        finding->status =
            duplicates_decided(finding->reader, finding->child, &alike.record, &decided);
    if (decided)
        return;
    finding->list->total++;
    insert(finding->list, &alike);
}

/* By the first space that has it. */
static enum ayni_status find_names(struct reader *reader, struct alike *alike)
{
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER names = { 0 };
    struct record_key key;
    size_t count = 0;
    enum ayni_status status =
        reader_find(reader, &alike->record, LIKENESS_TYPE_CHILD, NULL, &key, 1, &count);

    if (status != AYNI_OK || count == 0)
        return status;
    status = reader_fold(reader, &key, &state);
    if (status == AYNI_OK)
        status = likeness_put_names(&state, &names);
    if (status == AYNI_OK)
        (void)ayni_text_copy(ayni_buffer_bytes(&names), alike->names, sizeof(alike->names));
    return status;
}

enum ayni_status alike_find(struct likeness_search *search, struct reader *reader,
                            const struct ayni_record *child, struct alike_list *list)
{
    struct finding finding = { .reader = reader, .child = child, .list = list };
    SCOPED_LIKENESS known = { 0 };
    enum ayni_status status = likeness_read(reader, child, &known);

    *list = (struct alike_list){ 0 };
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    status = likeness_find(search, &known, note, &finding, &list->crowded);
    if (status == AYNI_OK)
        status = finding.status;
    for (size_t i = 0; status == AYNI_OK && i < list->count; i++)
        status = find_names(reader, &list->items[i]);
    return status;
}

enum ayni_status alike_children_of(struct reader *reader, const struct record_key *key,
                                   struct ayni_record *children, size_t max, size_t *count)
{
    SCOPED_STATE state = { 0 };
    uint32_t field = LIKENESS_IDENTIFIER_HOLDER;

    *count = 0;
    if (key->type == LIKENESS_TYPE_CHILD && max > 0) {
        children[0] = key->record;
        *count = 1;
        return AYNI_OK;
    }
    if (key->type == LIKENESS_TYPE_GUARDIAN_LINK)
        field = LIKENESS_LINK_CHILD;
    else if (key->type != LIKENESS_TYPE_IDENTIFIER)
        return AYNI_OK;
    enum ayni_status status = reader_fold(reader, key, &state);
    if (status == AYNI_OK && !record_state_gone(&state))
        *count = likeness_references(&state, field, children, max);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

void alike_reason(const struct alike *alike, struct ayni_reason *reason)
{
    static const char *const words[LIKENESS_KEYS] = {
        [LIKENESS_SAME_ID] = N_("this child may be {}: {} has the same number"),
        [LIKENESS_SAME_MOTHER] =
            N_("this child may be {}: {} has the same mother and was born within 3 days"),
        [LIKENESS_SAME_NAMES] = N_("this child may be {}: {} has the same names and birth date"),
        [LIKENESS_NEAR_DATE] =
            N_("this child may be {}: {} has the same names and almost the same birth date"),
        [LIKENESS_NEAR_NAMES] =
            N_("this child may be {}: {} has almost the same names and the same birth date"),
    };
    bool twins = alike->match.verdict == LIKENESS_TWINS;
    const char *message = twins ? N_("this child may be a twin of {}: {}")
                                : words[__builtin_ctz(alike->match.reasons)];
    char id[AYNI_RECORD_TEXT_SIZE];

    ayni_record_text(&alike->record, id);
    ayni_reason_set(reason, "possible_same_child", message);
    ayni_reason_arg_text(reason, id);
    ayni_reason_arg_text(reason, alike->names);
}
