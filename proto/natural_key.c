#include "proto/natural_key.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/value_check.h"
#include "proto/value_scalar.h"

/* Keys within keys: a schedule rule's names its rule set. */
enum { DEPTH_MAX = 4 };

/* What stands before the next colon, or all of it for the last part; taken from `rest`. */
static struct ayni_bytes take_part(struct ayni_bytes *rest, bool last)
{
    const uint8_t *colon = last || rest->size == 0 ? NULL : memchr(rest->data, ':', rest->size);
    size_t size = colon == NULL ? rest->size : (size_t)(colon - rest->data);
    struct ayni_bytes part = { rest->data, size };

    size += colon != NULL;
    *rest = (struct ayni_bytes){ rest->data + size, rest->size - size };
    return part;
}

/* The key that ids of the type are derived with; NULL where it isn't here. */
static const uint8_t *deriving_key(const struct ayni_value_context *context, uint32_t type)
{
    return ayni_derived_id_uses_root_key(type) ? context->root_key : context->identity_key;
}

static enum ayni_status no_key(struct ayni_reason *reason)
{
    ayni_reason_set(reason, "identity_key_missing",
                    N_("this node hasn't got the federation's identity key yet"));
    return AYNI_E_RIGHT;
}

static bool scheme_known(const struct ayni_catalogue *catalogue, struct ayni_bytes scheme)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(catalogue, ayni_bytes_of_text("identifier"));
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field_named(type, ayni_bytes_of_text("scheme"));

    return scheme.size > 0 && (field == NULL || ayni_catalogue_code_named(field, scheme) != NULL);
}

/* `dni:99000001` */
static enum ayni_status identifier_key(const struct ayni_value_context *context,
                                       const struct ayni_catalogue_type *type,
                                       struct ayni_bytes *rest, bool last,
                                       struct ayni_record *record, struct ayni_reason *reason)
{
    const uint8_t *key = deriving_key(context, type->number);
    struct ayni_bytes scheme = take_part(rest, false), value = take_part(rest, last);

    if (!scheme_known(context->catalogue, scheme))
        return ayni_reason_refuse(reason, "bad_reference", N_("'{}' is no scheme of identifiers"),
                                  scheme);
    if (!ayni_scheme_fits(ayni_scheme_of(scheme), value)) {
        (void)ayni_reason_refuse(reason, "bad_document", N_("'{}' is not of the form of {}"),
                                 value);
        ayni_reason_arg(reason, scheme);
        return AYNI_E_INVALID;
    }
    if (key == NULL)
        return no_key(reason);
    enum ayni_status status =
        ayni_derived_id_of_identifier(key, type->number, scheme, value, record);
    return status == AYNI_E_MALFORMED
               ? ayni_reason_refuse(reason, "bad_text", N_("'{}' is not UTF-8"), value)
               : status;
}

static enum ayni_status take_key(const struct ayni_value_context *context,
                                 const struct ayni_catalogue_type *type, struct ayni_bytes *rest,
                                 bool last, int depth, struct ayni_record *record,
                                 struct ayni_reason *reason);

/* A part that refers to a record: its UUID, or its own key. */
static enum ayni_status take_reference(const struct ayni_value_context *context,
                                       const struct ayni_catalogue_field *field,
                                       struct ayni_bytes *rest, bool last, int depth,
                                       struct ayni_buffer *value, struct ayni_reason *reason)
{
    const struct ayni_catalogue_type *target = NULL;
    struct ayni_bytes ahead = *rest, part = take_part(&ahead, last);
    enum ayni_status status = AYNI_OK;
    struct ayni_record record;

    if (field->target_count > 0)
        target =
            ayni_catalogue_type_named(context->catalogue, ayni_bytes_of_text(field->targets[0]));
    if (ayni_record_parse(part, &record) == AYNI_OK)
        *rest = ahead;
    else if (target != NULL && depth < DEPTH_MAX)
        status = take_key(context, target, rest, last, depth + 1, &record, reason);
    else
        status =
            ayni_reason_refuse(reason, "bad_reference", N_("'{}' is not the id of a record"), part);
    if (status == AYNI_OK)
        ayni_cbor_put_id(value, &record);
    return status;
}

