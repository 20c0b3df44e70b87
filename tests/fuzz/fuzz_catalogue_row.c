/*
 * Registry records as bytes: a map of fields for each of the five kinds, which
 * may be no rows at all; what are rows build a catalogue whose fields all
 * stand by themselves, and rows come back from their fields.
 */
#include <stdlib.h>

#include "daemon/records/rules/check.h"
#include "proto/catalogue_builder.h"
#include "proto/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MAX = 20 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* One record: its type, and a map of its fields. */
static size_t read_record(struct ayni_cbor_reader *reader, uint32_t *kind,
                          struct ayni_field fields[FIELDS_MAX])
{
    *kind = (uint32_t)ayni_cbor_read_uint(reader);
    size_t count = ayni_cbor_read_map(reader);

    if (count > FIELDS_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        fields[i].number = (uint32_t)ayni_cbor_read_uint(reader);
        fields[i].value = ayni_cbor_read_raw(reader);
    }
    return count;
}

static void try_row(const struct ayni_catalogue_row *row, struct ayni_catalogue_builder *builder)
{
    SCOPED_BUFFER values = { 0 }, scratch = { 0 };
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    struct ayni_catalogue_row again;
    size_t count;

    if (ayni_catalogue_builder_add(builder, row) != AYNI_OK)
        return;
    require(ayni_catalogue_row_fields(row, &values, fields, &count) == AYNI_OK);
    require(ayni_catalogue_row_from_fields(row->kind, fields, count, &scratch, &again) == AYNI_OK);
    require(ayni_catalogue_builder_add(builder, &again) == AYNI_OK);
}

static void walk(const struct ayni_catalogue *catalogue)
{
    struct check *check;
    size_t count;

    for (size_t i = 0; i < catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &catalogue->types[i];
        require(ayni_catalogue_type(catalogue, type->number) == type);
        for (size_t j = 0; j < type->field_count; j++) {
            require(ayni_catalogue_field(type, type->fields[j].number) == &type->fields[j]);
            (void)ayni_catalogue_codes(&type->fields[j], &count);
        }
    }
    require(check_new(catalogue, &check) == AYNI_OK);
    (void)check_broken_rule(check, SIZE_MAX);
    check_free(check);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader((struct ayni_bytes){ data, size });
    SCOPED_CATALOGUE_BUILDER builder = ayni_catalogue_builder_new();
    SCOPED_CATALOGUE catalogue = NULL;
    SCOPED_BUFFER scratch = { 0 };

    while (reader.status == AYNI_OK && ayni_cbor_peek(&reader) != AYNI_CBOR_NONE) {
        struct ayni_field fields[FIELDS_MAX];
        struct ayni_catalogue_row row;
        uint32_t kind;
        size_t count = read_record(&reader, &kind, fields);
        if (reader.status == AYNI_OK &&
            ayni_catalogue_row_from_fields(kind, fields, count, &scratch, &row) == AYNI_OK)
            try_row(&row, builder);
    }
    require(ayni_catalogue_build(builder, &catalogue) == AYNI_OK);
    walk(catalogue);
    return 0;
}
