#include "daemon/records/import/import_overlay.h"

#include <stdlib.h>

/* --- records --- */

/* Ids are hashes or random at their end. */
static size_t hash_of(const struct record_key *key)
{
    return (size_t)(ayni_get_u64(key->record.bytes + 8) ^ key->type * UINT64_C(0x9E3779B97F4A7C15));
}

static bool same_key(const struct record_key *a, const struct record_key *b)
{
    return a->type == b->type && ayni_id_equal(&a->record, &b->record) &&
           ayni_id_equal(&a->space, &b->space);
}

static struct overlay_entry **slot_of(const struct import_overlay *overlay,
                                      const struct record_key *key)
{
    size_t at = hash_of(key) & (overlay->slot_count - 1);

    while (overlay->slots[at] != NULL && !same_key(&overlay->slots[at]->key, key))
        at = (at + 1) & (overlay->slot_count - 1);
    return &overlay->slots[at];
}

void import_overlay_free(struct import_overlay *overlay)
{
    free(overlay->slots);
    ayni_arena_free(&overlay->memory);
    *overlay = (struct import_overlay){ 0 };
}

struct overlay_entry *import_overlay_find(const struct import_overlay *overlay,
                                          const struct record_key *key)
{
    return overlay->count == 0 ? NULL : *slot_of(overlay, key);
}

static const struct ayni_field *find_field(const struct overlay_entry *entry, uint32_t number)
{
    for (size_t i = 0; i < entry->count; i++)
        if (entry->fields[i].number == number)
            return &entry->fields[i];
    return NULL;
}

struct ayni_bytes import_overlay_value(const struct overlay_entry *entry, uint32_t field)
{
    const struct ayni_field *found = entry == NULL ? NULL : find_field(entry, field);

    return found == NULL ? (struct ayni_bytes){ NULL, 0 } : found->value;
}

/* Half empty at least. */
static enum ayni_status make_room(struct import_overlay *overlay)
{
    struct import_overlay wider = *overlay;

    if (overlay->count * 2 < overlay->slot_count)
        return AYNI_OK;
    wider.slot_count = overlay->slot_count == 0 ? 1024 : overlay->slot_count * 2;
    wider.slots = calloc(wider.slot_count, sizeof(struct overlay_entry *));
    if (wider.slots == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < overlay->slot_count; i++)
        if (overlay->slots[i] != NULL)
            *slot_of(&wider, &overlay->slots[i]->key) = overlay->slots[i];
    free(overlay->slots);
    *overlay = wider;
    return AYNI_OK;
}

static enum ayni_status new_entry(struct import_overlay *overlay, const struct record_key *key,
                                  struct overlay_entry **entry)
{
    struct overlay_entry *made;
    enum ayni_status status = make_room(overlay);

    if (status != AYNI_OK)
        return status;
    made = ayni_arena_zero(&overlay->memory, 1, sizeof(*made));
    if (made == NULL)
        return AYNI_E_MEMORY;
    made->key = *key;
    *slot_of(overlay, key) = made;
    overlay->count++;
    overlay->size += sizeof(*made) + 2 * sizeof(made);
    *entry = made;
    return AYNI_OK;
}

static enum ayni_status reserve(struct import_overlay *overlay, struct overlay_entry *entry,
                                size_t more)
{
    struct ayni_field *wider;

    if (entry->count + more <= entry->capacity)
        return AYNI_OK;
    wider = ayni_arena_take(&overlay->memory, entry->count + more, sizeof(*wider));
    if (wider == NULL)
        return AYNI_E_MEMORY;
    if (entry->count > 0)
        memcpy(wider, entry->fields, entry->count * sizeof(*wider));
    entry->fields = wider;
    entry->capacity = entry->count + more;
    overlay->size += entry->capacity * sizeof(*wider);
    return AYNI_OK;
}

/* Insert by number. There is room. */
static enum ayni_status insert(struct import_overlay *overlay, struct overlay_entry *entry,
                               const struct ayni_field *field)
{
    uint8_t *value = ayni_arena_take(&overlay->memory, field->value.size + 1, 1);
    size_t at = entry->count;

    if (value == NULL)
        return AYNI_E_MEMORY;
    memcpy(value, field->value.data, field->value.size);
    overlay->size += field->value.size + 1;
    for (; at > 0 && entry->fields[at - 1].number > field->number; at--)
        entry->fields[at] = entry->fields[at - 1];
    entry->fields[at] =
        (struct ayni_field){ .number = field->number, .value = { value, field->value.size } };
    entry->count++;
    return AYNI_OK;
}

enum ayni_status import_overlay_add(struct import_overlay *overlay, const struct record_key *key,
                                    const struct ayni_field *fields, size_t count)
{
    struct overlay_entry *entry = import_overlay_find(overlay, key);
    enum ayni_status status = AYNI_OK;

    if (entry == NULL)
        status = new_entry(overlay, key, &entry);
    if (status == AYNI_OK)
        status = reserve(overlay, entry, count);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        if (find_field(entry, fields[i].number) == NULL)
            status = insert(overlay, entry, &fields[i]);
    return status;
}

/* --- ids of rows --- */

struct import_id {
    struct ayni_bytes text;
    uint64_t line; /* 0: the slot is free */
};

void import_ids_free(struct import_ids *ids)
{
    free(ids->slots);
    ayni_arena_free(&ids->memory);
    *ids = (struct import_ids){ 0 };
}

/* FNV-1a. */
static size_t hash_text(struct ayni_bytes text)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ text.data[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32);
}

static struct import_id *id_slot(const struct import_ids *ids, struct ayni_bytes text)
{
    size_t at = hash_text(text) & (ids->slot_count - 1);

    while (ids->slots[at].line != 0 && !ayni_bytes_equal(ids->slots[at].text, text))
        at = (at + 1) & (ids->slot_count - 1);
    return &ids->slots[at];
}

static enum ayni_status make_room_for_id(struct import_ids *ids)
{
    struct import_ids wider = *ids;

    if (ids->count * 2 < ids->slot_count)
        return AYNI_OK;
    wider.slot_count = ids->slot_count == 0 ? 1024 : ids->slot_count * 2;
    wider.slots = calloc(wider.slot_count, sizeof(*wider.slots));
    if (wider.slots == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < ids->slot_count; i++)
        if (ids->slots[i].line != 0)
            *id_slot(&wider, ids->slots[i].text) = ids->slots[i];
    free(ids->slots);
    *ids = wider;
    return AYNI_OK;
}

enum ayni_status import_ids_add(struct import_ids *ids, struct ayni_bytes text, uint64_t line,
                                uint64_t *first)
{
    struct import_id *slot;
    enum ayni_status status = make_room_for_id(ids);

    if (status != AYNI_OK)
        return status;
    slot = id_slot(ids, text);
    if (slot->line == 0) {
        char *copy = ayni_arena_text(&ids->memory, text);
        if (copy == NULL)
            return AYNI_E_MEMORY;
        *slot = (struct import_id){ { (const uint8_t *)copy, text.size }, line };
        ids->count++;
    }
    *first = slot->line;
    return AYNI_OK;
}
