#include "daemon/view/act_list.h"

#include <stdlib.h>

#include "daemon/records/occasion_walk.h"
#include "daemon/records/walk.h"
#include "daemon/view/act_join.h"
#include "daemon/view/plan.h"
#include "daemon/view/shown.h"
#include "daemon/view/subject.h"
#include "proto/cbor.h"

enum { TYPE_DEATH = 218, EVENT_SUBJECT = 1, EVENT_DATE = 2 };

void act_list_free(struct act_list *list)
{
    free(list->children);
    free(list->places);
    *list = (struct act_list){ 0 };
}

/* --- deaths of the space --- */

struct death {
    struct ayni_record subject;
    int64_t day;
};
struct deaths {
    struct ayni_buffer list; /* struct death, by subject and day */
};

static void deaths_done(struct deaths *deaths)
{
    ayni_buffer_free(&deaths->list);
}

static int compare_deaths(const void *a, const void *b)
{
    const struct death *x = a, *y = b;
    int order = ayni_id_compare(&x->subject, &y->subject);

    return order != 0 ? order : (x->day > y->day) - (x->day < y->day);
}

static void note_death(const struct record_state *state, struct deaths *deaths)
{
    struct ayni_cbor_reader subject = ayni_cbor_reader(record_state_value(state, EVENT_SUBJECT));
    struct death death;

    ayni_cbor_read_id(&subject, &death.subject);
    if (ayni_cbor_done(&subject) == AYNI_OK &&
        shown_day(record_state_value(state, EVENT_DATE), &death.day))
        ayni_buffer_append(&deaths->list, &death, sizeof(death));
}

/* The next of a walk that is shown; AYNI_E_NOT_FOUND at its end. */
static enum ayni_status next_shown(struct walk *walk, struct record_key *key,
                                   struct record_state *state)
{
    while (walk_next(walk, key)) {
        record_state_free(state);
        enum ayni_status status = reader_fold_refs(walk->reader, key, walk->value, state);
        if (status == AYNI_OK && !record_state_gone(state))
            return AYNI_OK;
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
    }
    return walk->status == AYNI_OK ? AYNI_E_NOT_FOUND : walk->status;
}

static enum ayni_status read_deaths(struct reader *reader, const struct ayni_space *space,
                                    struct deaths *deaths)
{
    SCOPED_WALK walk = { 0 };
    SCOPED_STATE state = { 0 };
    struct record_key key;
    enum ayni_status status;

    walk_type(reader, space, TYPE_DEATH, &walk);
    while ((status = next_shown(&walk, &key, &state)) == AYNI_OK)
        note_death(&state, deaths);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    if (deaths->list.size > 0)
        qsort(deaths->list.data, deaths->list.size / sizeof(struct death), sizeof(struct death),
              compare_deaths);
    return ayni_buffer_status(&deaths->list);
}

/* Its first death, if it has one. */
static void find_death(const struct deaths *deaths, const struct ayni_record *subject,
                       struct subject_facts *facts)
{
    const struct death *list = (const struct death *)deaths->list.data;
    size_t low = 0, high = deaths->list.size / sizeof(*list);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ayni_id_compare(&list[middle].subject, subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    facts->has_death =
        low < deaths->list.size / sizeof(*list) && ayni_id_equal(&list[low].subject, subject);
    if (facts->has_death)
        facts->death_date = list[low].day;
}

/* --- who is in the list --- */

static bool counts_in(const struct indicator *indicator, const struct subject_facts *facts,
                      month_no month)
{
    struct contribution contributions[CONTRIBUTIONS_MAX];
    size_t count = contributions_of(indicator, facts, NULL, 0, contributions);

    for (size_t i = 0; i < count; i++)
        if (contributions[i].first <= month && month <= contributions[i].last)
            return true;
    return false;
}

/* What the making of a list has at hand. */
struct making {
    struct reader *reader;
    const struct act_scope *scope;
    const struct ayni_catalogue_type *type;
    const struct indicator *indicator;
    struct deaths deaths;
    struct ayni_buffer children; /* struct ayni_listed */
    struct ayni_buffer places;
};

static void making_done(struct making *making)
{
    deaths_done(&making->deaths);
    ayni_buffer_free(&making->children);
    ayni_buffer_free(&making->places);
}

static enum ayni_status take_child(struct making *making, const struct record_key *key,
                                   struct record_state *state)
{
    const char *place = making->scope->place;
    SCOPED_ARENA memory = { 0 };
    struct subject_facts facts;
    struct ayni_listed listed = { .id = key->record };
    struct ayni_shown shown;
    enum ayni_status status;

    subject_facts_of(state, making->type, &facts);
    if (!facts.alive || strncmp(facts.place, place, strlen(place)) != 0)
        return AYNI_OK;
    find_death(&making->deaths, &key->record, &facts);
    if (!counts_in(making->indicator, &facts, making->scope->month))
        return AYNI_OK;
    shown.fields = record_state_shown(state, &memory, &shown.count);
    status = ayni_arena_status(&memory);
    if (status == AYNI_OK)
        status = ayni_listed_digest(ACT_LIST_TYPE, &shown, 1, listed.digest);
    ayni_buffer_append(&making->children, &listed, sizeof(listed));
    ayni_buffer_append(&making->places, facts.place, sizeof(facts.place));
    return status;
}

/* Those of one district, out of the index of places: in its order. */
static enum ayni_status take_indexed(struct making *making)
{
    const struct act_scope *scope = making->scope;
    struct occasion_wish wish = occasion_wish_all(ACT_LIST_TYPE);
    SCOPED_OCCASION_WALK walk = { 0 };
    struct occasion_row row;

