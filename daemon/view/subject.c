#include "daemon/view/subject.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "daemon/view/shown.h"
#include "daemon/view/subject_events.h"
#include "proto/cbor.h"
#include "proto/text.h"

void subject_result_free(struct subject_result *result)
{
    free(result->shares);
    *result = (struct subject_result){ 0 };
}

/* --- the subject in all spaces, with those who are one with it --- */

struct whole {
    struct record_state *states;
    size_t count, room;
    const struct ayni_record *kept; /* whose values come first; NULL: nobody's do */
};

static void whole_done(struct whole *whole)
{
    for (size_t i = 0; i < whole->count; i++)
        record_state_free(&whole->states[i]);
    free(whole->states);
}

static enum ayni_status load_state(struct reader *reader, const struct record_key *key,
                                   struct whole *whole)
{
    if (whole->count == whole->room) {
        size_t room = 2 * whole->room + 2;
        struct record_state *states = realloc(whole->states, room * sizeof(*states));
        if (states == NULL)
            return AYNI_E_MEMORY;
        whole->states = states;
        whole->room = room;
    }
    struct record_state *state = &whole->states[whole->count];
    *state = (struct record_state){ .count = 0 };
    enum ayni_status status = reader_fold(reader, key, state);
    if (status == AYNI_OK && record_state_gone(state))
        record_state_free(state);
    else if (status == AYNI_OK)
        whole->count++;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* One of them, in all spaces. */
static enum ayni_status load_member(struct reader *reader, uint32_t type,
                                    const struct ayni_record *record, struct whole *whole)
{
    enum { SPACES_FEW = 16 };
    struct record_key few[SPACES_FEW], *many = NULL, *keys = few;
    size_t count, room = SPACES_FEW;

    enum ayni_status status = reader_find(reader, record, type, NULL, few, SPACES_FEW, &count);
    if (status == AYNI_OK && count > SPACES_FEW) {
        room = count;
        keys = many = calloc(room, sizeof(*many));
        status = many == NULL ? AYNI_E_MEMORY
                              : reader_find(reader, record, type, NULL, many, room, &count);
    }
    for (size_t i = 0; status == AYNI_OK && i < count && i < room; i++)
        status = load_state(reader, &keys[i], whole);
    free(many);
    return status;
}

static enum ayni_status load_whole(struct reader *reader, uint32_t type,
                                   const struct link_component *component, struct whole *whole)
{
    enum ayni_status status = AYNI_OK;

    whole->kept = component->kept ? &component->child : NULL;
    for (size_t i = 0; status == AYNI_OK && i < component->count; i++)
        status = load_member(reader, type, &component->members[i], whole);
    return status;
}

static bool is_kept(const struct whole *whole, const struct record_state *state, uint32_t number)
{
    return whole->kept != NULL && ayni_id_equal(whole->kept, &state->key.record) &&
           record_state_value(state, number).size > 0;
}

/* The field from where its shown value was written last, of the one that is kept before others;
 * empty where there is none. */
static struct ayni_bytes whole_value(const struct whole *whole, uint32_t number, bool *contested)
{
    const struct ayni_fold_item *newest = NULL;
    struct ayni_bytes value = { 0 };
    bool kept = false;

    for (size_t i = 0; i < whole->count; i++) {
        const struct record_state *state = &whole->states[i];
        const struct ayni_folded_field *field = ayni_folded_field(&state->folded, number);
        if (field == NULL || field->alternative_count == 0)
            continue;
        *contested = *contested || field->contested;
        const struct ayni_fold_item *item = &state->items[field->alternatives[0].items[0]];
        bool comes_first = is_kept(whole, state, number);
        if (newest == NULL || comes_first > kept ||
            (comes_first == kept && ayni_fold_item_order(item, newest) > 0)) {
            newest = item;
            value = record_state_value(state, number);
            kept = comes_first;
        }
    }
    return value;
}

/* --- its facts --- */

/* What is longer than any code is none: unknown. */
static void copy_code(struct ayni_bytes from, char *to, size_t size)
{
    if (!ayni_text_copy(from, to, size))
        to[0] = '\0';
}

/* The public code of a place; what is none would be a territory of its own in every table. */
static void copy_place(struct ayni_bytes from, char to[CONTRIBUTION_PLACE_SIZE])
{
    copy_code(from, to, CONTRIBUTION_PLACE_SIZE);
    if (strspn(to, "0123456789") != from.size || from.size % 2 != 0)
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

    bool born = shown_day(named_value(whole, type, "birth_date", &contested), &facts->birth_date);
    copy_code(shown_text(named_value(whole, type, "state", &contested)), facts->state,
              sizeof(facts->state));
    copy_place(shown_text(named_value(whole, type, "ubigeo", &contested)), facts->place);
    copy_code(shown_text(named_value(whole, type, "sex", &contested)), facts->sex,
              sizeof(facts->sex));
    copy_code(shown_text(named_value(whole, type, "language", &contested)), facts->language,
              sizeof(facts->language));
    facts->contested = contested;
    facts->alive = whole->count > 0 && born;
}

void subject_facts_of(struct record_state *state, const struct ayni_catalogue_type *type,
                      struct subject_facts *facts)
{
    const struct whole whole = { .states = state, .count = 1 };

    *facts = (struct subject_facts){ 0 };
    read_facts(&whole, type, facts);
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

/* What it contributes to those indicators that follow its type. */
static enum ayni_status compute_shares(const struct plan *plan, uint32_t type,
                                       const struct subject_events *events,
                                       struct subject_result *result)
{
    struct contribution contributions[CONTRIBUTIONS_MAX];
    const struct event_fact *own = events->list;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < plan->count; i++) {
        const struct indicator *indicator = &plan->indicators[i];
        size_t count = SUBJECT_EVENTS_OF_CONDITION * indicator->condition_count;
        if (indicator->subject == type)
            status =
                add_shares(result, i, contributions,
                           contributions_of(indicator, &result->facts, own, count, contributions));
        own += count;
    }
    return status;
}

enum ayni_status subject_compute(struct reader *reader, const struct plan *plan, uint32_t type,
                                 const struct ayni_record *record, struct subject_result *result)
{
    const struct ayni_catalogue_type *subject_type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, type);
    __attribute__((cleanup(whole_done))) struct whole whole = { .count = 0 };
    SCOPED_SUBJECT_EVENTS events = { .list = NULL };
    struct link_component component;

    result->count = 0;
    result->facts = (struct subject_facts){ 0 };
    enum ayni_status status = links_component(reader, record, &component);
    if (status != AYNI_OK || subject_type == NULL || !ayni_id_equal(&component.child, record))
        return status;
    status = load_whole(reader, type, &component, &whole);
    if (status != AYNI_OK || whole.count == 0)
        return status;
    read_facts(&whole, subject_type, &result->facts);
    result->facts.contested = result->facts.contested || component.contested;
    if (!result->facts.alive)
        return AYNI_OK;
    status = subject_events_read(reader, plan, &component, &result->facts, &events);
    return status == AYNI_OK ? compute_shares(plan, type, &events, result) : status;
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
