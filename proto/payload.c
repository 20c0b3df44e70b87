#include "proto/payload.h"

#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/limits.h"

enum {
    PAYLOAD_ITEMS = 6,

    META_STEWARD = 1,
    META_ORIGIN = 2,
    META_REASON = 3,
    META_ACT = 4,
    META_SOURCE_DAY = 5,
    META_WITHDRAWS = 6,
    META_ERASES_SEEN = 7,
};

/* --- encoding --- */

static struct ayni_bytes view_of_id(const void *bytes, size_t size)
{
    return (struct ayni_bytes){ bytes, size };
}

static void put_fields(const struct ayni_version *version, struct ayni_buffer *to)
{
    ayni_cbor_put_map(to, version->field_count);
    for (size_t i = 0; i < version->field_count; i++) {
        const struct ayni_field *field = &version->fields[i];
        ayni_cbor_put_uint(to, field->number);
        ayni_buffer_append(to, field->value.data, field->value.size);
    }
}

static void put_meta_text(struct ayni_buffer *to, uint64_t number, struct ayni_bytes text)
{
    if (text.size == 0)
        return;
    ayni_cbor_put_uint(to, number);
    ayni_cbor_put_text(to, text);
}

static void put_origin(const struct ayni_version *version, struct ayni_buffer *to)
{
    if (version->origin.size == 0)
        return;
    ayni_cbor_put_uint(to, META_ORIGIN);
    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_text(to, version->origin_organisation);
    ayni_cbor_put_text(to, version->origin);
}

static void put_withdraws(const struct ayni_version *version, struct ayni_buffer *to)
{
    if (!version->has_withdraws)
        return;
    ayni_cbor_put_uint(to, META_WITHDRAWS);
    ayni_entry_name_put(&version->withdraws, to);
}

static void put_erases_seen(const struct ayni_version *version, struct ayni_buffer *to)
{
    if (version->erases_seen_count == 0)
        return;
    ayni_cbor_put_uint(to, META_ERASES_SEEN);
    ayni_cbor_put_array(to, version->erases_seen_count);
    for (size_t i = 0; i < version->erases_seen_count; i++)
        ayni_cbor_put_id(to, &version->erases_seen[i]);
}

static size_t meta_count(const struct ayni_version *version)
{
    return (size_t)(version->steward.size != 0) + (version->origin.size != 0) +
           (version->reason.size != 0) + (version->act != AYNI_ACT_EDIT) + version->has_source_day +
           version->has_withdraws + (version->erases_seen_count != 0) + version->unknown_meta_count;
}

static void put_meta(const struct ayni_version *version, struct ayni_buffer *to)
{
    ayni_cbor_put_map(to, meta_count(version));
    put_meta_text(to, META_STEWARD, version->steward);
    put_origin(version, to);
    put_meta_text(to, META_REASON, version->reason);
    if (version->act != AYNI_ACT_EDIT) {
        ayni_cbor_put_uint(to, META_ACT);
        ayni_cbor_put_uint(to, version->act);
    }
    if (version->has_source_day) {
        ayni_cbor_put_uint(to, META_SOURCE_DAY);
        ayni_cbor_put_int(to, version->source_day);
    }
    put_withdraws(version, to);
    put_erases_seen(version, to);
    ayni_buffer_append(to, version->unknown_meta.data, version->unknown_meta.size);
}

void ayni_version_encode(const struct ayni_version *version, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, PAYLOAD_ITEMS);
    ayni_cbor_put_bytes(to, view_of_id(version->salt, sizeof(version->salt)));
    ayni_cbor_put_id(to, &version->record);
    ayni_cbor_put_uint(to, version->type);
    ayni_context_put(version->seen, version->seen_count, to);
    put_fields(version, to);
    put_meta(version, to);
}

/* --- decoding --- */

/* Room for `count` things, NULL (and a failed reader) where there is no memory; NULL for none. */
static void *room_for(struct ayni_cbor_reader *reader, size_t count, size_t size)
{
    if (reader->status != AYNI_OK || count == 0)
        return NULL;
    void *room = calloc(count, size);
    if (room == NULL)
        ayni_cbor_fail(reader, AYNI_E_MEMORY);
    return room;
}

static uint32_t read_u32(struct ayni_cbor_reader *reader)
{
    uint64_t value = ayni_cbor_read_uint(reader);

    if (value > UINT32_MAX)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return (uint32_t)value;
}

/* The mark of deletion is true or null and nothing else; other fields' kinds are the catalogue's.
 */
