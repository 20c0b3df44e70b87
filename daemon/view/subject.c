#include "daemon/view/subject.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/instant.h"
#include "proto/text.h"

enum { SPACES_MAX = 16, EVENTS_MAX = 64 };

void subject_result_free(struct subject_result *result)
{
    free(result->shares);
    *result = (struct subject_result){ 0 };
}

/* --- the subject in all spaces --- */

struct whole {
    struct record_state states[SPACES_MAX];
    size_t count;
};

static void whole_done(struct whole *whole)
{
    for (size_t i = 0; i < whole->count; i++)
        record_state_free(&whole->states[i]);
}

static enum ayni_status load_whole(struct reader *reader, uint32_t type,
                                   const struct ayni_record *record, struct whole *whole)
{
    struct record_key keys[SPACES_MAX];
    size_t count;

    enum ayni_status status = reader_find(reader, record, type, NULL, keys, SPACES_MAX, &count);
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    for (size_t i = 0; status == AYNI_OK && i < count && i < SPACES_MAX; i++) {
        struct record_state *state = &whole->states[whole->count];
        status = reader_fold(reader, &keys[i], state);
        if (status == AYNI_OK && record_state_gone(state))
            record_state_free(state);
        else if (status == AYNI_OK)
            whole->count++;
        else if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    return status;
}

/* The field from the space where its shown value was written last; empty where no space has one. */
static struct ayni_bytes whole_value(const struct whole *whole, uint32_t number, bool *contested)
{
    const struct ayni_fold_item *newest = NULL;
    struct ayni_bytes value = { 0 };

    for (size_t i = 0; i < whole->count; i++) {
        const struct record_state *state = &whole->states[i];
        const struct ayni_folded_field *field = ayni_folded_field(&state->folded, number);
        if (field == NULL || field->alternative_count == 0)
            continue;
        *contested = *contested || field->contested;
        const struct ayni_fold_item *item = &state->items[field->alternatives[0].items[0]];
        if (newest == NULL || ayni_fold_item_order(item, newest) > 0) {
            newest = item;
            value = record_state_value(state, number);
        }
    }
    return value;
}

/* --- values --- */

/* A member may have written any number: what is no day of the calendar is unknown. */
static bool day_in(struct ayni_bytes value, int64_t *day)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    int64_t read = ayni_cbor_read_int(&reader);

    if (ayni_cbor_done(&reader) != AYNI_OK || !ayni_day_valid(read))
        return false;
    *day = read;
    return true;
}

static struct ayni_bytes text_in(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes text = ayni_cbor_read_text(&reader);

    return ayni_cbor_done(&reader) == AYNI_OK ? text : (struct ayni_bytes){ 0 };
}

/* What is longer than any code is none: unknown. */
static void copy_code(struct ayni_bytes from, char *to, size_t size)
{
    if (!ayni_text_copy(from, to, size))
        to[0] = '\0';
}

static struct ayni_bytes named_value(const struct whole *whole,
                                     const struct ayni_catalogue_type *type, const char *name,
                                     bool *contested)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return field == NULL ? (struct ayni_bytes){ 0 } : whole_value(whole, field->number, contested);
}

static void read_facts(const struct whole *whole, const struct ayni_catalogue_type *type,
                       struct subject_facts *facts)
{
    bool contested = false;

    bool born = day_in(named_value(whole, type, "birth_date", &contested), &facts->birth_date);
    copy_code(text_in(named_value(whole, type, "state", &contested)), facts->state,
              sizeof(facts->state));
    copy_code(text_in(named_value(whole, type, "ubigeo", &contested)), facts->place,
              sizeof(facts->place));
    copy_code(text_in(named_value(whole, type, "sex", &contested)), facts->sex, sizeof(facts->sex));
    copy_code(text_in(named_value(whole, type, "language", &contested)), facts->language,
              sizeof(facts->language));
    facts->contested = contested;
    facts->alive = whole->count > 0 && born;
}

/* --- what else there is about it --- */

struct events {
    struct event_fact list[EVENTS_MAX];
    size_t indicators[EVENTS_MAX]; /* of which each is */
    size_t count;
};

static bool has_scheme(const struct record_state *state,
                       const struct indicator_condition *condition)
{
    struct ayni_bytes scheme, word;

    if (condition->scheme_field == 0)
        return true;
    scheme = text_in(record_state_value(state, condition->scheme_field));
    word = condition->state_field == 0 ? (struct ayni_bytes){ 0 }
                                       : text_in(record_state_value(state, condition->state_field));
    return ayni_bytes_equal(scheme, ayni_bytes_of_text(condition->scheme)) &&
           (word.size == 0 || ayni_bytes_equal(word, ayni_bytes_of_text("valid")));
}

static bool is_contested(const struct record_state *state, uint32_t number)
{
    const struct ayni_folded_field *field = ayni_folded_field(&state->folded, number);

    return field != NULL && field->contested;
}

static void note_event(const struct plan *plan, const struct record_state *state,
                       struct events *events)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t c = 0; c < plan->indicators[i].condition_count; c++) {
            const struct indicator_condition *condition = &plan->indicators[i].conditions[c];
            if (condition->type != state->key.type || !has_scheme(state, condition) ||
                events->count == EVENTS_MAX)
                continue;
            struct event_fact *event = &events->list[events->count];
            *event = (struct event_fact){ .condition = c };
            event->has_date =
                day_in(record_state_value(state, condition->date_field), &event->date);
            event->contested = is_contested(state, condition->date_field);
            events->indicators[events->count++] = i;
        }
    }
}

