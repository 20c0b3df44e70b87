#include "proto/catalogue_builder.h"

#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_compile.h"
#include "proto/catalogue_parse.h"
#include "proto/limits.h"

struct entry {
    struct ayni_catalogue_row row;
    size_t order; /* in which it was added */
};

struct ayni_catalogue_builder {
    struct ayni_arena memory; /* becomes the catalogue's */
    struct entry *entries;
    size_t count;
    size_t capacity;
};

struct ayni_catalogue_builder *ayni_catalogue_builder_new(void)
{
    return calloc(1, sizeof(struct ayni_catalogue_builder));
}

void ayni_catalogue_builder_free(struct ayni_catalogue_builder *builder)
{
    if (builder == NULL)
        return;
    ayni_arena_free(&builder->memory);
    free(builder->entries);
    free(builder);
}

void ayni_catalogue_builder_cleanup(struct ayni_catalogue_builder **builder)
{
    ayni_catalogue_builder_free(*builder);
}

static enum ayni_status make_room(struct ayni_catalogue_builder *builder)
{
    if (builder->count < builder->capacity)
        return AYNI_OK;
    size_t capacity = builder->capacity == 0 ? 64 : builder->capacity * 2;
    struct entry *entries = realloc(builder->entries, capacity * sizeof(*entries));
    if (entries == NULL)
        return AYNI_E_MEMORY;
    builder->entries = entries;
    builder->capacity = capacity;
    return AYNI_OK;
}

enum ayni_status ayni_catalogue_builder_add(struct ayni_catalogue_builder *builder,
                                            const struct ayni_catalogue_row *row)
{
    enum ayni_status status = ayni_catalogue_row_validate(row);

    if (status == AYNI_OK && builder->count == AYNI_CATALOGUE_ROWS_MAX)
        status = AYNI_E_LIMIT;
    if (status == AYNI_OK)
        status = make_room(builder);
    if (status != AYNI_OK)
        return status;
    struct entry *entry = &builder->entries[builder->count];
    status = ayni_catalogue_row_copy(row, &builder->memory, &entry->row);
    if (status == AYNI_OK)
        entry->order = builder->count++;
    return status;
}

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int first_of(int a, int b)
{
    return a != 0 ? a : b;
}

/* Rows of one name compare equal. Kinds apart, then as the catalogue lists them. */
static int compare_names(const struct ayni_catalogue_row *a, const struct ayni_catalogue_row *b)
{
    if (a->kind != b->kind)
        return by_number(a->kind, b->kind);
    switch (a->kind) {
    case AYNI_ROW_TYPE:
        return by_number(a->type.number, b->type.number);
    case AYNI_ROW_FIELD:
        return first_of(by_number(a->field.type, b->field.type),
                        by_number(a->field.number, b->field.number));
    case AYNI_ROW_CODE:
        return first_of(by_number(a->code.type, b->code.type),
                        first_of(by_number(a->code.field, b->code.field),
                                 ayni_bytes_compare(a->code.word, b->code.word)));
    case AYNI_ROW_RULE:
        return first_of(by_number(a->rule.type, b->rule.type),
                        ayni_bytes_compare(a->rule.name, b->rule.name));
    default:
        return first_of(ayni_bytes_compare(a->list.list, b->list.list),
                        first_of(ayni_bytes_compare(a->list.code, b->list.code),
                                 by_number(a->list.valid_from, b->list.valid_from)));
    }
}

static int by_name_and_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = compare_names(&x->row, &y->row);

    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* What a row's first version decided for good, put into its last. */
static void keep_permanent(const struct ayni_catalogue_row *first, struct ayni_catalogue_row *last)
{
    if (first->kind == AYNI_ROW_TYPE) {
        last->type.name = first->type.name;
    } else if (first->kind == AYNI_ROW_FIELD) {
        last->field.name = first->field.name;
        last->field.kind = first->field.kind;
        last->field.unit = first->field.unit;
        last->field.merge = first->field.merge;
    }
}

/* The rows, sorted, one for each name, in memory of the arena. */
static struct ayni_catalogue_row *merge_rows(struct ayni_catalogue_builder *builder, size_t *count)
{
    struct ayni_catalogue_row *rows =
        ayni_arena_zero(&builder->memory, builder->count, sizeof(*rows));
    size_t kept = 0;

    if (rows != NULL && builder->count > 0)
        qsort(builder->entries, builder->count, sizeof(*builder->entries), by_name_and_order);
    for (size_t i = 0; rows != NULL && i < builder->count; i++) {
        struct ayni_catalogue_row row = builder->entries[i].row;
        if (kept > 0 && compare_names(&rows[kept - 1], &row) == 0)
            keep_permanent(&rows[--kept], &row);
        rows[kept++] = row;
    }
    *count = kept;
    return rows;
}

enum ayni_status ayni_catalogue_build(struct ayni_catalogue_builder *builder,
                                      struct ayni_catalogue **catalogue)
{
    size_t count;
    struct ayni_catalogue *built = calloc(1, sizeof(*built));
    const struct ayni_catalogue_row *rows = merge_rows(builder, &count);

    if (built == NULL)
        return AYNI_E_MEMORY;
    built->memory = builder->memory;
    builder->memory = (struct ayni_arena){ 0 };
    builder->count = 0;
    if (rows != NULL)
        ayni_catalogue_compile(rows, count, built);
    if (ayni_arena_status(&built->memory) != AYNI_OK) {
        ayni_catalogue_free(built);
        return AYNI_E_MEMORY;
    }
    *catalogue = built;
    return AYNI_OK;
}
