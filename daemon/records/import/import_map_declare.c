#include "daemon/records/import/import_map_source.h"

/* The map's own forms, and those that stand in their place. */
struct declared {
    enum import_dates dates, dates_before;
    enum import_decimals decimals, decimals_before;
};

static void declare(struct import_source *source, const struct declared *declared)
{
    if (source->dates == declared->dates_before)
        source->dates = declared->dates;
    if (source->decimals == declared->decimals_before)
        source->decimals = declared->decimals;
}

static void declare_record(struct import_map_record *record, const struct declared *declared)
{
    for (size_t i = 0; i < record->identifier_count; i++)
        declare(&record->identifiers[i].source, declared);
    for (size_t i = 0; i < record->field_count; i++)
        declare(&record->fields[i].source, declared);
}

/* The value of a word; `fallback` where none is given. False where it is none of `words`. */
static bool value_of(const char *word, const char *const *words, size_t fallback, size_t *value)
{
    *value = word == NULL ? fallback : import_map_word_index(ayni_bytes_of_text(word), words);
    return words[*value] != NULL;
}

enum ayni_status import_map_declare(struct import_map *map, const char *dates, const char *decimals,
                                    const char **word)
{
    size_t days, marks;

    if (!value_of(dates, import_map_date_words, (size_t)map->dates, &days)) {
        *word = dates;
        return AYNI_E_USAGE;
    }
    if (!value_of(decimals, import_map_decimal_words, (size_t)map->decimals, &marks)) {
        *word = decimals;
        return AYNI_E_USAGE;
    }
    const struct declared declared = { .dates = (enum import_dates)days,
                                       .dates_before = map->dates,
                                       .decimals = (enum import_decimals)marks,
                                       .decimals_before = map->decimals };
    for (size_t i = 0; i < map->record_count; i++)
        declare_record(&map->records[i], &declared);
    declare(&map->source_id, &declared);
    declare(&map->source_day, &declared);
    map->dates = declared.dates;
    map->decimals = declared.decimals;
    return AYNI_OK;
}
