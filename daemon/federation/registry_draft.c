#include "daemon/federation/registry_draft.h"

#include <stdlib.h>

#include "proto/cbor.h"

void registry_draft_free(struct registry_draft *draft)
{
    free(draft->items);
    free(draft->fields);
    ayni_buffer_free(&draft->values);
    *draft = (struct registry_draft){ 0 };
}

/* Room for one more; false, and the draft has failed, where there is no memory. */
static bool extend(struct registry_draft *draft, void **array, size_t count, size_t *room,
                   size_t size)
{
    if (count < *room)
        return true;
    size_t larger = *room == 0 ? 16 : 2 * *room;
    void *grown = draft->failed ? NULL : realloc(*array, larger * size);
    if (grown == NULL) {
        draft->failed = true;
        return false;
    }
    *array = grown;
    *room = larger;
    return true;
}

void registry_draft_record(struct registry_draft *draft, uint32_t type,
                           const struct ayni_record *record)
{
    if (extend(draft, (void **)&draft->items, draft->item_count, &draft->item_room,
               sizeof(*draft->items)))
        draft->items[draft->item_count++] =
            (struct registry_draft_item){ type, *record, draft->field_count, 0, 0 };
}

void registry_draft_expect(struct registry_draft *draft, size_t versions)
{
    if (draft->item_count > 0)
        draft->items[draft->item_count - 1].expected = versions;
}

/* The value of a new field of the last record is appended to draft->values between these two. */
static size_t begin_field(const struct registry_draft *draft)
{
    return draft->values.size;
}

static void end_field(struct registry_draft *draft, uint32_t number, size_t offset)
{
    if (draft->item_count == 0 || !extend(draft, (void **)&draft->fields, draft->field_count,
                                          &draft->field_room, sizeof(*draft->fields)))
        return;
    draft->fields[draft->field_count++] =
        (struct registry_draft_field){ number, offset, draft->values.size - offset };
    draft->items[draft->item_count - 1].field_count++;
}

void registry_draft_bytes(struct registry_draft *draft, uint32_t field, struct ayni_bytes value)
{
    size_t offset = begin_field(draft);
    ayni_cbor_put_bytes(&draft->values, value);
    end_field(draft, field, offset);
}

void registry_draft_text(struct registry_draft *draft, uint32_t field, struct ayni_bytes value)
{
    size_t offset = begin_field(draft);
    ayni_cbor_put_text(&draft->values, value);
    end_field(draft, field, offset);
}

void registry_draft_word(struct registry_draft *draft, uint32_t field, const char *value)
{
    registry_draft_text(draft, field, ayni_bytes_of_text(value));
}

void registry_draft_uint(struct registry_draft *draft, uint32_t field, uint64_t value)
{
    size_t offset = begin_field(draft);
    ayni_cbor_put_uint(&draft->values, value);
    end_field(draft, field, offset);
}

void registry_draft_bool(struct registry_draft *draft, uint32_t field, bool value)
{
    size_t offset = begin_field(draft);
    ayni_cbor_put_bool(&draft->values, value);
    end_field(draft, field, offset);
}

void registry_draft_set(struct registry_draft *draft, uint32_t field, const char *const *words,
                        size_t count)
{
    size_t offset = begin_field(draft);
    ayni_cbor_put_array(&draft->values, count);
    for (size_t i = 0; i < count; i++)
        ayni_cbor_put_string(&draft->values, words[i]);
    end_field(draft, field, offset);
}

void registry_draft_value(struct registry_draft *draft, uint32_t field, struct ayni_bytes value)
{
    size_t offset = begin_field(draft);
    ayni_buffer_append(&draft->values, value.data, value.size);
    end_field(draft, field, offset);
}

/* `space` and `epoch` are NULL for the identity key. */
static enum ayni_status draft_wrapped_key(struct registry_draft *draft,
                                          const struct ayni_node *root,
                                          const struct ayni_space *space, const uint8_t *epoch,
                                          const struct ayni_node *node,
                                          const uint8_t key[WRAPPED_KEY_SIZE])
{
    enum ayni_key_purpose purpose = space == NULL ? AYNI_KEY_IDENTITY : AYNI_KEY_SPACE;
    SCOPED_BUFFER box = { 0 };
    struct ayni_record record;
    enum ayni_status status =
        ayni_sealed_box_make(node, (struct ayni_bytes){ key, WRAPPED_KEY_SIZE }, &box);

    if (status == AYNI_OK)
        status = ayni_registry_wrapped_key_record(root, purpose, space, epoch, node, &record);
    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_WRAPPED_KEY, &record);
    registry_draft_word(draft, AYNI_FIELD_WRAPPED_KEY_PURPOSE, ayni_key_purpose_name(purpose));
    if (space != NULL) {
        registry_draft_id(draft, AYNI_FIELD_WRAPPED_KEY_SPACE, space);
        registry_draft_bytes(draft, AYNI_FIELD_WRAPPED_KEY_EPOCH, (struct ayni_bytes){ epoch, 16 });
    }
    registry_draft_id(draft, AYNI_FIELD_WRAPPED_KEY_NODE, node);
    registry_draft_bytes(draft, AYNI_FIELD_WRAPPED_KEY_BOX, ayni_buffer_bytes(&box));
    return AYNI_OK;
}

enum ayni_status registry_draft_identity_key(struct registry_draft *draft,
                                             const struct ayni_node *root,
                                             const struct ayni_node *node,
                                             const uint8_t key[WRAPPED_KEY_SIZE])
{
    return draft_wrapped_key(draft, root, NULL, NULL, node, key);
}

enum ayni_status registry_draft_space_key(struct registry_draft *draft,
                                          const struct ayni_node *root,
                                          const struct ayni_space *space, const uint8_t epoch[16],
                                          const struct ayni_node *node,
                                          const uint8_t key[WRAPPED_KEY_SIZE])
{
    return draft_wrapped_key(draft, root, space, epoch, node, key);
}

/* The fields as the author takes them; the caller frees. */
static struct ayni_field *fields_of(const struct registry_draft *draft)
{
    struct ayni_field *fields = calloc(draft->field_count + 1, sizeof(*fields));

    for (size_t i = 0; fields != NULL && i < draft->field_count; i++) {
        const struct registry_draft_field *field = &draft->fields[i];
        fields[i] = (struct ayni_field){ field->number,
                                         { draft->values.data + field->offset, field->size } };
    }
    return fields;
}

enum ayni_status registry_draft_write(const struct registry_draft *draft, struct author *author,
                                      const struct ayni_space *space, const char *steward,
                                      const char *reason, uint8_t lane)
{
    struct author_change *changes = calloc(draft->item_count + 1, sizeof(*changes));
    struct ayni_field *fields = fields_of(draft);
    enum ayni_status status = AYNI_E_MEMORY;

    if (changes != NULL && fields != NULL && !draft->failed && !draft->values.failed) {
        for (size_t i = 0; i < draft->item_count; i++)
            changes[i] = (struct author_change){
                .space = *space,
                .record = draft->items[i].record,
                .type = draft->items[i].type,
                .fields = fields + draft->items[i].first_field,
                .field_count = draft->items[i].field_count,
                .steward = ayni_bytes_of_text(steward),
                .reason = ayni_bytes_of_text(reason),
                .expects = draft->items[i].expected > 0,
                .expected = draft->items[i].expected,
            };
        status = author_write(author, changes, draft->item_count, lane, NULL);
    }
    free(changes);
    free(fields);
    return status;
}
