#include "daemon/federation/edition.h"

#include <stdio.h>

#include "proto/cbor.h"

/* --- what a record is called --- */

static const char *type_name(const struct catalogue_file *file, uint32_t number)
{
    const struct ayni_catalogue_type *type = ayni_catalogue_type(file->catalogue, number);

    return type != NULL ? type->name : "*";
}

static const char *field_name(const struct catalogue_file *file, uint32_t type, uint32_t number)
{
    const struct ayni_catalogue_type *of = ayni_catalogue_type(file->catalogue, type);
    const struct ayni_catalogue_field *field = of != NULL ? ayni_catalogue_field(of, number) : NULL;

    return field != NULL ? field->name : "*";
}

#define TEXT(bytes) (int)(bytes).size, (const char *)(bytes).data

static void name_row(const struct catalogue_file *file, struct edition_record *record)
{
    const struct ayni_catalogue_row *row = record->row;

    switch (row->kind) {
    case AYNI_ROW_TYPE:
        snprintf(record->name, sizeof(record->name), "%.*s", TEXT(row->type.name));
        break;
    case AYNI_ROW_FIELD:
        snprintf(record->name, sizeof(record->name), "%s.%.*s", type_name(file, row->field.type),
                 TEXT(row->field.name));
        break;
    case AYNI_ROW_CODE:
        snprintf(record->name, sizeof(record->name), "%s.%s=%.*s", type_name(file, row->code.type),
                 field_name(file, row->code.type, row->code.field), TEXT(row->code.word));
        break;
    case AYNI_ROW_RULE:
        snprintf(record->name, sizeof(record->name), "%s.%.*s", type_name(file, row->rule.type),
                 TEXT(row->rule.name));
        break;
    default:
        snprintf(record->name, sizeof(record->name), "@%.*s=%.*s", TEXT(row->list.list),
                 TEXT(row->list.code));
        break;
    }
}

/* The first text that it has. */
static void name_record(struct edition_record *record)
{
    record->name[0] = '\0';
    for (size_t i = 0; i < record->field_count && record->name[0] == '\0'; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(record->fields[i].value);
        struct ayni_bytes text = ayni_cbor_read_text(&reader);
        if (ayni_cbor_done(&reader) == AYNI_OK)
            snprintf(record->name, sizeof(record->name), "%.*s", TEXT(text));
    }
}

/* --- all of them --- */

static enum ayni_status visit_row(const struct catalogue_file *file, const struct ayni_node *root,
                                  const struct ayni_catalogue_row *row, edition_visit *visit,
                                  void *context)
{
    SCOPED_BUFFER values = { 0 };
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    struct edition_record record = { .type = row->kind, .fields = fields, .row = row };
    enum ayni_status status = ayni_catalogue_row_id(root->bytes, row, &record.id);

    if (status == AYNI_OK)
        status = ayni_catalogue_row_fields(row, &values, fields, &record.field_count);
    if (status != AYNI_OK)
        return status;
    name_row(file, &record);
    return visit(context, &record);
}

enum ayni_status edition_each(const struct catalogue_file *file, const struct ayni_node *root,
                              edition_visit *visit, void *context)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < file->row_count; i++)
        status = visit_row(file, root, &file->rows[i], visit, context);
    for (size_t i = 0; status == AYNI_OK && i < file->record_count; i++) {
        struct edition_record record = { .type = file->records[i].type,
                                         .id = file->records[i].id,
                                         .fields = file->records[i].fields,
                                         .field_count = file->records[i].field_count };
        name_record(&record);
        status = visit(context, &record);
    }
    return status;
}
