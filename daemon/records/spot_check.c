#include "daemon/records/spot_check.h"

#include <string.h>

#include "daemon/records/named_value.h"

static const char *const found_words[] = {
    [SPOT_TRUE] = "true", [SPOT_FALSE] = "false", [SPOT_PARTLY] = "partly", [SPOT_ABSENT] = "absent"
};
enum { FOUND_COUNT = sizeof(found_words) / sizeof(found_words[0]), WORD_SIZE = 16 };

/* The type; NULL where the catalogue lacks it. */
static const struct ayni_catalogue_type *type_of(const struct charter *charter)
{
    return ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text("spot_check"));
}

bool spot_check_read(const struct charter *charter, const struct record_state *state,
                     struct spot_check *check)
{
    const struct ayni_catalogue_type *type = type_of(charter);
    char found[WORD_SIZE], chosen[WORD_SIZE];
    size_t word = 0;

    if (type == NULL || type->number != state->key.type || record_state_gone(state) ||
        !named_record(type, state, "record", &check->record) ||
        !named_day(type, state, "date", &check->date) ||
        !named_word(type, state, "found", found, sizeof(found)) ||
        !named_word(type, state, "chosen", chosen, sizeof(chosen)))
        return false;
    while (word < FOUND_COUNT && strcmp(found, found_words[word]) != 0)
        word++;
    check->found = (enum spot_found)word;
    check->random = strcmp(chosen, "random") == 0;
    return word < FOUND_COUNT;
}