static void note_death(const struct record_state *state, struct subject_facts *facts)
{
    int64_t date;

    if (!day_in(record_state_value(state, AYNI_EVENT_DATE), &date))
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

static enum ayni_status read_events(struct reader *reader, const struct plan *plan,
                                    const struct ayni_record *record, struct subject_facts *facts,
                                    struct events *events)
{
    const struct charter *charter = reader_charter(reader);
    const struct ayni_catalogue_type *death =
        ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text("death"));
    enum ayni_status status = AYNI_OK;
    struct record_key key;
    struct walk walk;

    walk_subject(reader, record, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        bool is_death = death != NULL && key.type == death->number;
        if (!is_death && !is_asked_for(plan, key.type))
            continue;
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK && !record_state_gone(&state) &&
                 is_about(charter, &state, record)) {
            if (is_death)
                note_death(&state, facts);
            note_event(plan, &state, events);
        }
    }
    if (status == AYNI_OK)
        status = walk.status;
    walk_close(&walk);
    return status;
}

/* --- the result --- */

static enum ayni_status add_shares(struct subject_result *result, size_t indicator,
                                   const struct contribution *contributions, size_t count)
{
    if (result->count + count > result->room) {
        size_t room = 2 * (result->count + count);
        struct subject_share *shares = realloc(result->shares, room * sizeof(*shares));
        if (shares == NULL)
            return AYNI_E_MEMORY;
        result->shares = shares;
        result->room = room;
    }
    for (size_t i = 0; i < count; i++)
        result->shares[result->count++] = (struct subject_share){ indicator, contributions[i] };
    return AYNI_OK;
}

static enum ayni_status compute_one(const struct plan *plan, size_t index,
                                    const struct events *events, struct subject_result *result)
{
    struct contribution contributions[CONTRIBUTIONS_MAX];
    struct event_fact own[EVENTS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < events->count; i++)
        if (events->indicators[i] == index)
            own[count++] = events->list[i];
    size_t made =
        contributions_of(&plan->indicators[index], &result->facts, own, count, contributions);
    return add_shares(result, index, contributions, made);
}

enum ayni_status subject_compute(struct reader *reader, const struct plan *plan, uint32_t type,
                                 const struct ayni_record *record, struct subject_result *result)
{
    const struct ayni_catalogue_type *subject_type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, type);
    __attribute__((cleanup(whole_done))) struct whole whole = { .count = 0 };
    struct events events = { .count = 0 };

    result->count = 0;
    result->facts = (struct subject_facts){ 0 };
    enum ayni_status status =
        subject_type == NULL ? AYNI_OK : load_whole(reader, type, record, &whole);
    if (status != AYNI_OK || whole.count == 0)
        return status;
    read_facts(&whole, subject_type, &result->facts);
    if (result->facts.alive)
        status = read_events(reader, plan, record, &result->facts, &events);
    for (size_t i = 0; status == AYNI_OK && i < plan->count; i++)
        if (plan->indicators[i].subject == type)
            status = compute_one(plan, i, &events, result);
    return status;
}

/* [place, sex, language, [indicator, first, last - first, flags, ...]] */
void subject_encode(const struct subject_result *result, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_string(to, result->facts.place);
    ayni_cbor_put_string(to, result->facts.sex);
    ayni_cbor_put_string(to, result->facts.language);
    ayni_cbor_put_array(to, 4 * result->count);
    for (size_t i = 0; i < result->count; i++) {
        const struct subject_share *share = &result->shares[i];
        ayni_cbor_put_uint(to, share->indicator);
        ayni_cbor_put_int(to, share->contribution.first);
        ayni_cbor_put_int(to, share->contribution.last - share->contribution.first);
        ayni_cbor_put_uint(to, share->contribution.flags);
    }
}

/* Months, within those of the calendar: a damaged row may hold any number. */
static month_no read_months(struct ayni_cbor_reader *reader)
{
    enum { MONTHS_MAX = 12 * 10000 };
    int64_t months = ayni_cbor_read_int(reader);

    if (months < -MONTHS_MAX || months > MONTHS_MAX) {
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        return 0;
    }
    return (month_no)months;
}

static struct contribution read_contribution(struct ayni_cbor_reader *reader)
{
    struct contribution contribution = { 0 };

    contribution.first = read_months(reader);
    contribution.last = contribution.first + read_months(reader);
    contribution.flags = (uint8_t)ayni_cbor_read_uint(reader);
    return contribution;
}

enum ayni_status subject_decode(struct ayni_bytes bytes, struct subject_result *result)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);
    enum ayni_status status = AYNI_OK;

    if (ayni_cbor_read_array(&reader) != 4)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    copy_code(ayni_cbor_read_text(&reader), result->facts.place, sizeof(result->facts.place));
    copy_code(ayni_cbor_read_text(&reader), result->facts.sex, sizeof(result->facts.sex));
    copy_code(ayni_cbor_read_text(&reader), result->facts.language, sizeof(result->facts.language));
    size_t count = ayni_cbor_read_array(&reader) / 4;
    result->count = 0;
    for (size_t i = 0; i < count && status == AYNI_OK && reader.status == AYNI_OK; i++) {
        size_t indicator = (size_t)ayni_cbor_read_uint(&reader);
        struct contribution contribution = read_contribution(&reader);
        status = add_shares(result, indicator, &contribution, 1);
    }
    return status == AYNI_OK ? ayni_cbor_done(&reader) : status;
}
