#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/conflict.h"
#include "daemon/records/context.h"
#include "daemon/records/doubts.h"
#include "daemon/records/fork.h"
#include "daemon/records/names.h"
#include "daemon/records/problem.h"
#include "daemon/records/projector_private.h"
#include "daemon/records/prove.h"
#include "daemon/records/territories.h"
#include "daemon/records/walk.h"
#include "daemon/view/view_query.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

/* --- one record --- */

static void read_versions(struct reader *reader, const struct record_state *state)
{
    const struct ayni_fold_item *deletes, *keeps;

    record_state_deletion(state, &deletes, &keeps);
    for (size_t i = 0; i < state->count; i++) {
        SCOPED_BUFFER proof = { 0 };
        (void)!prove_entry(reader, state->versions[i].feed, state->items[i].seq, &proof);
    }
}

static void read_record(struct reader *reader, const struct record_key *key)
{
    struct ayni_feed own = { { 1 } };
    struct context_wish wish = { .own = &own };
    struct record_key found[4];
    struct ayni_seen *seen;
    SCOPED_STATE state = { 0 };
    size_t count;

    if (reader_fold(reader, key, &state) == AYNI_OK)
        read_versions(reader, &state);
    if (context_of(reader, key, &wish, &seen, &count) == AYNI_OK)
        free(seen);
    (void)reader_has(reader, key);
    (void)!reader_find(reader, &key->record, 0, NULL, found, 4, &count);
}

static void walk_all(struct walk *walk)
{
    struct record_key key;

    while (walk_next(walk, &key))
        read_record(walk->reader, &key);
    walk_close(walk);
}

static void read_types(struct reader *reader)
{
    static const uint32_t types[] = { 1, 2, 4, 5, 9, 101, 102, 103, 208, 704, 707, 708 };
    struct walk walk;
    uint64_t count;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        walk_type(reader, NULL, types[i], &walk);
        walk_all(&walk);
        (void)!reader_count(reader, &test_visits, types[i], &count);
    }
    (void)!reader_count(reader, &test_visits, 0, &count);
}

static void read_names(struct reader *reader)
{
    static const char *const names[] = { "dni:99000001", "99000001", "child:dni:99000002",
                                         "organisation:midis" };
    struct ayni_record record;
    struct walk walk;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct complaint complaint = { 0 };
        if (names_record(reader, names[i], NULL, &record, &complaint) != AYNI_OK)
            continue;
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

static bool pass_doubt(void *context, struct reader *reader, const struct doubt *doubt)
{
    (void)context;
    (void)reader;
    (void)doubt;
    return true;
}

static void read_territories(struct reader *reader)
{
    SCOPED_TERRITORIES *territories = NULL;
    struct territory_cache *cache;

    test_must(territory_cache_new(&cache), "cache");
    (void)!territory_cache_hold(cache, reader, &territories);
    territory_cache_free(cache);
}

static void read_lists(struct reader *reader)
{
    struct problem_cursor cursor = { 0 };
    uint64_t count;

    (void)!problems_each(reader, NULL, 0, &cursor, pass_problem, NULL);
    (void)!problems_count(reader, &count);
    (void)!conflicts_each(reader, NULL, 0, pass_conflict, NULL);
    (void)!conflicts_count(reader, &count);
    (void)!forks_each_told(reader, NULL, pass_fork, reader);
    read_territories(reader);
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

static void ask_view(struct reader *reader, const struct plan *plan)
{
    struct view_request request = { .territory = "", .month = 650 };
    struct view_row *rows = NULL;
    size_t count;

    request.edition = plan_edition(plan, "all", NULL, month_last_day(request.month));
    for (unsigned by = 0; by < 4 && request.edition != NULL; by++) {
        request.by_sex = (by & 1) != 0;
        request.by_language = (by & 2) != 0;
        request.level = by * 2;
        if (view_ask(reader, plan, &request, &rows, &count) == AYNI_OK)
            free(rows);
    }
    struct view_place place = { .done = false };
    (void)!view_trace(reader, plan, &request, &place, pass_trace, NULL);
}

static void read_view(struct reader *reader)
{
    struct plan *plan;

    if (plan_load(reader, &plan) != AYNI_OK)
        return;
    ask_view(reader, plan);
    plan_free(plan);
}

static void read_doubts(struct test_node *node)
{
    struct doubts doubts = { 0 };

    for (size_t i = 0; !doubts.done && i < 4; i++)
        (void)!doubts_page(&node->records, &doubts, pass_doubt, NULL);
}

void read_all_records(struct test_node *node, unsigned part)
{
    SCOPED_READER *reader = NULL;
    struct charter *charter;

    test_must(reader_begin(&node->records, &reader), "read");
    switch ((enum read_records_part)part) {
    case READ_RECORDS_TYPES:
        read_types(reader);
        break;
    case READ_RECORDS_NAMES:
        read_names(reader);
        break;
    case READ_RECORDS_LISTS:
        read_lists(reader);
        break;
    case READ_RECORDS_VIEW:
        read_view(reader);
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