static bool is_deletion_mark(struct ayni_bytes value)
{
    return ayni_cbor_is_true(value) || ayni_cbor_is_null(value);
}

static void read_fields(struct ayni_cbor_reader *reader, struct ayni_version *version)
{
    size_t count = ayni_cbor_read_map(reader);

    if (count > AYNI_FIELDS_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    version->fields = room_for(reader, count, sizeof(*version->fields));
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        struct ayni_field *field = &version->fields[i];
        field->number = read_u32(reader);
        field->value = ayni_cbor_read_raw(reader);
        if (i > 0 && field->number <= field[-1].number)
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        if (field->number == 0 && !is_deletion_mark(field->value))
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        version->field_count++;
    }
}

static void read_origin(struct ayni_cbor_reader *reader, struct ayni_version *version)
{
    if (ayni_cbor_read_array(reader) != 2)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    version->origin_organisation = ayni_cbor_read_text(reader);
    version->origin = ayni_cbor_read_some_text(reader);
}

static void read_erases_seen(struct ayni_cbor_reader *reader, struct ayni_version *version)
{
    size_t count = ayni_cbor_read_array(reader);

    /* Each takes 9 bytes: a count that the payload can't hold asks for no memory. */
    if (count == 0 || count > reader->input.size / 9)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    version->erases_seen = room_for(reader, count, sizeof(*version->erases_seen));
    if (version->erases_seen == NULL)
        return;
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        struct ayni_chain_prefix *erase = &version->erases_seen[i];
        ayni_cbor_read_id(reader, erase);
        if (i > 0 && ayni_id_compare(erase - 1, erase) >= 0)
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        version->erases_seen_count++;
    }
}

static void read_act(struct ayni_cbor_reader *reader, struct ayni_version *version)
{
    version->act = ayni_cbor_read_uint(reader);
    if (version->act == AYNI_ACT_EDIT) /* which is said by leaving it out */
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

/* A pair of a newer edition, from `start` on: kept as it came. Such pairs are the last and lie
 * together. */
static void keep_unknown_meta(struct ayni_cbor_reader *reader, size_t start,
                              struct ayni_version *version)
{
    (void)ayni_cbor_read_raw(reader);
    if (version->unknown_meta_count++ == 0)
        version->unknown_meta.data = reader->input.data + start;
    version->unknown_meta.size =
        (size_t)(reader->input.data + reader->position - version->unknown_meta.data);
}

static void read_meta_value(struct ayni_cbor_reader *reader, uint64_t number, size_t start,
                            struct ayni_version *version)
{
    switch (number) {
    case META_STEWARD:
        version->steward = ayni_cbor_read_some_text(reader);
        break;
    case META_ORIGIN:
        read_origin(reader, version);
        break;
    case META_REASON:
        version->reason = ayni_cbor_read_some_text(reader);
        break;
    case META_ACT:
        read_act(reader, version);
        break;
    case META_SOURCE_DAY:
        version->source_day = ayni_cbor_read_int(reader);
        version->has_source_day = true;
        break;
    case META_WITHDRAWS:
        ayni_entry_name_read(reader, &version->withdraws);
        version->has_withdraws = true;
        break;
    case META_ERASES_SEEN:
        read_erases_seen(reader, version);
        break;
    default:
        keep_unknown_meta(reader, start, version);
        break;
    }
}

static void read_meta(struct ayni_cbor_reader *reader, struct ayni_version *version)
{
    size_t count = ayni_cbor_read_map(reader);
    uint64_t before = 0;

    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        size_t start = reader->position;
        uint64_t number = ayni_cbor_read_uint(reader);
        if (number <= before) { /* from 1 on, ascending, and so none is read twice */
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
            return;
        }
        before = number;
        read_meta_value(reader, number, start, version);
    }
}

/* What a withdrawal must and others mustn't have; of acts to come nothing is asked. */
static bool act_fits(const struct ayni_version *version)
{
    switch (version->act) {
    case AYNI_ACT_EDIT:
    case AYNI_ACT_RESOLUTION:
        return !version->has_withdraws;
    case AYNI_ACT_WITHDRAWAL:
        return version->has_withdraws && version->field_count == 0;
    default:
        return true;
    }
}

static struct ayni_cbor_reader begin_reading(struct ayni_bytes payload,
                                             struct ayni_version *version)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(payload);

    if (payload.size > AYNI_PAYLOAD_SIZE_MAX)
        ayni_cbor_fail(&reader, AYNI_E_LIMIT);
    if (ayni_cbor_read_array(&reader) != PAYLOAD_ITEMS)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    ayni_cbor_read_into(&reader, version->salt, sizeof(version->salt));
    ayni_cbor_read_id(&reader, &version->record);
    version->type = read_u32(&reader);
    return reader;
}

