#include "daemon/records/sql/code_index.h"

#include <stdlib.h>
#include <string.h>

struct code_index {
    size_t count;
    struct named {
        const struct ayni_catalogue_code *code;
        size_t place; /* among all of the catalogue */
    } codes[];
};

static int by_word(const void *a, const void *b)
{
    const struct named *left = a;
    const struct named *right = b;
    int order = strcmp(left->code->word, right->code->word);

    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static size_t count_codes(const struct ayni_catalogue *catalogue)
{
    size_t count = 0;

    for (size_t i = 0; i < catalogue->type_count; i++)
        for (size_t j = 0; j < catalogue->types[i].field_count; j++)
            count += catalogue->types[i].fields[j].code_count;
    for (size_t i = 0; i < catalogue->list_count; i++)
        count += catalogue->lists[i].code_count;
    return count;
}

static void gather(struct code_index *index, const struct ayni_catalogue_code *codes, size_t count)
{
    for (size_t i = 0; i < count; i++, index->count++)
        index->codes[index->count] = (struct named){ &codes[i], index->count };
}

struct code_index *code_index_new(const struct ayni_catalogue *catalogue)
{
    struct code_index *made =
        calloc(1, sizeof(*made) + (count_codes(catalogue) + 1) * sizeof(made->codes[0]));

    if (made == NULL)
        return NULL;
    for (size_t i = 0; i < catalogue->type_count; i++)
        for (size_t j = 0; j < catalogue->types[i].field_count; j++)
            gather(made, catalogue->types[i].fields[j].codes,
                   catalogue->types[i].fields[j].code_count);
    for (size_t i = 0; i < catalogue->list_count; i++)
        gather(made, catalogue->lists[i].codes, catalogue->lists[i].code_count);
    qsort(made->codes, made->count, sizeof(made->codes[0]), by_word);
    return made;
}

void code_index_free(struct code_index *index)
{
    free(index);
}

const struct ayni_catalogue_code *code_index_find(const struct code_index *index,
                                                  struct ayni_bytes word)
{
    size_t low = 0, high = index->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ayni_bytes_compare(ayni_bytes_of_text(index->codes[middle].code->word), word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->count ||
        !ayni_bytes_equal(ayni_bytes_of_text(index->codes[low].code->word), word))
        return NULL;
    return index->codes[low].code;
}
