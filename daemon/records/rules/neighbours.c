#include "daemon/records/rules/neighbours.h"

#include <string.h>

#include "daemon/records/links/likeness_child.h"
#include "daemon/records/links/likeness_rows.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"

/* --- what one of them shows --- */

struct ayni_bytes neighbour_value(const struct neighbours *all, const struct neighbour *one,
                                  const char *field)
{
    const struct ayni_catalogue_field *wanted =
        ayni_catalogue_field_named(all->type, ayni_bytes_of_text(field));

    for (size_t i = 0; wanted != NULL && i < one->field_count; i++)
        if (one->fields[i].number == wanted->number && !ayni_cbor_is_null(one->fields[i].value))
            return one->fields[i].value;
    return (struct ayni_bytes){ NULL, 0 };
}

bool neighbour_integer(const struct neighbours *all, const struct neighbour *one, const char *field,
                       int64_t *number)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(neighbour_value(all, one, field));
    int64_t read = ayni_cbor_read_int(&reader);

    if (ayni_cbor_done(&reader) != AYNI_OK)
        return false;
    *number = read;
    return true;
}

bool neighbour_is_true(const struct neighbours *all, const struct neighbour *one, const char *field)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(neighbour_value(all, one, field));

    return ayni_cbor_read_bool(&reader) && ayni_cbor_done(&reader) == AYNI_OK;
}

/* --- finding them --- */

struct finding {
    struct reader *reader;
    const struct ayni_catalogue_type *type;
    uint32_t field;                    /* that names the subject */
    struct link_component one;         /* who is one with the subject */
    const struct ayni_record *subject; /* of these, the one that is looked for */
    struct ayni_arena *memory;
    struct neighbour *items; /* room for NEIGHBOURS_MAX */
    const struct neighbours_besides *besides;
    size_t count;
};

static bool is_known(const struct finding *finding, const struct ayni_record *record)
{
    const struct neighbours_besides *besides = finding->besides;

    if (besides != NULL && besides->has(besides->context, record))
        return true;
    for (size_t i = 0; i < finding->count; i++)
        if (ayni_id_equal(&finding->items[i].record, record))
            return true;
    return false;
}

/* What it shows, in memory that outlives its state. */
static enum ayni_status keep(struct finding *finding, const struct record_state *state)
{
    const struct ayni_folded *folded = &state->folded;
    struct neighbour *to = &finding->items[finding->count];
    size_t size = 0, used = 0;

    for (size_t i = 0; i < folded->field_count; i++)
        size += folded->fields[i].shown.size;
    struct ayni_field *fields =
        ayni_arena_take(finding->memory, folded->field_count + 1, sizeof(*fields));
    uint8_t *values = ayni_arena_take(finding->memory, size + 1, 1);
    if (fields == NULL || values == NULL)
        return AYNI_E_MEMORY;
    *to = (struct neighbour){ .record = state->key.record, .fields = fields };
    for (size_t i = 0; i < folded->field_count; i++) {
        struct ayni_bytes shown = folded->fields[i].shown;
        if (shown.size == 0 || ayni_cbor_is_null(shown))
            continue;
        memcpy(values + used, shown.data, shown.size);
        fields[to->field_count++] =
            (struct ayni_field){ folded->fields[i].number, { values + used, shown.size } };
        used += shown.size;
    }
    finding->count++;
    return AYNI_OK;
}

static enum ayni_status look_at(struct finding *finding, const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    struct ayni_record subject;

    if (is_known(finding, &key->record))
        return AYNI_OK;
    enum ayni_status status = reader_fold(finding->reader, key, &state);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (record_state_gone(&state) || !record_state_reference(&state, finding->field, &subject) ||
        !ayni_id_equal(&subject, finding->subject))
        return AYNI_OK;
    return finding->count == NEIGHBOURS_MAX ? AYNI_E_LIMIT : keep(finding, &state);
}

static enum ayni_status look_in(struct finding *finding, const struct ayni_space *space)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_subject_in(finding->reader, finding->subject, space, finding->type->number, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key))
        status = look_at(finding, &key);
    return status == AYNI_OK ? walk.status : status;
}

/* A copy in memory that lasts; NULL where there is none. */
static void *keep_all(struct ayni_arena *memory, const void *items, size_t count, size_t size)
{
    void *kept = ayni_arena_take(memory, count + 1, size);

    if (kept != NULL && count > 0)
        memcpy(kept, items, count * size);
    return kept;
}

/* What was found, no larger than it is. */
static enum ayni_status give(const struct finding *finding, struct neighbours *found)
{
    const struct neighbour *kept =
        keep_all(finding->memory, finding->items, finding->count, sizeof(*kept));
    const struct ayni_record *subjects =
        keep_all(finding->memory, finding->one.members, finding->one.count, sizeof(*subjects));

    if (kept == NULL || subjects == NULL)
        return AYNI_E_MEMORY;
    *found =
        (struct neighbours){ finding->type, kept, finding->count, subjects, finding->one.count };
    return AYNI_OK;
}

/* Of the one that is looked for, wherever it is. */
static enum ayni_status look_everywhere(struct finding *finding, const struct ayni_space *own)
{
    const struct record_places *places = NULL;
    const uint32_t type = finding->type->number;
    enum ayni_status status = reader_places(finding->reader, &places);

    if (status == AYNI_OK)
        status = look_in(finding, own);
    for (size_t i = 0; status == AYNI_OK && i < places->count; i++)
        if (places->items[i].type == type && !ayni_id_equal(&places->items[i].space, own))
            status = look_in(finding, &places->items[i].space);
    return status;
}

