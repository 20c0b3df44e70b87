#include "daemon/control/record_item.h"

#include <stdio.h>

#include "daemon/control/named_item.h"
#include "daemon/records/names.h"
#include "proto/set.h"
#include "proto/value_text.h"

/* --- values --- */

static void put_raw(struct ayni_control_writer *item, const char *key, struct ayni_bytes cbor)
{
    ayni_control_put_hash(item, key, cbor);
}

static void put_int(struct ayni_control_writer *item, const char *key, const struct ayni_kind *kind,
                    int64_t value)
{
    switch (kind->type) {
    case AYNI_KIND_DEC:
        ayni_control_put_decimal(item, key, value, kind->scale);
        return;
    case AYNI_KIND_DATE:
        ayni_control_put_day(item, key, value);
        return;
    case AYNI_KIND_MONTH:
        ayni_control_put_month(item, key, value);
        return;
    case AYNI_KIND_TIME:
        ayni_control_put_time(item, key, value);
        return;
    default:
        ayni_control_put_int(item, key, value);
    }
}

/* Members of a set, texts or ids of records, as people expect them: by their characters. */
static void put_set(struct ayni_control_writer *item, const char *key, const struct ayni_kind *kind,
                    struct ayni_bytes set)
{
    bool references = kind->type == AYNI_KIND_REFS;
    struct ayni_bytes members[AYNI_SET_COUNT_MAX];
    size_t count = 0;

    if (ayni_set_sorted(set, references ? AYNI_CBOR_BYTES : AYNI_CBOR_TEXT, members, &count) !=
        AYNI_OK)
        count = 0; /* cannot be: the value is of its field's kind */
    ayni_control_open_array(item, key);
    for (size_t i = 0; i < count; i++) {
        if (references)
            ayni_control_put_record(item, NULL, (const struct ayni_record *)members[i].data);
        else
            ayni_control_put_string(item, NULL, members[i]);
    }
    ayni_control_close(item);
}

static void put_bytes(struct ayni_control_writer *item, const char *key,
                      const struct ayni_kind *kind, struct ayni_bytes value)
{
    if (kind->type == AYNI_KIND_REF && value.size == sizeof(struct ayni_record))
        ayni_control_put_record(item, key, (const struct ayni_record *)value.data);
    else if (kind->type == AYNI_KIND_NODE && value.size == sizeof(struct ayni_node))
        ayni_control_put_node(item, key, (const struct ayni_node *)value.data);
    else
        put_raw(item, key, value);
}

/* A value that is of its field's kind. */
static void put_typed(struct ayni_control_writer *item, const char *key,
                      const struct ayni_kind *kind, struct ayni_bytes cbor, struct ayni_bytes text)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    switch (kind->type) {
    case AYNI_KIND_TEXT:
    case AYNI_KIND_CODE:
    case AYNI_KIND_ID:
        ayni_control_put_string(item, key, ayni_cbor_read_text(&reader));
        return;
    case AYNI_KIND_SET:
    case AYNI_KIND_IDS:
    case AYNI_KIND_REFS:
        put_set(item, key, kind, cbor);
        return;
    case AYNI_KIND_BOOL:
        ayni_control_put_bool(item, key, ayni_cbor_read_bool(&reader));
        return;
    case AYNI_KIND_POINT:
        ayni_control_put_string(item, key, text);
        return;
    case AYNI_KIND_REF:
    case AYNI_KIND_HASH:
    case AYNI_KIND_NODE:
    case AYNI_KIND_BYTES:
        put_bytes(item, key, kind, ayni_cbor_read_bytes(&reader));
        return;
    default:
        put_int(item, key, kind, ayni_cbor_read_int(&reader));
    }
}

void record_item_value(struct ayni_control_writer *item, const char *key,
                       const struct ayni_catalogue_field *field, struct ayni_bytes cbor)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    SCOPED_BUFFER text = { 0 };

    if (cbor.size == 0 || ayni_cbor_peek(&reader) == AYNI_CBOR_NULL)
        ayni_control_put_null(item, key);
    else if (field == NULL || ayni_value_text(field, cbor, &text) != AYNI_OK)
        put_raw(item, key, cbor);
    else
        put_typed(item, key, &field->kind, cbor, ayni_buffer_bytes(&text));
}

static void put_named(struct ayni_control_writer *item, const struct charter *charter,
                      uint32_t type, uint32_t number, struct ayni_bytes value)
{
    const struct ayni_catalogue_type *known = ayni_catalogue_type(charter->catalogue, type);
    char name[NAMES_SIZE];

    names_of_field(charter, type, number, name);
    record_item_value(item, name, known == NULL ? NULL : ayni_catalogue_field(known, number),
                      value);
}

void record_item_fields(struct ayni_control_writer *item, const struct charter *charter,
                        const struct record_state *state)
{
    ayni_control_open_object(item, "fields");
    for (size_t i = 0; i < state->folded.field_count; i++) {
        uint32_t number = state->folded.fields[i].number;
        struct ayni_bytes value = record_state_value(state, number);
        if (value.size > 0)
            put_named(item, charter, state->key.type, number, value);
    }
    ayni_control_close(item);
}

void record_item_version_fields(struct ayni_control_writer *item, const struct charter *charter,
                                const struct ayni_version *version)
{
    ayni_control_open_object(item, "fields");
    for (size_t i = 0; i < version->field_count; i++)
        put_named(item, charter, version->type, version->fields[i].number,
                  version->fields[i].value);
    ayni_control_close(item);
}

