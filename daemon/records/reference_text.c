#include "daemon/records/reference_text.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/walk.h"
#include "proto/crypto.h"
#include "proto/text.h"

/* Fields of a reference_table, by number: docs/reference-tables.md. */
enum { TYPE_REFERENCE_TABLE = 711 };
enum { FIELD_NAME = 1, FIELD_EDITION, FIELD_PART, FIELD_PARTS, FIELD_CONTENT, FIELD_WHOLE };

/* Of all tables together: what is more isn't looked at. */
enum { TEXTS_MAX = 16 * REFERENCE_TEXT_MAX };

/* --- a text that is made --- */

static bool is_plain(struct ayni_bytes cell)
{
    static const char special[] = { ',', '"', '\n', '\r' };

    for (size_t i = 0; i < cell.size; i++)
        if (memchr(special, cell.data[i], sizeof(special)) != NULL)
            return false;
    return true;
}

enum ayni_status reference_text_add(struct ayni_buffer *text, const struct ayni_bytes *cells,
                                    size_t count)
{
    if (text->size > 0)
        ayni_buffer_append_byte(text, '\n');
    for (size_t i = 0; i < count; i++) {
        if (!is_plain(cells[i]))
            return AYNI_E_INVALID;
        if (i > 0)
            ayni_buffer_append_byte(text, ',');
        ayni_buffer_append(text, cells[i].data, cells[i].size);
    }
    if (text->size > REFERENCE_TEXT_MAX)
        return AYNI_E_LIMIT;
    return ayni_buffer_status(text);
}

struct ayni_bytes reference_text_part(struct ayni_bytes *rest)
{
    struct ayni_bytes part = *rest;
    size_t next = rest->size;

    if (part.size > REFERENCE_PART_MAX) {
        size_t end = REFERENCE_PART_MAX;
        while (end > 0 && part.data[end] != '\n')
            end--;
        part.size = end > 0 ? end : REFERENCE_PART_MAX;
        next = part.size + (end > 0);
    }
    rest->data += next;
    rest->size -= next;
    return part;
}

/* --- parts that are held --- */

struct part {
    char name[REFERENCE_NAME_SIZE], edition[REFERENCE_EDITION_SIZE];
    int64_t number, parts;
    struct ayni_hash whole;
    struct ayni_bytes content;
    struct ayni_node node;
    struct ayni_instant time;
};

struct holding {
    struct ayni_arena memory; /* of the contents */
    struct part *parts;
    size_t count, capacity;
    size_t size; /* of the contents */
};

static void holding_free(struct holding *holding)
{
    ayni_arena_free(&holding->memory);
    free(holding->parts);
}
#define SCOPED_HOLDING __attribute__((cleanup(holding_free))) struct holding

/* As it lies in the record; false where it is no part. The content is lent. */
static bool read_part(const struct record_state *state, struct part *part)
{
    const struct ayni_fold_item *newest = record_state_newest(state);
    struct ayni_cbor_reader whole = ayni_cbor_reader(record_state_value(state, FIELD_WHOLE));
    struct ayni_bytes name, edition;

    if (record_state_gone(state) || !record_state_text(state, FIELD_NAME, &name) ||
        !record_state_text(state, FIELD_EDITION, &edition) ||
        !record_state_integer(state, FIELD_PART, &part->number) ||
        !record_state_integer(state, FIELD_PARTS, &part->parts) ||
        !record_state_text(state, FIELD_CONTENT, &part->content) ||
        !ayni_text_copy(name, part->name, sizeof(part->name)) ||
        !ayni_text_copy(edition, part->edition, sizeof(part->edition)))
        return false;
    struct ayni_bytes hash = ayni_cbor_read_bytes(&whole);
    if (ayni_cbor_done(&whole) != AYNI_OK || hash.size != sizeof(part->whole.bytes))
        return false;
    memcpy(part->whole.bytes, hash.data, hash.size);
    part->node = newest->node;
    part->time = newest->time;
    return true;
}

