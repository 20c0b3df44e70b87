#include "daemon/view/subject_events.h"

#include <stdlib.h>

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "daemon/records/walk.h"
#include "daemon/view/shown.h"
#include "proto/cbor.h"

static const size_t no_condition = SIZE_MAX;
enum { WITHOUT_DAY, WITH_DAY };

void subject_events_free(struct subject_events *events)
{
    free(events->list);
}

static enum ayni_status init(struct subject_events *events, const struct plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++)
        count += SUBJECT_EVENTS_OF_CONDITION * plan->indicators[i].condition_count;
    events->list = calloc(count + 1, sizeof(*events->list));
    if (events->list == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        events->list[i].condition = no_condition;
    return AYNI_OK;
}

static bool is_in_window(const struct indicator_condition *condition, int64_t birth_date,
                         const struct event_fact *event)
{
    return event->has_date &&
           indicator_within(&condition->days_from_birth, event->date - birth_date);
}

/* Keep of two events with a day, or of two without, what they come to together. */
static void merge_event(const struct indicator_condition *condition, int64_t birth_date,
                        struct event_fact *kept, const struct event_fact *event)
{
    bool contested = event->contested;

    if (kept->condition != no_condition) {
        contested = contested || kept->contested;
        if (!is_in_window(condition, birth_date, event) ||
            (is_in_window(condition, birth_date, kept) && kept->date <= event->date))
            event = kept;
    }
    *kept = *event;
    kept->contested = contested;
}

static bool has_scheme(const struct record_state *state,
                       const struct indicator_condition *condition)
{
    struct ayni_bytes scheme, word;

    if (condition->scheme_field == 0)
        return true;
    scheme = shown_text(record_state_value(state, condition->scheme_field));
    word = condition->state_field == 0
               ? (struct ayni_bytes){ 0 }
               : shown_text(record_state_value(state, condition->state_field));
    return ayni_bytes_equal(scheme, ayni_bytes_of_text(condition->scheme)) &&
           (word.size == 0 || ayni_bytes_equal(word, ayni_bytes_of_text("valid")));
}

static bool is_contested(const struct record_state *state, uint32_t number)
{
    const struct ayni_folded_field *field = ayni_folded_field(&state->folded, number);

    return field != NULL && field->contested;
}

static void note_event(const struct plan *plan, const struct record_state *state,
                       int64_t birth_date, struct subject_events *events)
{
    struct event_fact *pair = events->list;

    for (size_t i = 0; i < plan->count; i++) {
        for (size_t c = 0; c < plan->indicators[i].condition_count;
             c++, pair += SUBJECT_EVENTS_OF_CONDITION) {
            const struct indicator_condition *condition = &plan->indicators[i].conditions[c];
            if (condition->type != state->key.type || !has_scheme(state, condition))
                continue;
            struct event_fact event = { .condition = c };
            event.has_date =
                shown_day(record_state_value(state, condition->date_field), &event.date);
            event.contested = is_contested(state, condition->date_field);
            merge_event(condition, birth_date, &pair[event.has_date ? WITH_DAY : WITHOUT_DAY],
                        &event);
        }
    }
}

static void note_death(const struct record_state *state, struct subject_facts *facts)
{
    int64_t date;

    if (!shown_day(record_state_value(state, AYNI_EVENT_DATE), &date))
        return;
    if (!facts->has_death || date < facts->death_date)
        facts->death_date = date;
    facts->has_death = true;
}

static bool is_asked_for(const struct plan *plan, uint32_t type)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t c = 0; c < plan->indicators[i].condition_count; c++)
            if (plan->indicators[i].conditions[c].type == type)
                return true;
    return false;
}

/* Whether the record still is about the subject: a version that named it may have been overwritten.
 */
static bool is_about(const struct charter *charter, const struct record_state *state,
                     const struct ayni_record *record)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);
    struct ayni_record subject;

    if (type == NULL || type->subject_field == 0)
        return false;
    struct ayni_cbor_reader value =
        ayni_cbor_reader(record_state_value(state, type->subject_field));
    ayni_cbor_read_id(&value, &subject);
    return ayni_cbor_done(&value) == AYNI_OK && ayni_id_equal(&subject, record);
}

/* What events are read into, of one member of a component after the other. */
struct reading {
    struct reader *reader;
    const struct plan *plan;
    uint32_t death; /* the type; 0: the catalogue has none */
    struct subject_facts *facts;
    struct subject_events *events;
};

static enum ayni_status read_event(const struct reading *reading, const struct record_key *key,
                                   const struct ayni_record *record)
{
    bool is_death = reading->death != 0 && key->type == reading->death;
    SCOPED_STATE state = { 0 };

    if (!is_death && !is_asked_for(reading->plan, key->type))
        return AYNI_OK;
    enum ayni_status status = reader_fold(reading->reader, key, &state);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (record_state_gone(&state) || !is_about(reader_charter(reading->reader), &state, record))
        return AYNI_OK;
    if (is_death)
        note_death(&state, reading->facts);
    note_event(reading->plan, &state, reading->facts->birth_date, reading->events);
    return AYNI_OK;
}

static enum ayni_status read_member(const struct reading *reading, const struct ayni_record *record)
{
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = AYNI_OK;
    struct record_key key;

    walk_subject(reading->reader, record, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key))
        status = read_event(reading, &key, record);
    return status == AYNI_OK ? walk.status : status;
}

enum ayni_status subject_events_read(struct reader *reader, const struct plan *plan,
                                     const struct link_component *component,
                                     struct subject_facts *facts, struct subject_events *events)
{
    const struct ayni_catalogue_type *death =
        ayni_catalogue_type_named(reader_charter(reader)->catalogue, ayni_bytes_of_text("death"));
    const struct reading reading = { reader, plan, death == NULL ? 0 : death->number, facts,
                                     events };
    enum ayni_status status = init(events, plan);

    for (size_t i = 0; status == AYNI_OK && i < component->count; i++)
        status = read_member(&reading, &component->members[i]);
    return status;
}