/* --- what was seen --- */

void record_item_entry_text(const struct ayni_feed_prefix *feed, uint64_t seq, char *text)
{
    char hex[2 * sizeof(feed->bytes) + 1];

    ayni_hex_text((struct ayni_bytes){ feed->bytes, sizeof(feed->bytes) }, hex);
    snprintf(text, RECORD_ITEM_ENTRY_SIZE, "%s:%llu", hex, (unsigned long long)seq);
}

void record_item_seen(struct ayni_control_writer *item, const char *key,
                      const struct ayni_fold_item *version)
{
    struct ayni_feed_prefix own = ayni_feed_prefix_of(&version->feed);
    char text[RECORD_ITEM_ENTRY_SIZE];

    ayni_control_open_array(item, key);
    for (size_t i = 0; i < version->version->seen_count; i++) {
        const struct ayni_seen *seen = &version->version->seen[i];
        record_item_entry_text(seen->own ? &own : &seen->feed, seen->seq, text);
        ayni_control_put_text(item, NULL, text);
    }
    ayni_control_close(item);
}

/* --- alternatives --- */

void record_item_said(struct ayni_control_writer *item, const struct charter *charter,
                      const struct ayni_fold_item *said)
{
    named_item_node(item, charter, &said->node);
    ayni_control_put_string(item, "steward", said->version->steward);
    ayni_control_put_instant(item, "time", said->time);
    if (!ayni_version_is_manual(said->version))
        ayni_control_put_string(item, "origin", said->version->origin);
    if (said->version->act == AYNI_ACT_RESOLUTION)
        ayni_control_put_text(item, "act", "resolution");
}

/* The value stands before it. */
static void put_said(struct ayni_control_writer *item, const struct charter *charter,
                     const struct ayni_fold_item *said, bool with_seen)
{
    record_item_said(item, charter, said);
    if (with_seen)
        record_item_seen(item, "seen", said);
}

void record_item_rule_text(const struct ayni_merge_rule *rule, char *text)
{
    static const char *const names[] = {
        [AYNI_MERGE_REVIEW] = "review", [AYNI_MERGE_LATEST] = "latest",
        [AYNI_MERGE_MAX] = "max",       [AYNI_MERGE_MIN] = "min",
        [AYNI_MERGE_UNION] = "union",   [AYNI_MERGE_AUTHORITY] = "authority:",
    };
    bool has_role = rule->merge == AYNI_MERGE_AUTHORITY;

    snprintf(text, RECORD_ITEM_RULE_SIZE, "%s%.*s", names[rule->merge],
             has_role ? (int)rule->role.size : 0, has_role ? (const char *)rule->role.data : "");
}

void record_item_alternatives(struct ayni_control_writer *item, const char *key,
                              const struct charter *charter, const struct record_state *state,
                              const struct ayni_folded_field *field, bool with_seen)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);

    ayni_control_open_array(item, key);
    for (size_t i = 0; i < field->alternative_count; i++) {
        const struct ayni_alternative *alternative = &field->alternatives[i];
        ayni_control_open_object(item, NULL);
        ayni_control_put_int(item, "n", (int64_t)i + 1);
        record_item_value(item, "value",
                          type == NULL ? NULL : ayni_catalogue_field(type, field->number),
                          alternative->value);
        put_said(item, charter, &state->items[alternative->items[0]], with_seen);
        ayni_control_close(item);
    }
    ayni_control_close(item);
}

/* It is shown alive: that is the first alternative, the deletion the second. */
static void put_deletion(struct ayni_control_writer *item, const struct charter *charter,
                         const struct record_state *state, bool with_seen)
{
    const size_t said[] = { state->folded.keeps, state->folded.deletes };

    ayni_control_open_array(item, "_deleted");
    for (int deleted = 0; deleted < 2; deleted++) {
        ayni_control_open_object(item, NULL);
        ayni_control_put_int(item, "n", deleted + 1);
        ayni_control_put_bool(item, "value", deleted == 1);
        put_said(item, charter, &state->items[said[deleted]], with_seen);
        ayni_control_close(item);
    }
    ayni_control_close(item);
}

void record_item_contested(struct ayni_control_writer *item, const char *key,
                           const struct charter *charter, const struct record_state *state,
                           bool with_seen)
{
    char name[NAMES_SIZE];

    ayni_control_open_object(item, key);
    if (state->folded.delete_contested)
        put_deletion(item, charter, state, with_seen);
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (!field->contested || state->folded.deleted)
            continue;
        names_of_field(charter, state->key.type, field->number, name);
        record_item_alternatives(item, name, charter, state, field, with_seen);
    }
    ayni_control_close(item);
}

/* --- names --- */

void record_item_key(struct ayni_control_writer *item, const struct charter *charter,
                     const struct record_key *key, bool space)
{
    char name[NAMES_SIZE];

    ayni_control_put_record(item, "id", &key->record);
    names_of_type(charter, key->type, name);
    ayni_control_put_text(item, "type", name);
    if (!space)
        return;
    named_item_space(item, charter, &key->space);
}

void record_item_field_names(struct ayni_control_writer *item, const char *key,
                             const struct charter *charter, uint32_t type, const uint32_t *fields,
                             size_t count)
{
    char name[NAMES_SIZE];

    ayni_control_open_array(item, key);
    for (size_t i = 0; i < count; i++) {
        names_of_field(charter, type, fields[i], name);
        ayni_control_put_text(item, NULL, name);
    }
    ayni_control_close(item);
}