    wish.spaces = &scope->space;
    wish.space_count = 1;
    memcpy(wish.place_from, scope->place, sizeof(wish.place_from));
    memcpy(wish.place_to, scope->place, sizeof(wish.place_to));
    occasion_walk_open(making->reader, &wish, &walk);
    while (occasion_walk_next(&walk, &row)) {
        struct record_key key = { scope->space, ACT_LIST_TYPE, row.record };
        SCOPED_STATE state = { 0 };
        enum ayni_status status = row.single ? reader_fold_single(making->reader, &row.ref, &state)
                                             : reader_fold(making->reader, &key, &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            status = take_child(making, &state.key, &state);
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
    }
    return walk.status;
}

/* All of the space, ascending. */
static enum ayni_status take_all(struct making *making)
{
    SCOPED_WALK walk = { 0 };
    SCOPED_STATE state = { 0 };
    struct record_key key;
    enum ayni_status status;

    walk_type(making->reader, &making->scope->space, ACT_LIST_TYPE, &walk);
    while ((status = next_shown(&walk, &key, &state)) == AYNI_OK) {
        status = take_child(making, &key, &state);
        if (status != AYNI_OK)
            return status;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* Of one district they have one place, and are only to be put in order. */
static enum ayni_status take_children(struct making *making)
{
    bool is_district = strlen(making->scope->place) == OCCASION_PLACE_SIZE, usable = false, odd;
    enum ayni_status status = AYNI_OK;

    if (is_district)
        status = occasions_usable(making->reader, ACT_LIST_TYPE, &usable, &odd);
    if (status == AYNI_OK)
        status = usable ? take_indexed(making) : take_all(making);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&making->children);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&making->places);
    if (status == AYNI_OK && usable && making->children.size > 0)
        qsort(making->children.data, making->children.size / sizeof(struct ayni_listed),
              sizeof(struct ayni_listed), ayni_listed_compare);
    return status;
}

/* Takes over what two buffers hold, and hashes it. */
static enum ayni_status close_list(struct ayni_buffer *children, struct ayni_buffer *places,
                                   const char *place, month_no month, struct act_list *list)
{
    list->count = children->size / sizeof(*list->children);
    list->children = (struct ayni_listed *)children->data;
    list->places = (char(*)[CONTRIBUTION_PLACE_SIZE])places->data;
    *children = *places = (struct ayni_buffer){ 0 };
    return ayni_list_root("children", place, month_first_day(month), list->children, list->count,
                          &list->root);
}

static enum ayni_status make(struct making *making, const struct plan *plan, struct act_list *list)
{
    const struct act_scope *scope = making->scope;
    enum ayni_status status;

    making->indicator = plan_edition(plan, "children", NULL, month_last_day(scope->month));
    making->type = ayni_catalogue_type(reader_charter(making->reader)->catalogue, ACT_LIST_TYPE);
    if (making->indicator == NULL || making->type == NULL)
        return AYNI_E_NOT_FOUND;
    status = read_deaths(making->reader, &scope->space, &making->deaths);
    if (status == AYNI_OK)
        status = take_children(making);
    if (status == AYNI_OK)
        status = act_join(making->reader, &scope->space, &making->children, &making->places);
    if (status != AYNI_OK)
        return status;
    return close_list(&making->children, &making->places, scope->place, scope->month, list);
}

enum ayni_status act_list_make(struct reader *reader, const struct act_scope *scope,
                               struct act_list *list)
{
    __attribute__((cleanup(making_done))) struct making making = { .reader = reader,
                                                                   .scope = scope };
    struct plan *plan;
    enum ayni_status status = plan_load(reader, &plan);

    *list = (struct act_list){ 0 };
    if (status != AYNI_OK)
        return status;
    status = make(&making, plan, list);
    plan_free(plan);
    if (status != AYNI_OK)
        act_list_free(list);
    return status;
}

enum ayni_status act_list_part(const struct act_list *whole, const char *place, month_no month,
                               struct act_list *part)
{
    SCOPED_BUFFER children = { 0 };
    SCOPED_BUFFER places = { 0 };
    enum ayni_status status;

    *part = (struct act_list){ 0 };
    for (size_t i = 0; i < whole->count; i++) {
        if (strncmp(whole->places[i], place, strlen(place)) != 0)
            continue;
        ayni_buffer_append(&children, &whole->children[i], sizeof(whole->children[i]));
        ayni_buffer_append(&places, whole->places[i], sizeof(whole->places[i]));
    }
    status = ayni_buffer_status(&children);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&places);
    return status == AYNI_OK ? close_list(&children, &places, place, month, part) : status;
}

/* --- what is asked of it --- */

static int compare_ids(const void *a, const void *b)
{
    const struct ayni_record *x = a, *y = b;

    return ayni_id_compare(x, y);
}

/* Where it has that child; NULL: it hasn't. */
static const struct ayni_listed *find(const struct act_list *list, const struct ayni_record *child)
{
    return list->count == 0
               ? NULL
               : bsearch(child, list->children, list->count, sizeof(*list->children), compare_ids);
}

size_t act_list_missing(const struct act_list *list, const struct act_list *other)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += find(other, &list->children[i].id) == NULL;
    return count;
}

void act_list_sketch(const struct act_list *list, struct ayni_sketch *sketch)
{
    *sketch = (struct ayni_sketch){ 0 };
    for (size_t i = 0; i < list->count; i++)
        ayni_sketch_add(sketch, &list->children[i]);
}
