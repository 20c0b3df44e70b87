/* Any parameters of a rule set: they say what doses and instruments are, or nothing is taken of
 * them; what is taken is of the catalogue, and is found again. */
#include <stdlib.h>
#include <string.h>

#include "daemon/records/rules/schedule.h"
#include "tests/support/first_catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_component(const struct schedule *schedule, const struct schedule_component *said)
{
    const char *code = said->code == NULL ? "any" : said->code;

    require(said->component != NULL && ayni_catalogue_type(first_catalogue(), said->type) != NULL);
    require(schedule_component(schedule, said->type, ayni_bytes_of_text(code)) != NULL);
}

static void check_instrument(const struct schedule *schedule,
                             const struct schedule_instrument *said)
{
    const struct schedule_instrument *found =
        schedule_instrument(schedule, ayni_bytes_of_text(said->code));

    require(said->months_min <= said->months_max);
    require(found != NULL && found <= said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct schedule schedule;
    struct schedule_words *words = &schedule.words;

    memset(&schedule, 0, sizeof(schedule));
    enum ayni_status status = schedule_read_words((struct ayni_bytes){ data, size },
                                                  first_catalogue(), &schedule.memory, words);
    require(status == AYNI_OK || status == AYNI_E_INVALID || status == AYNI_E_NOT_FOUND);
    require(words->component_count <= SCHEDULE_WORDS_MAX);
    require(words->instrument_count <= SCHEDULE_WORDS_MAX);
    for (size_t i = 0; status == AYNI_OK && i < words->component_count; i++)
        check_component(&schedule, &words->components[i]);
    for (size_t i = 0; status == AYNI_OK && i < words->instrument_count; i++)
        check_instrument(&schedule, &words->instruments[i]);
    schedule_free(&schedule);
    return 0;
}
