#include "tests/support/one_field.h"

#include <stdlib.h>

#include "proto/catalogue_builder.h"

static struct ayni_bytes text(const char *value)
{
    return value == NULL ? (struct ayni_bytes){ 0 } : ayni_bytes_of_text(value);
}

struct ayni_catalogue *test_one_field(const struct test_field *field)
{
    SCOPED_CATALOGUE_BUILDER builder = ayni_catalogue_builder_new();
    struct ayni_catalogue *catalogue = NULL;
    struct ayni_catalogue_row type = { .kind = AYNI_ROW_TYPE };
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_FIELD };

    type.type.number = 1000;
    type.type.name = text("thing");
    type.type.class = text("public");
    row.field = (struct ayni_field_row){
        .type = 1000,
        .number = 1,
        .name = text("it"),
        .kind = text(field->kind),
        .has_minimum = field->ranged,
        .minimum = field->minimum,
        .has_maximum = field->ranged,
        .maximum = field->maximum,
        .read = text("public"),
        .codes = text(field->codes),
        .targets = text(field->targets),
        .pattern = text(field->pattern),
    };
    if (builder == NULL || ayni_catalogue_builder_add(builder, &type) != AYNI_OK ||
        ayni_catalogue_builder_add(builder, &row) != AYNI_OK ||
        ayni_catalogue_build(builder, &catalogue) != AYNI_OK)
        abort();
    return catalogue;
}

const struct ayni_catalogue_field *test_the_field(const struct ayni_catalogue *catalogue)
{
    return &catalogue->types[0].fields[0];
}