/* One part that is a value of its field. */
static enum ayni_status take_value(const struct ayni_catalogue_field *field,
                                   struct ayni_bytes *rest, bool last, struct ayni_buffer *value,
                                   struct ayni_reason *reason)
{
    struct ayni_bytes part = take_part(rest, last);

    if (part.size == 0)
        return ayni_reason_refuse(reason, "bad_reference", N_("the key's part {} is missing"),
                                  ayni_bytes_of_text(field->name));
    enum ayni_status status = ayni_value_scalar_parse(field, part, value, reason);
    return status != AYNI_OK ? status : ayni_value_check(field, ayni_buffer_bytes(value), reason);
}

static void free_values(struct ayni_buffer *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ayni_buffer_free(&values[i]);
}

/* The parts of a key of fields, each in a buffer of its own. */
static enum ayni_status take_values(const struct ayni_value_context *context,
                                    const struct ayni_catalogue_type *type, struct ayni_bytes *rest,
                                    bool last, int depth,
                                    struct ayni_buffer values[AYNI_KEY_FIELDS_MAX],
                                    struct ayni_reason *reason)
{
    for (size_t i = 0; i < type->key_count; i++) {
        const struct ayni_catalogue_field *field = ayni_catalogue_field(type, type->key[i]);
        bool last_part = last && i + 1 == type->key_count;
        enum ayni_status status;
        if (field == NULL)
            return ayni_reason_refuse(reason, "bad_reference", N_("{} has a key of unknown fields"),
                                      ayni_bytes_of_text(type->name));
        if (field->kind.type == AYNI_KIND_REF)
            status = take_reference(context, field, rest, last_part, depth, &values[i], reason);
        else
            status = take_value(field, rest, last_part, &values[i], reason);
        if (status != AYNI_OK)
            return status;
    }
    return AYNI_OK;
}

static enum ayni_status fields_key(const struct ayni_value_context *context,
                                   const struct ayni_catalogue_type *type, struct ayni_bytes *rest,
                                   bool last, int depth, struct ayni_record *record,
                                   struct ayni_reason *reason)
{
    const uint8_t *key = deriving_key(context, type->number);
    struct ayni_buffer values[AYNI_KEY_FIELDS_MAX] = { 0 };
    struct ayni_bytes items[AYNI_KEY_FIELDS_MAX];

    enum ayni_status status = take_values(context, type, rest, last, depth, values, reason);
    if (status == AYNI_OK && key == NULL)
        status = no_key(reason);
    for (size_t i = 0; i < type->key_count; i++)
        items[i] = ayni_buffer_bytes(&values[i]);
    if (status == AYNI_OK)
        status = ayni_derived_id(key, type->number, items, type->key_count, record);
    free_values(values, type->key_count);
    return status;
}

static enum ayni_status take_key(const struct ayni_value_context *context,
                                 const struct ayni_catalogue_type *type, struct ayni_bytes *rest,
                                 bool last, int depth, struct ayni_record *record,
                                 struct ayni_reason *reason)
{
    if (type->key_is_identifier)
        return identifier_key(context, type, rest, last, record, reason);
    if (type->key_count > 0)
        return fields_key(context, type, rest, last, depth, record, reason);
    return ayni_reason_refuse(reason, "bad_reference", N_("{} has no natural key: use its id"),
                              ayni_bytes_of_text(type->name));
}

enum ayni_status ayni_natural_key_parse(const struct ayni_value_context *context,
                                        const struct ayni_catalogue_type *type,
                                        struct ayni_bytes text, struct ayni_record *record,
                                        struct ayni_reason *reason)
{
    struct ayni_bytes rest = text;
    struct ayni_record found;
    enum ayni_status status = take_key(context, type, &rest, true, 0, &found, reason);

    if (status == AYNI_OK && rest.size > 0)
        status =
            ayni_reason_refuse(reason, "bad_reference", N_("'{}' is too much for a key"), rest);
    if (status == AYNI_OK)
        *record = found;
    return status;
}
