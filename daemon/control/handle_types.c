/* types: the catalogue. */
#include <stdio.h>

#include "daemon/control/commands.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"

static const char *label(const struct control_call *call, const char *es, const char *en)
{
    return strcmp(call_language(call), "en") == 0 ? en : es;
}

static void put_words(struct ayni_control_writer *item, const char *key, const char *const *words,
                      size_t count)
{
    ayni_control_open_array(item, key);
    for (size_t i = 0; i < count; i++)
        ayni_control_put_text(item, NULL, words[i]);
    ayni_control_close(item);
}

static void put_type(struct ayni_control_writer *item, const struct control_call *call,
                     const struct charter *charter, const struct ayni_catalogue_type *type)
{
    static const char *const by_identifier[] = { "identifier" };

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "type", type->name);
    ayni_control_put_int(item, "number", type->number);
    ayni_control_put_text(item, "label", label(call, type->label_es, type->label_en));
    put_words(item, "subjects", type->subjects, type->subject_count);
    if (type->key_is_identifier)
        put_words(item, "key", by_identifier, 1);
    else
        record_item_field_names(item, "key", charter, type->number, type->key, type->key_count);
    ayni_control_put_text(item, "class", ayni_class_name(type->class));
    ayni_control_put_int(item, "fields", (int64_t)type->field_count);
    ayni_control_close(item);
}

static enum ayni_status send_types(struct control_call *call, const struct charter *charter)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < charter->catalogue->type_count; i++) {
        if (charter->catalogue->types[i].retired)
            continue;
        put_type(call_item(call), call, charter, &charter->catalogue->types[i]);
        status = call_send(call);
    }
    return status;
}

/* --- one type --- */

static void put_bound(struct ayni_control_writer *item, const char *key,
                      const struct ayni_catalogue_field *field, bool has, int64_t bound)
{
    struct ayni_catalogue_field whole = *field;
    SCOPED_BUFFER value = { 0 };

    if (!has) {
        ayni_control_put_null(item, key);
        return;
    }
    ayni_cbor_put_int(&value, bound);
    if (field->kind.type == AYNI_KIND_TEXT || field->kind.type == AYNI_KIND_ID)
        whole.kind.type = AYNI_KIND_INT; /* a count of characters */
    record_item_value(item, key, &whole, ayni_buffer_bytes(&value));
}

static void put_codes(struct ayni_control_writer *item, const struct ayni_catalogue_field *field)
{
    size_t count;
    const struct ayni_catalogue_code *codes = ayni_catalogue_codes(field, &count);

    ayni_control_open_array(item, "codes");
    for (size_t i = 0; i < count; i++)
        if (!codes[i].retired)
            ayni_control_put_text(item, NULL, codes[i].word);
    ayni_control_close(item);
}

static void put_field(struct ayni_control_writer *item, const struct control_call *call,
                      const struct ayni_catalogue_field *field)
{
    char kind[AYNI_KIND_TEXT_SIZE], merge[RECORD_ITEM_RULE_SIZE];

    ayni_kind_text(&field->kind, kind);
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "field", field->name);
    ayni_control_put_int(item, "number", field->number);
    ayni_control_put_text(item, "kind", kind);
    ayni_control_put_text(item, "unit", field->unit);
    put_bound(item, "minimum", field, field->has_minimum, field->minimum);
    put_bound(item, "maximum", field, field->has_maximum, field->maximum);
    ayni_control_put_bool(item, "required", field->required);
    put_codes(item, field);
    put_words(item, "targets", field->targets, field->target_count);
    record_item_rule_text(&field->merge, merge);
    ayni_control_put_text(item, "merge", merge);
    ayni_control_put_text(item, "read", ayni_class_name(field->read));
    ayni_control_put_text(item, "label", label(call, field->label_es, field->label_en));
    ayni_control_close(item);
}

static enum ayni_status handle_types(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_catalogue_type *type;
    const char *name;
    enum ayni_status status = call_text_or(call, "type", NULL, &name);

    if (status != AYNI_OK)
        return status;
    if (name == NULL)
        return send_types(call, charter);
    status = names_type(charter, name, &type, call_complaint(call));
    for (size_t i = 0; status == AYNI_OK && i < type->field_count; i++) {
        if (type->fields[i].retired)
            continue;
        put_field(call_item(call), call, &type->fields[i]);
        status = call_send(call);
    }
    return status;
}

const struct control_command control_types_commands[] = {
    { "types", handle_types, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
