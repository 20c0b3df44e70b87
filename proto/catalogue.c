#include "proto/catalogue.h"

#include <stdlib.h>

#include "proto/nearest.h"

void ayni_catalogue_free(struct ayni_catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    ayni_arena_free(&catalogue->memory);
    free(catalogue);
}

void ayni_catalogue_cleanup(struct ayni_catalogue **catalogue)
{
    ayni_catalogue_free(*catalogue);
}

/* Most differ in their first letter: that is looked at before the size of either. */
static bool is_named(const char *name, struct ayni_bytes wanted)
{
    if (wanted.size > 0 && (uint8_t)name[0] != wanted.data[0])
        return false;
    return ayni_bytes_equal(ayni_bytes_of_text(name), wanted);
}

static int number_to_type(const void *number, const void *type)
{
    uint32_t a = *(const uint32_t *)number, b = ((const struct ayni_catalogue_type *)type)->number;

    return (a > b) - (a < b);
}

const struct ayni_catalogue_type *ayni_catalogue_type(const struct ayni_catalogue *catalogue,
                                                      uint32_t number)
{
    if (catalogue->type_count == 0)
        return NULL;
    return bsearch(&number, catalogue->types, catalogue->type_count, sizeof(*catalogue->types),
                   number_to_type);
}

const struct ayni_catalogue_type *ayni_catalogue_type_named(const struct ayni_catalogue *catalogue,
                                                            struct ayni_bytes name)
{
    for (size_t i = 0; i < catalogue->type_count; i++) {
        if (is_named(catalogue->types[i].name, name))
            return &catalogue->types[i];
    }
    return NULL;
}

static int number_to_field(const void *number, const void *field)
{
    uint32_t a = *(const uint32_t *)number;
    uint32_t b = ((const struct ayni_catalogue_field *)field)->number;

    return (a > b) - (a < b);
}

const struct ayni_catalogue_field *ayni_catalogue_field(const struct ayni_catalogue_type *type,
                                                        uint32_t number)
{
    if (type->field_count == 0)
        return NULL;
    return bsearch(&number, type->fields, type->field_count, sizeof(*type->fields),
                   number_to_field);
}

const struct ayni_catalogue_field *
ayni_catalogue_field_named(const struct ayni_catalogue_type *type, struct ayni_bytes name)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (is_named(type->fields[i].name, name))
            return &type->fields[i];
    }
    return NULL;
}

const struct ayni_catalogue_code *ayni_catalogue_codes(const struct ayni_catalogue_field *field,
                                                       size_t *count)
{
    *count = field->list != NULL ? field->list->code_count : field->code_count;
    return field->list != NULL ? field->list->codes : field->codes;
}

const struct ayni_catalogue_code *
ayni_catalogue_code_named(const struct ayni_catalogue_field *field, struct ayni_bytes word)
{
    size_t count;
    const struct ayni_catalogue_code *codes = ayni_catalogue_codes(field, &count);

    for (size_t i = 0; i < count; i++) {
        if (is_named(codes[i].word, word))
            return &codes[i];
    }
    return NULL;
}

const struct ayni_catalogue_list *ayni_catalogue_list(const struct ayni_catalogue *catalogue,
                                                      struct ayni_bytes name)
{
    for (size_t i = 0; i < catalogue->list_count; i++) {
        if (is_named(catalogue->lists[i].name, name))
            return &catalogue->lists[i];
    }
    return NULL;
}

bool ayni_catalogue_field_targets(const struct ayni_catalogue_field *field, const char *type_name)
{
    for (size_t i = 0; i < field->target_count; i++) {
        if (strcmp(field->targets[i], type_name) == 0)
            return true;
    }
    return field->target_count == 0;
}

const char *ayni_catalogue_nearest_type(const struct ayni_catalogue *catalogue,
                                        struct ayni_bytes name)
{
    struct ayni_nearest nearest = ayni_nearest(name);

    for (size_t i = 0; i < catalogue->type_count; i++)
        ayni_nearest_offer(&nearest, catalogue->types[i].name);
    return nearest.best;
}

const char *ayni_catalogue_nearest_field(const struct ayni_catalogue_type *type,
                                         struct ayni_bytes name)
{
    struct ayni_nearest nearest = ayni_nearest(name);

    for (size_t i = 0; i < type->field_count; i++)
        ayni_nearest_offer(&nearest, type->fields[i].name);
    return nearest.best;
}

const char *ayni_catalogue_nearest_code(const struct ayni_catalogue_field *field,
                                        struct ayni_bytes word)
{
    struct ayni_nearest nearest = ayni_nearest(word);
    size_t count;
    const struct ayni_catalogue_code *codes = ayni_catalogue_codes(field, &count);

    for (size_t i = 0; i < count; i++)
        ayni_nearest_offer(&nearest, codes[i].word);
    return nearest.best;
}

struct ayni_merge_rule ayni_catalogue_fold_rule(void *catalogue, uint32_t type, uint32_t field)
{
    const struct ayni_catalogue_type *known = ayni_catalogue_type(catalogue, type);
    const struct ayni_catalogue_field *found =
        known == NULL ? NULL : ayni_catalogue_field(known, field);

    return found == NULL ? (struct ayni_merge_rule){ .merge = AYNI_MERGE_REVIEW } : found->merge;
}
