#include "daemon/records/catalogue_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_rows.h"
#include "proto/catalogue_builder.h"
#include "proto/record_id.h"
#include "proto/value_check.h"
#include "proto/value_parse.h"

extern const unsigned char embedded_catalogue_ecd_1[];
extern const size_t embedded_catalogue_ecd_1_size;

struct catalogue_file_memory {
    struct json_form form;
    struct ayni_arena arena;
    struct catalogue_rows rows;
};

struct ayni_bytes catalogue_file_first_edition(void)
{
    return (struct ayni_bytes){ embedded_catalogue_ecd_1, embedded_catalogue_ecd_1_size };
}

void catalogue_file_free(struct catalogue_file *file)
{
    ayni_catalogue_free(file->catalogue);
    if (file->memory != NULL) {
        json_form_close(&file->memory->form);
        ayni_arena_free(&file->memory->arena);
        ayni_buffer_free(&file->memory->rows.rows);
        free(file->memory);
    }
    *file = (struct catalogue_file){ 0 };
}

static enum ayni_status build(struct catalogue_file *file)
{
    SCOPED_CATALOGUE_BUILDER builder = ayni_catalogue_builder_new();
    enum ayni_status status = builder == NULL ? AYNI_E_MEMORY : AYNI_OK;

    for (size_t i = 0; i < file->row_count && status == AYNI_OK; i++)
        status = ayni_catalogue_builder_add(builder, &file->rows[i]);
    return status == AYNI_OK ? ayni_catalogue_build(builder, &file->catalogue) : status;
}

static bool names_a_type(const struct ayni_catalogue *catalogue, const char *name)
{
    return strcmp(name, "any") == 0 ||
           ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(name)) != NULL;
}

static void verify_codes(const struct json_at *root, const struct ayni_catalogue_type *type,
                         const struct ayni_catalogue_field *field)
{
    bool takes_codes = field->kind.type == AYNI_KIND_CODE || field->kind.type == AYNI_KIND_SET;
    size_t count;

    (void)ayni_catalogue_codes(field, &count);
    if (takes_codes != (count > 0))
        json_form_fail(root, "%s.%s: codes belong to code and set, and are never none", type->name,
                       field->name);
    for (size_t i = 0; i < field->code_count; i++) {
        const struct ayni_catalogue_code *code = &field->codes[i];
        if (code->label_es == code->word)
            json_form_fail(root, "%s.%s: the word \"%s\" has no labels", type->name, field->name,
                           code->word);
    }
}

/* What a row says of others: names of types and lists, words that need labels. */
static void verify_type(const struct json_at *root, const struct ayni_catalogue *catalogue,
                        const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; i < type->subject_count; i++) {
        if (!names_a_type(catalogue, type->subjects[i]))
            json_form_fail(root, "%s: no type \"%s\" for its subject", type->name,
                           type->subjects[i]);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct ayni_catalogue_field *field = &type->fields[i];
        verify_codes(root, type, field);
        for (size_t j = 0; j < field->target_count; j++) {
            if (!names_a_type(catalogue, field->targets[j]))
                json_form_fail(root, "%s.%s: no type \"%s\" to refer to", type->name, field->name,
                               field->targets[j]);
        }
    }
}

/* A value of a record of the edition: a text, or an object that is kept as its JSON. */
static struct ayni_bytes read_value(const struct ayni_value_context *context,
                                    const struct ayni_catalogue_field *field,
                                    const struct json_at *at, struct ayni_arena *memory)
{
    SCOPED_BUFFER json = { 0 }, cbor = { 0 };
    struct ayni_bytes text;
    struct ayni_reason reason;

    if (json_form_is_object(at)) {
        json_form_append(at, &json);
        text = ayni_buffer_bytes(&json);
    } else {
        text = json_form_text(at);
    }
    enum ayni_status status = ayni_value_parse(context, field, text, &cbor, &reason);
    if (status == AYNI_OK)
        status = ayni_value_check(field, ayni_buffer_bytes(&cbor), &reason);
    if (status != AYNI_OK)
        json_form_fail(at, "not a value of the field (%s)",
                       status == AYNI_E_MEMORY ? "memory" : reason.code);
    return (struct ayni_bytes){ (uint8_t *)ayni_arena_text(memory, ayni_buffer_bytes(&cbor)),
                                cbor.size };
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = ((const struct ayni_field *)a)->number;
    uint32_t y = ((const struct ayni_field *)b)->number;

    return (x > y) - (x < y);
}

static void verify_required(const struct json_at *at, const struct ayni_catalogue_type *type,
                            const struct ayni_field *fields, size_t count)
{
    for (size_t i = 0; i < type->field_count; i++) {
        bool given = false;
        for (size_t j = 0; j < count; j++)
            given = given || fields[j].number == type->fields[i].number;
        if (type->fields[i].required && !given)
            json_form_fail(at, "\"%s\" is missing", type->fields[i].name);
    }
}

