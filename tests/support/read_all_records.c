#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/conflict.h"
#include "daemon/records/context.h"
#include "daemon/records/discrepancy.h"
#include "daemon/records/doubts.h"
#include "daemon/records/erasure/erasure.h"
#include "daemon/records/fork.h"
#include "daemon/records/links/alike.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/locate.h"
#include "daemon/records/names.h"
#include "daemon/records/occasion_walk.h"
#include "daemon/records/problem.h"
#include "daemon/records/projection/projector_private.h"
#include "daemon/records/prove.h"
#include "daemon/records/sealed.h"
#include "daemon/records/territory_cache.h"
#include "daemon/records/walk.h"
#include "daemon/view/view_query.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

/* --- one record --- */

static void read_versions(struct reader *reader, const struct record_state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        SCOPED_BUFFER proof = { 0 };
        (void)!prove_entry(reader, state->versions[i].feed, state->items[i].seq, &proof);
    }
}

static void read_alike(struct reader *reader, const struct record_key *key)
{
    SCOPED_LIKENESS_SEARCH *search = NULL;
    struct ayni_record child;
    struct alike_list list;
    size_t count;

    if (alike_children_of(reader, key, &child, 1, &count) == AYNI_OK && count > 0 &&
        likeness_search_new(reader, &likeness_at_entry, &search) == AYNI_OK)
        (void)!alike_find(search, reader, &child, &list);
}

static void read_record(struct reader *reader, const struct record_key *key)
{
    struct ayni_feed own = { { 1 } };
    struct context_wish wish = { .own = &own };
    struct link_component component;
    struct record_key found[4];
    struct ayni_seen *seen;
    SCOPED_STATE state = { 0 };
    size_t count;

    if (reader_fold(reader, key, &state) == AYNI_OK)
        read_versions(reader, &state);
    if (context_of(reader, key, &wish, &seen, &count) == AYNI_OK)
        free(seen);
    (void)reader_has(reader, key);
    (void)!links_component(reader, &key->record, &component);
    read_alike(reader, key);
    (void)!reader_find(reader, &key->record, 0, NULL, found, 4, &count);
}

static void walk_all(struct walk *walk)
{
    struct record_key key;

    while (walk_next(walk, &key))
        read_record(walk->reader, &key);
    walk_close(walk);
}

static void read_occasions(struct reader *reader, uint32_t type)
{
    struct occasion_wish wish = occasion_wish_all(type);
    SCOPED_OCCASION_WALK walk = { 0 };
    struct occasion_row row;
    bool usable, odd;

    wish.spaces = &test_visits;
    wish.space_count = 1;
    (void)!occasions_usable(reader, type, &usable, &odd);
    occasion_walk_open(reader, &wish, &walk);
    while (occasion_walk_next(&walk, &row)) {
        SCOPED_STATE state = { 0 };
        const struct record_key key = { row.space, type, row.record };
        if (row.single)
            (void)!reader_fold_single(reader, &row.ref, &state);
        else
            (void)!reader_fold(reader, &key, &state);
    }
}

static void read_type(struct reader *reader, unsigned which)
{
    static const uint32_t types[] = { 1, 2, 4, 5, 9, 101, 102, 103, 208, 601, 704, 707, 708 };
    uint32_t type = types[which % (sizeof(types) / sizeof(types[0]))];
    struct walk walk;
    uint64_t count;

    walk_type(reader, NULL, type, &walk);
    walk_all(&walk);
    read_occasions(reader, type);
    (void)!reader_count(reader, &test_visits, type, &count);
    (void)!reader_count(reader, &test_visits, 0, &count);
}

static void read_name(struct reader *reader, unsigned which)
{
    static const char *const names[] = { "dni:99000001", "99000001", "child:dni:99000002",
                                         "organisation:midis" };
    const char *name = names[which % (sizeof(names) / sizeof(names[0]))];
    struct complaint complaint = { 0 };
    struct ayni_record record;
    struct walk walk;

    if (names_record(reader, name, NULL, &record, &complaint) == AYNI_OK) {
        walk_subject(reader, &record, &walk);
        walk_all(&walk);
    }
    (void)!reader_find_prefix(reader, TEST_BYTES("010203"), 0, &record);
}

/* --- lists --- */

static bool pass_problem(void *context, const struct problem *problem)
{
    (void)context;
    (void)problem_kind_name(problem->kind);
    return true;
}

static bool pass_conflict(void *context, const struct conflict *conflict)
{
    (void)context;
    (void)conflict;
    return true;
}

static bool pass_fork(void *context, const struct fork_told *told)
{
    (void)fork_told_counts(context, told);
    return true;
}

static bool pass_order(void *context, const struct erasure_order *order)
{
    (void)context;
    (void)erasure_order_name(order);
    return true;
}