/*
 * Those that a reader holds, with the own space's of what several spaces hold. `found` lives as
 * long as `memory`.
 *
 *   AYNI_E_LIMIT  there are more than NEIGHBOURS_MAX
 */
static enum ayni_status find_all(struct reader *reader, const struct ayni_catalogue_type *type,
                                 const struct ayni_record *subject, const struct ayni_space *own,
                                 const struct neighbours_besides *besides,
                                 struct ayni_arena *memory, struct neighbours *found)
{
    struct neighbour items[NEIGHBOURS_MAX];
    struct finding finding = { .reader = reader,
                               .type = type,
                               .field = type->subject_field,
                               .memory = memory,
                               .items = items,
                               .besides = besides };
    enum ayni_status status = links_component(reader, subject, &finding.one);

    for (size_t i = 0; status == AYNI_OK && i < finding.one.count; i++) {
        finding.subject = &finding.one.members[i];
        status = look_everywhere(&finding, own);
    }
    return status == AYNI_OK ? give(&finding, found) : status;
}

/* Of the one that is looked for: by the rows of births that name her. */
static enum ayni_status look_for_births(struct finding *finding)
{
    uint8_t prefix[LIKENESS_PERSON_ROW_SIZE];
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes row, value;
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    likeness_mother_row(finding->subject, prefix);
    views_cursor_open(reader_views(finding->reader), RECORDS_TABLE_LIKENESS,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (status == AYNI_OK && views_cursor_next(&cursor, &row, &value)) {
        if (row.size != sizeof(prefix) + RECORD_KEY_SIZE)
            continue;
        record_key_decode(row.data + sizeof(prefix), &key);
        status = look_at(finding, &key);
    }
    return status == AYNI_OK ? cursor.status : status;
}

static enum ayni_status find_births(struct reader *reader, const struct ayni_catalogue_type *type,
                                    const struct ayni_record *mother, struct ayni_arena *memory,
                                    struct neighbours *found)
{
    struct neighbour items[NEIGHBOURS_MAX];
    struct finding finding = { .reader = reader,
                               .type = type,
                               .field = LIKENESS_BIRTH_MOTHER,
                               .memory = memory,
                               .items = items };
    enum ayni_status status = links_component(reader, mother, &finding.one);

    for (size_t i = 0; status == AYNI_OK && i < finding.one.count; i++) {
        finding.subject = &finding.one.members[i];
        status = look_for_births(&finding);
    }
    return status == AYNI_OK ? give(&finding, found) : status;
}

/* --- what was found last --- */

void neighbour_cache_begin(struct neighbour_cache *cache, struct reader *reader,
                           const struct ayni_space *space)
{
    *cache = (struct neighbour_cache){ .reader = reader, .space = *space };
}

void neighbour_cache_end(struct neighbour_cache *cache)
{
    for (size_t i = 0; i < NEIGHBOUR_SLOTS; i++)
        ayni_arena_free(&cache->slots[i].memory);
}

static struct neighbour_slot *find_slot(struct neighbour_cache *cache,
                                        const struct ayni_catalogue_type *type,
                                        const struct ayni_record *subject)
{
    for (size_t i = 0; i < NEIGHBOUR_SLOTS; i++)
        if (cache->slots[i].found.type == type && ayni_id_equal(&cache->slots[i].subject, subject))
            return &cache->slots[i];
    return NULL;
}

static struct neighbour_slot *next_slot(struct neighbour_cache *cache,
                                        const struct ayni_record *subject)
{
    struct neighbour_slot *slot = &cache->slots[cache->next];

    cache->next = (cache->next + 1) % NEIGHBOUR_SLOTS;
    ayni_arena_free(&slot->memory);
    *slot = (struct neighbour_slot){ .subject = *subject };
    return slot;
}

static const struct neighbours *found_in(struct neighbour_slot *slot,
                                         const struct ayni_catalogue_type *type,
                                         enum ayni_status status)
{
    slot->known = status == AYNI_OK;
    slot->found.type = type;
    return slot->known ? &slot->found : NULL;
}

const struct ayni_catalogue_type *neighbour_cache_type(const struct neighbour_cache *cache,
                                                       const char *name)
{
    return ayni_catalogue_type_named(reader_charter(cache->reader)->catalogue,
                                     ayni_bytes_of_text(name));
}

const struct neighbours *neighbour_cache_get(struct neighbour_cache *cache,
                                             const struct ayni_catalogue_type *type,
                                             const struct ayni_record *subject,
                                             const struct neighbours_besides *besides)
{
    struct neighbour_slot *slot;

    if (type == NULL || type->subject_field == 0)
        return NULL;
    slot = find_slot(cache, type, subject);
    if (slot != NULL)
        return slot->known ? &slot->found : NULL;
    slot = next_slot(cache, subject);
    return found_in(slot, type,
                    find_all(cache->reader, type, subject, &cache->space, besides, &slot->memory,
                             &slot->found));
}

/* A mother is the subject of no birth, so the slots tell her from a child. */
const struct neighbours *neighbour_cache_births(struct neighbour_cache *cache,
                                                const struct ayni_record *mother)
{
    const struct ayni_catalogue_type *birth = neighbour_cache_type(cache, "birth");
    struct neighbour_slot *slot = birth == NULL ? NULL : find_slot(cache, birth, mother);

    if (birth == NULL)
        return NULL;
    if (slot != NULL)
        return slot->known ? &slot->found : NULL;
    slot = next_slot(cache, mother);
    return found_in(slot, birth,
                    find_births(cache->reader, birth, mother, &slot->memory, &slot->found));
}