/* A payload is whole: bytes that end early are as malformed as others. */
static enum ayni_status settled(enum ayni_status status)
{
    return status == AYNI_E_TRUNCATED ? AYNI_E_MALFORMED : status;
}

enum ayni_status ayni_version_decode(struct ayni_bytes payload, struct ayni_version *version)
{
    struct ayni_version read = { 0 };
    struct ayni_cbor_reader reader = begin_reading(payload, &read);

    ayni_context_read(&reader, &read.seen, &read.seen_count);
    read_fields(&reader, &read);
    read_meta(&reader, &read);
    enum ayni_status status = settled(ayni_cbor_done(&reader));
    if (status == AYNI_OK && !act_fits(&read))
        status = AYNI_E_MALFORMED;
    if (status != AYNI_OK) {
        ayni_version_free(&read);
        return status;
    }
    *version = read;
    return AYNI_OK;
}

void ayni_version_free(struct ayni_version *version)
{
    free(version->seen);
    free(version->fields);
    free(version->erases_seen);
    *version = (struct ayni_version){ 0 };
}

enum ayni_status ayni_version_peek(struct ayni_bytes payload, struct ayni_record *record,
                                   uint32_t *type)
{
    struct ayni_version read = { 0 };
    struct ayni_cbor_reader reader = begin_reading(payload, &read);

    if (reader.status != AYNI_OK)
        return settled(reader.status);
    *record = read.record;
    *type = read.type;
    return AYNI_OK;
}

/* --- of what is known --- */

static void skim_fields(struct ayni_cbor_reader *reader, struct ayni_buffer *fields)
{
    size_t count = ayni_cbor_read_map(reader);

    if (count > AYNI_FIELDS_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    ayni_buffer_clear(fields);
    struct ayni_field *field =
        reader->status == AYNI_OK
            ? (struct ayni_field *)ayni_buffer_extend(fields, count * sizeof(*field))
            : NULL;
    if (field == NULL) {
        ayni_cbor_fail(reader, AYNI_E_MEMORY);
        return;
    }
    for (const struct ayni_field *end = field + count; field < end; field++) {
        field->number = read_u32(reader);
        field->value = ayni_cbor_read_known(reader);
    }
}

static void skim_meta(struct ayni_cbor_reader *reader, struct ayni_version_skim *skim)
{
    size_t count = ayni_cbor_read_map(reader);

    skim->steward = (struct ayni_bytes){ 0 };
    skim->act = AYNI_ACT_EDIT;
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        uint64_t number = ayni_cbor_read_uint(reader);
        if (number == META_STEWARD)
            skim->steward = ayni_cbor_read_text(reader);
        else if (number == META_ACT)
            skim->act = ayni_cbor_read_uint(reader);
        else
            (void)ayni_cbor_read_known(reader);
    }
}

enum ayni_status ayni_version_skim(struct ayni_bytes payload, struct ayni_version_skim *skim)
{
    struct ayni_version read = { 0 };
    struct ayni_cbor_reader reader = begin_reading(payload, &read);

    (void)ayni_cbor_read_known(&reader); /* the context */
    skim->record = read.record;
    skim->type = read.type;
    skim_fields(&reader, &skim->fields);
    skim_meta(&reader, skim);
    return settled(ayni_cbor_done(&reader));
}

void ayni_version_skim_free(struct ayni_version_skim *skim)
{
    ayni_buffer_free(&skim->fields);
    *skim = (struct ayni_version_skim){ 0 };
}

bool ayni_field_deletes(const struct ayni_field *field)
{
    return field->number == 0 && ayni_cbor_is_true(field->value);
}

bool ayni_version_is_manual(const struct ayni_version *version)
{
    return version->origin.size == 0 ||
           ayni_bytes_equal(version->origin, ayni_bytes_of_text("manual"));
}

struct ayni_bytes ayni_version_meta(const struct ayni_version *version, uint64_t number)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(version->unknown_meta);

    for (size_t i = 0; i < version->unknown_meta_count && reader.status == AYNI_OK; i++) {
        uint64_t at = ayni_cbor_read_uint(&reader);
        struct ayni_bytes value = ayni_cbor_read_raw(&reader);
        if (reader.status == AYNI_OK && at == number)
            return value;
    }
    return (struct ayni_bytes){ 0 };
}