static enum ayni_status pass_doubts(void *context, const struct surveyed *record, bool *enough)
{
    struct doubts doubts;
    struct discrepancies discrepancies;
    char code[LOCATE_CODE_SIZE];

    (void)context;
    (void)enough;
    (void)!locate_record(record->reader, record->state, code);
    (void)!discrepancies_of(record->reader, record->state, &discrepancies);
    return doubts_of(record, &doubts);
}

static void read_territories(struct reader *reader)
{
    SCOPED_TERRITORIES *territories = NULL;
    struct kept_cache *cache;

    test_must(territory_cache_new(&cache), "cache");
    (void)!territory_cache_hold(cache, reader, &territories);
    kept_cache_free(cache);
}

static void read_conflicts(struct reader *reader, enum conflict_kind kind)
{
    const struct conflict_filter all = { .kind = kind };
    struct conflict_cursor from = { 0 };
    uint64_t count;

    (void)!conflicts_each(reader, &all, &from, pass_conflict, NULL);
    (void)!conflicts_count(reader, kind, &count);
}

/* What no key here opens. */
static bool pass_feed(void *context, const struct log_feed *feed)
{
    struct views_snapshot *views = context;
    struct sealed_count count;
    struct version_ref first;

    (void)!sealed_first(views, feed->no, &first);
    (void)!sealed_count_of(views, feed->no, &count);
    return true;
}

static void read_sealed(struct reader *reader)
{
    bool left;

    (void)!sealed_tasks_left(reader_views(reader), &left);
    (void)!log_each_feed(reader_log(reader), pass_feed, reader_views(reader));
}

static void read_list(struct reader *reader, unsigned which)
{
    struct problem_cursor cursor = { 0 };
    uint64_t count;

    switch (which % 6) {
    case 0:
        (void)!problems_each(reader, NULL, 0, &cursor, pass_problem, NULL);
        (void)!problems_count(reader, &count);
        break;
    case 1:
        read_conflicts(reader, CONFLICT_OPEN);
        read_conflicts(reader, CONFLICT_MERGED);
        break;
    case 2:
        (void)!forks_each_told(reader, NULL, pass_fork, reader);
        break;
    case 3:
        (void)!erasure_each_order(reader, NULL, pass_order, NULL);
        break;
    case 4:
        read_sealed(reader);
        break;
    default:
        read_territories(reader);
    }
}

/* --- the view --- */

static bool pass_trace(void *context, const struct indicator *indicator,
                       const struct ayni_record *subject, uint32_t type,
                       const struct subject_facts *facts, const struct contribution *contribution)
{
    (void)context;
    (void)indicator;
    (void)subject;
    (void)type;
    (void)facts;
    (void)contribution;
    return true;
}

static void ask_view(struct reader *reader, const struct plan *plan, unsigned which)
{
    struct view_request request = { .territory = "",
                                    .month = 650,
                                    .by_sex = which % 2 != 0,
                                    .by_language = which / 2 % 2 != 0,
                                    .level = which % 4 * 2 };
    struct view_place place = { .done = false };
    struct view_row *rows = NULL;
    size_t count;

    request.edition = plan_edition(plan, "all", NULL, month_last_day(request.month));
    if (request.edition == NULL)
        return;
    if (view_ask(reader, plan, &request, &rows, &count) == AYNI_OK)
        free(rows);
    if (which % 4 == 0)
        (void)!view_trace(reader, plan, &request, &place, pass_trace, NULL);
}

static void read_view(struct reader *reader, unsigned which)
{
    struct plan *plan;

    if (plan_load(reader, &plan) != AYNI_OK)
        return;
    ask_view(reader, plan, which);
    plan_free(plan);
}

static void read_doubts(struct test_node *node)
{
    struct survey survey = { 0 };

    for (size_t i = 0; !survey.done && i < 4; i++)
        (void)!survey_page(&node->records, &survey, true, pass_doubts, NULL);
}

void read_all_records(struct test_node *node, unsigned part, unsigned which)
{
    SCOPED_READER *reader = NULL;
    struct charter *charter;

    test_must(reader_begin(&node->records, &reader), "read");
    switch ((enum read_records_part)part) {
    case READ_RECORDS_TYPES:
        read_type(reader, which);
        break;
    case READ_RECORDS_NAMES:
        read_name(reader, which);
        break;
    case READ_RECORDS_LISTS:
        read_list(reader, which);
        break;
    case READ_RECORDS_VIEW:
        read_view(reader, which);
        break;
    case READ_RECORDS_CHARTER:
        if (charter_from_views(&node->records.projector->owner, reader_views(reader),
                               reader_log(reader), &charter) == AYNI_OK)
            charter_release(charter);
        break;
    case READ_RECORDS_DOUBTS:
        read_doubts(node);
        break;
    }
}
