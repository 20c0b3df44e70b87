#include "daemon/records/import/import_neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "proto/cbor.h"

/* --- what earlier rows have written --- */

struct import_subject {
    bool used;
    uint32_t type; /* of the records about it */
    struct ayni_record subject;
    const struct overlay_entry **written; /* up to NEIGHBOURS_MAX + 1: then there are too many */
    size_t count, room;
};

void import_subjects_free(struct import_subjects *subjects)
{
    free(subjects->slots);
    ayni_arena_free(&subjects->memory);
    *subjects = (struct import_subjects){ 0 };
}

static struct import_subject *slot_of(const struct import_subjects *subjects, uint32_t type,
                                      const struct ayni_record *subject)
{
    uint64_t hash = ayni_get_u64(subject->bytes + 8) ^ type * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)hash & (subjects->slot_count - 1);

    while (subjects->slots[at].used && (subjects->slots[at].type != type ||
                                        !ayni_id_equal(&subjects->slots[at].subject, subject)))
        at = (at + 1) & (subjects->slot_count - 1);
    return &subjects->slots[at];
}

static const struct import_subject *find(const struct import_subjects *subjects, uint32_t type,
                                         const struct ayni_record *subject)
{
    return subjects->count == 0 ? NULL : slot_of(subjects, type, subject);
}

/* Half empty at least. */
static enum ayni_status make_room(struct import_subjects *subjects)
{
    struct import_subjects wider = *subjects;

    if (subjects->count * 2 < subjects->slot_count)
        return AYNI_OK;
    wider.slot_count = subjects->slot_count == 0 ? 1024 : subjects->slot_count * 2;
    wider.slots = calloc(wider.slot_count, sizeof(*wider.slots));
    if (wider.slots == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < subjects->slot_count; i++)
        if (subjects->slots[i].used)
            *slot_of(&wider, subjects->slots[i].type, &subjects->slots[i].subject) =
                subjects->slots[i];
    free(subjects->slots);
    wider.size += (wider.slot_count - subjects->slot_count) * sizeof(*wider.slots);
    *subjects = wider;
    return AYNI_OK;
}

static enum ayni_status widen(struct import_subjects *subjects, struct import_subject *slot)
{
    size_t room = slot->room == 0 ? 2 : slot->room * 2;
    const struct overlay_entry **wider =
        (const struct overlay_entry **)ayni_arena_take(&subjects->memory, room, sizeof(*wider));

    if (wider == NULL)
        return AYNI_E_MEMORY;
    if (slot->count > 0)
        memcpy((void *)wider, (const void *)slot->written, slot->count * sizeof(*wider));
    subjects->size += room * sizeof(*wider);
    slot->written = wider;
    slot->room = room;
    return AYNI_OK;
}

static enum ayni_status add_written(struct import_subjects *subjects, struct import_subject *slot,
                                    const struct overlay_entry *entry)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < slot->count; i++)
        if (slot->written[i] == entry)
            return AYNI_OK;
    if (slot->count > NEIGHBOURS_MAX)
        return AYNI_OK;
    if (slot->count == slot->room)
        status = widen(subjects, slot);
    if (status == AYNI_OK)
        slot->written[slot->count++] = entry;
    return status;
}

