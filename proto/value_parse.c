#include "proto/value_parse.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/set.h"
#include "proto/value_scalar.h"

static enum ayni_status refuse(struct ayni_reason *reason, const char *message,
                               struct ayni_bytes text)
{
    return ayni_reason_refuse(reason, "bad_reference", message, text);
}

/* The target whose name and a colon `text` begins with; that is taken from it. */
static const struct ayni_catalogue_type *named_target(const struct ayni_catalogue *catalogue,
                                                      const struct ayni_catalogue_field *field,
                                                      struct ayni_bytes *text)
{
    const uint8_t *colon = text->size == 0 ? NULL : memchr(text->data, ':', text->size);
    const struct ayni_catalogue_type *type;

    if (colon == NULL)
        return NULL;
    size_t size = (size_t)(colon - text->data);
    type = ayni_catalogue_type_named(catalogue, (struct ayni_bytes){ text->data, size });
    if (type == NULL || !ayni_catalogue_field_targets(field, type->name))
        return NULL;
    *text = (struct ayni_bytes){ colon + 1, text->size - size - 1 };
    return type;
}

static enum ayni_status parse_reference(const struct ayni_value_context *context,
                                        const struct ayni_catalogue_field *field,
                                        struct ayni_bytes text, struct ayni_record *record,
                                        struct ayni_reason *reason)
{
    if (ayni_record_parse(text, record) == AYNI_OK)
        return AYNI_OK;
    if (context->resolve != NULL) {
        enum ayni_status status = context->resolve(context->resolve_context, field, text, record);
        if (status != AYNI_E_NOT_FOUND)
            return status == AYNI_E_INVALID
                       ? refuse(reason, N_("'{}' names more than one record"), text)
                       : status;
    }
    const struct ayni_catalogue_type *target = named_target(context->catalogue, field, &text);
    if (target == NULL && field->target_count > 0)
        target =
            ayni_catalogue_type_named(context->catalogue, ayni_bytes_of_text(field->targets[0]));
    if (target == NULL)
        return refuse(reason, N_("'{}' is not the id of a record"), text);
    return ayni_natural_key_parse(context, target, text, record, reason);
}

static enum ayni_status parse_references(const struct ayni_value_context *context,
                                         const struct ayni_catalogue_field *field,
                                         struct ayni_bytes text, struct ayni_buffer *cbor,
                                         struct ayni_reason *reason)
{
    struct ayni_record records[AYNI_SET_COUNT_MAX];
    struct ayni_bytes items[AYNI_SET_COUNT_MAX];
    size_t count = 0;

    for (struct ayni_bytes word; ayni_set_next(&text, ',', &word); count++) {
        if (count == AYNI_SET_COUNT_MAX)
            return refuse(reason, N_("too many references in one set: from '{}' on"), word);
        enum ayni_status status = parse_reference(context, field, word, &records[count], reason);
        if (status != AYNI_OK)
            return status;
        items[count] = (struct ayni_bytes){ records[count].bytes, sizeof(records[count].bytes) };
    }
    if (count == 0)
        ayni_cbor_put_null(cbor);
    else
        ayni_set_put(cbor, items, count, AYNI_CBOR_BYTES);
    return ayni_buffer_status(cbor);
}

enum ayni_status ayni_value_parse(const struct ayni_value_context *context,
                                  const struct ayni_catalogue_field *field, struct ayni_bytes text,
                                  struct ayni_buffer *cbor, struct ayni_reason *reason)
{
    struct ayni_bytes trimmed = ayni_set_trimmed(text);
    struct ayni_record record;

    if (field->kind.type == AYNI_KIND_REFS)
        return parse_references(context, field, text, cbor, reason);
    if (field->kind.type != AYNI_KIND_REF)
        return ayni_value_scalar_parse(field, text, cbor, reason);
    if (trimmed.size == 0) {
        ayni_cbor_put_null(cbor);
        return ayni_buffer_status(cbor);
    }
    enum ayni_status status = parse_reference(context, field, trimmed, &record, reason);
    if (status != AYNI_OK)
        return status;
    ayni_cbor_put_id(cbor, &record);
    return ayni_buffer_status(cbor);
}