static size_t read_record_fields(const struct ayni_value_context *context,
                                 const struct ayni_catalogue_type *type, const struct json_at *at,
                                 struct ayni_field *fields, struct ayni_arena *memory)
{
    struct json_at member;
    size_t count = 0;

    for (void *cursor = NULL; json_form_next(at, &cursor, &member);) {
        const struct ayni_catalogue_field *field =
            ayni_catalogue_field_named(type, ayni_bytes_of_text(member.key));
        if (strcmp(member.key, "type") == 0)
            continue;
        if (field == NULL) {
            json_form_fail(&member, "no field of the type");
            return 0;
        }
        fields[count].number = field->number;
        fields[count++].value = read_value(context, field, &member, memory);
    }
    qsort(fields, count, sizeof(*fields), by_number);
    verify_required(at, type, fields, count);
    return count;
}

static void read_record(const struct ayni_value_context *context, const struct json_at *at,
                        struct catalogue_record *record, struct ayni_arena *memory)
{
    struct json_at name = json_form_required(at, "type");
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(context->catalogue, json_form_text(&name));

    if (type == NULL || type->number < 700 || type->number > 799) {
        json_form_fail(&name, "a type from 700 to 799 is expected");
        return;
    }
    struct ayni_field *fields = ayni_arena_zero(memory, json_form_count(at), sizeof(*fields));
    if (fields == NULL)
        return;
    record->type = type->number;
    record->fields = fields;
    record->field_count = read_record_fields(context, type, at, fields, memory);
    if (at->form->status == AYNI_OK &&
        ayni_record_id_of_fields(context->root_key, type, fields, record->field_count,
                                 (struct ayni_bytes){ 0 }, &record->id) != AYNI_OK)
        json_form_fail(at, "its key is not whole");
}

static void read_records(const struct json_at *root, const uint8_t *root_key,
                         struct catalogue_file *file)
{
    static const uint8_t no_federation[32] = { 0 };
    struct json_at list = json_form_member(root, "records");
    struct ayni_arena *memory = &file->memory->arena;
    size_t count = json_form_count(&list);
    struct catalogue_record *records = ayni_arena_zero(memory, count, sizeof(*records));
    struct ayni_value_context context = {
        .catalogue = file->catalogue,
        .root_key = root_key != NULL ? root_key : no_federation,
    };

    for (size_t i = 0; records != NULL && i < count; i++) {
        struct json_at at = json_form_item(&list, i);
        read_record(&context, &at, &records[i], memory);
    }
    file->records = records;
    file->record_count = root_key != NULL ? count : 0;
}

static enum ayni_status read_file(const struct json_at *root, const uint8_t *root_key,
                                  struct catalogue_file *file)
{
    static const char *const keys[] = { "edition",     "valid_from", "words",   "lists",
                                        "event_block", "types",      "records", NULL };
    struct catalogue_file_memory *memory = file->memory;

    json_form_only(root, keys);
    memory->rows.memory = &memory->arena;
    catalogue_rows_read(root, &memory->rows);
    if (root->form->status != AYNI_OK)
        return root->form->status;
    if (memory->rows.rows.failed)
        return AYNI_E_MEMORY;
    file->edition = ayni_arena_text(&memory->arena, memory->rows.edition);
    file->rows = (const void *)memory->rows.rows.data;
    file->row_count = memory->rows.rows.size / sizeof(*file->rows);
    enum ayni_status status = build(file);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < file->catalogue->type_count; i++)
        verify_type(root, file->catalogue, &file->catalogue->types[i]);
    read_records(root, root_key, file);
    return root->form->status != AYNI_OK ? root->form->status : ayni_arena_status(&memory->arena);
}

enum ayni_status catalogue_file_read(struct ayni_bytes json, const uint8_t *root_key,
                                     struct catalogue_file *file,
                                     char error[CATALOGUE_FILE_ERROR_SIZE])
{
    struct catalogue_file read = { .memory = calloc(1, sizeof(*read.memory)) };

    error[0] = '\0';
    if (read.memory == NULL)
        return AYNI_E_MEMORY;
    json_form_open(&read.memory->form, json);
    struct json_at root = json_form_root(&read.memory->form);
    enum ayni_status status = read.memory->form.status;
    if (status == AYNI_OK)
        status = read_file(&root, root_key, &read);
    if (status == AYNI_OK) {
        *file = read;
        return AYNI_OK;
    }
    snprintf(error, CATALOGUE_FILE_ERROR_SIZE, "%s",
             read.memory->form.error[0] != '\0' ? read.memory->form.error : "no memory");
    catalogue_file_free(&read);
    return status;
}
