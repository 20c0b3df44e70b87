#ifndef AYNI_DAEMON_RECORDS_SCHEDULE_H
#define AYNI_DAEMON_RECORDS_SCHEDULE_H

#include "daemon/records/reader.h"
#include "proto/arena.h"
#include "proto/catalogue.h"

/*
 * When what is to be given or done: the windows and intervals of schedule_rule records (type 709),
 * and what the newest rule set that is valid today says of the records that they are about and of
 * instruments. docs/catalogue.md, "Schedules".
 *
 *   {"components": [{"component": "vac_polio", "type": "vaccine", "codes": ["ipv", "opv"]}],
 *    "instruments": [{"code": "eedp", "months": [0, 23]}]}
 */
struct schedule_days {
    bool known;
    int64_t days;
};
struct schedule_window {
    const char *component;
    int64_t dose;
    struct schedule_days age_min, age_max; /* from birth; not known where they count otherwise */
    struct schedule_days interval_min, interval_max;
    int64_t valid_from, valid_to; /* of the rule set; INT64_MAX where it hasn't ended */
};
struct schedule_component {
    const char *component;
    uint32_t type;
    const char *code; /* of the type's main field; NULL: any */
};
struct schedule_instrument {
    const char *code;
    int64_t months_min, months_max; /* completed months of age, both included */
};

enum { SCHEDULE_WINDOWS_MAX = 4096, SCHEDULE_WORDS_MAX = 256 };
struct schedule_words {
    struct schedule_component components[SCHEDULE_WORDS_MAX];
    size_t component_count;
    struct schedule_instrument instruments[SCHEDULE_WORDS_MAX];
    size_t instrument_count;
};
struct schedule {
    struct schedule_window *windows; /* in `memory`, as all texts */
    size_t window_count;
    struct schedule_words words;
    struct ayni_arena memory;
};

/* What the registry says; nothing is no failure. Free it in any case; all zero is an empty one. */
AYNI_CHECKED enum ayni_status schedule_load(struct reader *reader, struct schedule *schedule);
void schedule_free(struct schedule *schedule);
/* The words of a rule set, their texts in `memory`; AYNI_E_INVALID where they aren't of that form,
 * AYNI_E_NOT_FOUND where it says neither. Types that the catalogue doesn't have are left out. */
AYNI_CHECKED enum ayni_status schedule_read_words(struct ayni_bytes parameters,
                                                  const struct ayni_catalogue *catalogue,
                                                  struct ayni_arena *memory,
                                                  struct schedule_words *words);

/* What a record of that type and main code is a dose of; NULL where none says. */
const char *schedule_component(const struct schedule *schedule, uint32_t type,
                               struct ayni_bytes code);
/* Its window on that day, by the newest rule set that has the component then; NULL for none. */
const struct schedule_window *schedule_window(const struct schedule *schedule,
                                              const char *component, int64_t dose, int64_t day);
const struct schedule_instrument *schedule_instrument(const struct schedule *schedule,
                                                      struct ayni_bytes code);

#endif