static bool read_subject(const struct import_draft *draft, struct ayni_record *subject)
{
    struct ayni_cbor_reader reader =
        ayni_cbor_reader(import_draft_value(draft, draft->plan->type->subject_field));

    ayni_cbor_read_id(&reader, subject);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

enum ayni_status import_subjects_note(struct import_subjects *subjects,
                                      const struct import_draft *draft,
                                      const struct overlay_entry *entry)
{
    const struct ayni_catalogue_type *type = draft->plan->type;
    struct ayni_record subject;
    struct import_subject *slot;

    if (draft->change_count == 0 || type->subject_field == 0 || entry == NULL ||
        !read_subject(draft, &subject))
        return AYNI_OK;
    enum ayni_status status = make_room(subjects);
    if (status != AYNI_OK)
        return status;
    slot = slot_of(subjects, type->number, &subject);
    if (!slot->used) {
        *slot = (struct import_subject){ .used = true, .type = type->number, .subject = subject };
        subjects->count++;
    }
    return add_written(subjects, slot, entry);
}

/* --- all together --- */

/* Whether an earlier row made it: then what is held of it is what that row said. */
static bool was_made(const void *context, const struct ayni_record *record)
{
    const struct import_subject *earlier = context;

    for (size_t i = 0; i < earlier->count; i++)
        if (earlier->written[i]->made && ayni_id_equal(&earlier->written[i]->key.record, record))
            return true;
    return false;
}

/* Those that are held, and what is added to them, in memory of the company's. */
struct joining {
    const struct import_company *company;
    struct neighbour *items;
    size_t count, room;
    bool failed;
};

/* What is said later, over what was there; both by number. */
static void lay_over(struct joining *joining, struct neighbour *to, const struct ayni_field *fields,
                     size_t count)
{
    struct ayni_field *both =
        ayni_arena_take(joining->company->memory, to->field_count + count + 1, sizeof(*both));
    size_t was = 0, says = 0, used = 0;

    joining->failed = joining->failed || both == NULL;
    if (both == NULL)
        return;
    while (was < to->field_count || says < count) {
        bool later = says < count &&
                     (was == to->field_count || fields[says].number <= to->fields[was].number);
        was += later && was < to->field_count && to->fields[was].number == fields[says].number;
        both[used] = later ? fields[says++] : to->fields[was++];
        used += !ayni_cbor_is_null(both[used].value);
    }
    to->fields = both;
    to->field_count = used;
}

static void join(struct joining *joining, const struct ayni_record *record,
                 const struct ayni_field *fields, size_t count)
{
    size_t i = 0;

    while (i < joining->count && !ayni_id_equal(&joining->items[i].record, record))
        i++;
    if (i == joining->room) {
        joining->failed = true;
        return;
    }
    if (i == joining->count)
        joining->items[joining->count++] = (struct neighbour){ .record = *record };
    lay_over(joining, &joining->items[i], fields, count);
}

/* Whether it is another record of the row, of that type and about that subject. */
static bool is_about(const struct import_company *company, const struct import_draft *draft,
                     const struct neighbours *held)
{
    struct ayni_record about;

    if (draft == company->itself || !draft->present ||
        draft->plan->type->number != held->type->number || !read_subject(draft, &about))
        return false;
    for (size_t i = 0; i < held->subject_count; i++)
        if (ayni_id_equal(&about, &held->subjects[i]))
            return true;
    return false;
}

/* As it is: nobody has said anything of it before. */
static void join_made(struct joining *joining, const struct overlay_entry *entry)
{
    joining->items[joining->count++] = (struct neighbour){
        .record = entry->key.record,
        .fields = entry->fields,
        .field_count = entry->count,
    };
}

/* What earlier rows have said of one of those who are one. Of the one who was asked for, those that
 * they made aren't among what is held. */
static void join_earlier(struct joining *joining, const struct import_subject *earlier,
                         bool is_asked)
{
    for (size_t i = 0; earlier != NULL && i < earlier->count; i++) {
        const struct overlay_entry *entry = earlier->written[i];
        if (is_asked && entry->made)
            join_made(joining, entry);
        else
            join(joining, &entry->key.record, entry->fields, entry->count);
    }
}

static void join_all(struct joining *joining, const struct neighbours *held,
                     const struct ayni_record *subject)
{
    const struct import_company *company = joining->company;

    for (size_t i = 0; i < held->subject_count; i++)
        join_earlier(joining, find(company->subjects, held->type->number, &held->subjects[i]),
                     ayni_id_equal(&held->subjects[i], subject));
    for (size_t i = 0; i < company->draft_count; i++)
        if (is_about(company, &company->drafts[i], held))
            join(joining, &company->drafts[i].key.record, company->drafts[i].changes,
                 company->drafts[i].change_count);
}

/* How many records earlier rows and this one may add. */
static size_t count_added(const struct import_company *company, const struct neighbours *held)
{
    size_t count = 0;

    for (size_t i = 0; i < held->subject_count; i++) {
        const struct import_subject *earlier =
            find(company->subjects, held->type->number, &held->subjects[i]);
        count += earlier == NULL ? 0 : earlier->count;
    }
    for (size_t i = 0; i < company->draft_count; i++)
        count += is_about(company, &company->drafts[i], held);
    return count;
}

static const struct neighbours *join_held(const struct import_company *company,
                                          const struct neighbours *held,
                                          const struct ayni_record *subject)
{
    const size_t added = count_added(company, held);
    struct joining joining = { .company = company, .room = held->count + added };
    struct neighbours *joined;

    if (added == 0)
        return held;
    joining.items = ayni_arena_take(company->memory, joining.room, sizeof(*joining.items));
    joined = ayni_arena_take(company->memory, 1, sizeof(*joined));
    if (joining.items == NULL || joined == NULL || joining.room > NEIGHBOURS_MAX)
        return NULL;
    if (held->count > 0)
        memcpy(joining.items, held->items, held->count * sizeof(*held->items));
    joining.count = held->count;
    join_all(&joining, held, subject);
    *joined = *held;
    joined->items = joining.items;
    joined->count = joining.count;
    return joining.failed ? NULL : joined;
}

static const struct neighbours *find_all(const struct import_company *company, const char *type,
                                         const struct ayni_record *subject)
{
    const struct ayni_catalogue_type *wanted = neighbour_cache_type(company->held, type);
    const struct import_subject *earlier =
        wanted == NULL ? NULL : find(company->subjects, wanted->number, subject);
    const struct neighbours_besides made = { was_made, earlier };
    const struct neighbours *held =
        neighbour_cache_get(company->held, wanted, subject, earlier == NULL ? NULL : &made);

    return held == NULL ? NULL : join_held(company, held, subject);
}

const struct neighbours *import_neighbours(struct import_company *company, const char *type,
                                           const struct ayni_record *subject)
{
    const struct import_joined *known = company->joined;
    const struct neighbours *all;

    for (size_t i = 0; i < company->joined_count; i++)
        if (ayni_id_equal(&known[i].subject, subject) && strcmp(known[i].type, type) == 0)
            return known[i].all;
    all = find_all(company, type, subject);
    if (company->joined_count < IMPORT_JOINED_MAX)
        company->joined[company->joined_count++] = (struct import_joined){ type, *subject, all };
    return all;
}