static enum ayni_status keep_part(struct holding *holding, const struct part *part)
{
    if (holding->size + part->content.size > TEXTS_MAX)
        return AYNI_E_LIMIT;
    if (holding->count == holding->capacity) {
        size_t capacity = holding->capacity == 0 ? 64 : 2 * holding->capacity;
        struct part *grown = realloc(holding->parts, capacity * sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        holding->parts = grown;
        holding->capacity = capacity;
    }
    struct part *kept = &holding->parts[holding->count++];
    *kept = *part;
    kept->content.data = (const uint8_t *)ayni_arena_text(&holding->memory, part->content);
    holding->size += part->content.size;
    return ayni_arena_status(&holding->memory);
}

/* By name, the last edition first, in the order of the parts. */
static int compare_parts(const void *a, const void *b)
{
    const struct part *first = a, *second = b;
    int order = strcmp(first->name, second->name);

    if (order == 0)
        order = strcmp(second->edition, first->edition);
    if (order == 0)
        order = (first->number > second->number) - (first->number < second->number);
    return order;
}

/* All parts of the table; of all tables where `name` is NULL. */
static enum ayni_status gather(struct reader *reader, const char *name, struct holding *holding)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(reader, &reader_charter(reader)->registry_space, TYPE_REFERENCE_TABLE, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        struct part part;
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_OK && read_part(&state, &part) &&
            (name == NULL || strcmp(name, part.name) == 0))
            status = keep_part(holding, &part);
        else if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    if (holding->count > 0)
        qsort(holding->parts, holding->count, sizeof(*holding->parts), compare_parts);
    return status == AYNI_OK ? walk.status : status;
}

/* --- an edition of them --- */

/* How many of the parts from `first` on are of its edition. */
static size_t edition_count(const struct holding *holding, size_t first)
{
    const struct part *parts = &holding->parts[first];
    size_t count = 1;

    while (first + count < holding->count && strcmp(parts[count].name, parts->name) == 0 &&
           strcmp(parts[count].edition, parts->edition) == 0)
        count++;
    return count;
}

/*
 * The text of `count` parts of an edition: AYNI_E_NOT_FOUND where it isn't whole. Parts of a text
 * that was longer before, under the same name, are passed over.
 */
static enum ayni_status join(const struct part *parts, size_t count, struct ayni_buffer *text)
{
    if (parts->number != 1 || parts->parts < 1 || (uint64_t)parts->parts > count)
        return AYNI_E_NOT_FOUND;
    ayni_buffer_clear(text);
    for (int64_t i = 0; i < parts->parts; i++) {
        if (parts[i].number != i + 1)
            return AYNI_E_NOT_FOUND;
        if (i > 0)
            ayni_buffer_append_byte(text, '\n');
        ayni_buffer_append(text, parts[i].content.data, parts[i].content.size);
    }
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(text));
    if (memcmp(hash.bytes, parts->whole.bytes, sizeof(hash.bytes)) != 0)
        return AYNI_E_NOT_FOUND;
    return ayni_buffer_status(text);
}

static uint64_t count_lines(const struct part *parts, size_t count)
{
    uint64_t lines = 0;

    for (size_t i = 0; i < count; i++) {
        lines++;
        for (size_t j = 0; j < parts[i].content.size; j++)
            lines += parts[i].content.data[j] == '\n';
    }
    return lines > 0 && parts->number == 1 ? lines - 1 : lines;
}

static struct reference_edition edition_of(const struct part *parts, size_t count)
{
    struct reference_edition edition = { .lines = count_lines(parts, count) };

    memcpy(edition.name, parts->name, sizeof(edition.name));
    memcpy(edition.edition, parts->edition, sizeof(edition.edition));
    for (size_t i = 0; i < count; i++)
        if (parts[i].time.ms >= edition.time.ms) {
            edition.time = parts[i].time;
            edition.node = parts[i].node;
        }
    return edition;
}

enum ayni_status reference_text_list(struct reader *reader, struct reference_edition **editions,
                                     size_t *count)
{
    SCOPED_HOLDING holding = { 0 };
    SCOPED_BUFFER text = { 0 };
    enum ayni_status status = gather(reader, NULL, &holding);

    *count = 0;
    *editions = calloc(holding.count + 1, sizeof(**editions));
    if (*editions == NULL)
        return AYNI_E_MEMORY;
    for (size_t at = 0, size; status == AYNI_OK && at < holding.count; at += size) {
        struct reference_edition *edition = &(*editions)[(*count)++];
        size = edition_count(&holding, at);
        *edition = edition_of(&holding.parts[at], size);
        status = join(&holding.parts[at], size, &text);
        edition->whole = status == AYNI_OK;
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    return status;
}

enum ayni_status reference_text_load(struct reader *reader, const char *name,
                                     struct ayni_buffer *text)
{
    SCOPED_HOLDING holding = { 0 };
    enum ayni_status status = gather(reader, name, &holding);

    if (status != AYNI_OK)
        return status;
    status = AYNI_E_NOT_FOUND;
    for (size_t at = 0, size; status == AYNI_E_NOT_FOUND && at < holding.count; at += size) {
        size = edition_count(&holding, at);
        status = join(&holding.parts[at], size, text);
    }
    return status;
}
