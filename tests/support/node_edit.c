#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/conflict.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/problem.h"
#include "daemon/records/walk.h"
#include "tests/support/node.h"

enum { PAIRS_MAX = 32 };

/* FIELD=VALUE texts, taken apart in `memory`. */
static size_t take_pairs(va_list list, struct edit_assignment *pairs, struct ayni_arena *memory)
{
    size_t count = 0;

    for (const char *text; (text = va_arg(list, const char *)) != NULL; count++) {
        char *copy = ayni_arena_take(memory, strlen(text) + 1, 1);
        char *equals;
        test_require(count < PAIRS_MAX, "fewer pairs");
        memcpy(copy, text, strlen(text) + 1);
        equals = strchr(copy, '=');
        test_require(equals != NULL, "FIELD=VALUE");
        *equals = 0;
        pairs[count] = (struct edit_assignment){ copy, equals + 1 };
    }
    return count;
}

static void must_edit(enum ayni_status status, const struct complaint *complaint, const char *what)
{
    if (status != AYNI_OK)
        ck_abort_msg("%s: %s: %s [%s]", what, ayni_status_name(status),
                     complaint->text == NULL ? "" : complaint->text, complaint->args[0]);
}

struct record_key test_put(struct test_node *node, const char *space, const char *type, ...)
{
    SCOPED_ARENA memory = { 0 };
    struct edit_assignment pairs[PAIRS_MAX];
    struct edit_request request = {
        .type = type, .space = space, .assignments = pairs, .steward = "maria"
    };
    struct edit_result result;
    struct complaint complaint = { 0 };
    va_list list;

    va_start(list, type);
    request.assignment_count = take_pairs(list, pairs, &memory);
    va_end(list);
    must_edit(edit_put(&node->records, &request, &result, &complaint), &complaint, "put");
    return result.key;
}

void test_set(struct test_node *node, const struct record_key *key, ...)
{
    SCOPED_ARENA memory = { 0 };
    struct edit_assignment pairs[PAIRS_MAX];
    char id[AYNI_RECORD_TEXT_SIZE];
    struct edit_request request = { .id = id, .assignments = pairs, .steward = "rosa" };
    struct edit_result result;
    struct complaint complaint = { 0 };
    va_list list;

    ayni_record_text(&key->record, id);
    va_start(list, key);
    request.assignment_count = take_pairs(list, pairs, &memory);
    va_end(list);
    must_edit(edit_set(&node->records, &request, &result, &complaint), &complaint, "set");
}

/* --- what is answered --- */

static void put_hex(struct ayni_buffer *text, const void *bytes, size_t size)
{
    char hex[3];

    for (size_t i = 0; i < size; i++) {
        snprintf(hex, sizeof(hex), "%02x", ((const uint8_t *)bytes)[i]);
        ayni_buffer_append_text(text, hex);
    }
    ayni_buffer_append_text(text, " ");
}

static void put_number(struct ayni_buffer *text, const char *name, uint64_t number)
{
    char word[64];

    snprintf(word, sizeof(word), "%s=%llu ", name, (unsigned long long)number);
    ayni_buffer_append_text(text, word);
}

static void put_key(struct ayni_buffer *text, const struct record_key *key)
{
    put_hex(text, key->space.bytes, 16);
    put_number(text, "type", key->type);
    put_hex(text, key->record.bytes, 16);
}

static void put_state(struct ayni_buffer *text, const struct record_state *state)
{
    put_number(text, "versions", state->count);
    put_number(text, "deleted", state->folded.deleted);
    put_number(text, "contested", state->folded.contested);
    for (size_t i = 0; i < state->count; i++) {
        put_hex(text, state->items[i].chain.bytes, 8);
        put_number(text, "valid", state->items[i].valid);
    }
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        put_number(text, "field", field->number);
        put_number(text, "contested", field->contested);
        put_hex(text, field->shown.data, field->shown.size);
        for (size_t j = 0; j < field->alternative_count; j++)
            put_hex(text, field->alternatives[j].value.data, field->alternatives[j].value.size);
    }
    ayni_buffer_append_text(text, "\n");
}

/* Who is one with it. */
static void put_component(struct reader *reader, const struct ayni_record *record,
                          struct ayni_buffer *text)
{
    struct link_component component;

    test_must(links_component(reader, record, &component), "component");
    if (component.count == 1 && !component.contested)
        return;
    put_number(text, "contested link", component.contested);
    put_hex(text, component.child.bytes, 16);
    for (size_t i = 0; i < component.count; i++)
        put_hex(text, component.members[i].bytes, 16);
}

/* Each record of a (space, type), as the counts name them, with whom it is found by. */
static void put_records(struct reader *reader, uint32_t type, struct ayni_buffer *text)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_type(reader, NULL, type, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        SCOPED_WALK about = { 0 };
        struct record_key found;
        uint64_t count;
        put_key(text, &key);
        test_must(reader_fold(reader, &key, &state), "fold");
        put_state(text, &state);
        test_must(reader_count(reader, &key.space, type, &count), "count");
        put_number(text, "of", count);
        walk_subject(reader, &key.record, &about);
        while (walk_next(&about, &found))
            put_key(text, &found);
        test_must(about.status, "walk");
        put_component(reader, &key.record, text);
    }
    test_must(walk.status, "walk");
}

static bool put_conflict(void *context, const struct conflict *conflict)
{
    struct ayni_buffer *text = context;

    put_key(text, &conflict->key);
    put_number(text, "since", conflict->since.ms);
    for (size_t i = 0; i < conflict->field_count; i++)
        put_number(text, "field", conflict->fields[i]);
    for (size_t i = 0; i < conflict->node_count; i++)
        put_hex(text, conflict->nodes[i].bytes, 8);
    ayni_buffer_append_text(text, "\n");
    return true;
}

/* Feeds are numbered by arrival, so what names one by its number is left out, and so is the order.
 */
static bool put_problem(void *context, const struct problem *problem)
{
    struct ayni_buffer line = { 0 };

    put_key(&line, &problem->key);
    put_number(&line, problem_kind_name(problem->kind), problem->field);
    put_hex(&line, problem->code.data, problem->code.size);
    ayni_buffer_append_byte(&line, 0);
    test_must(ayni_buffer_status(&line), "memory");
    ayni_buffer_append(context, &line.data, sizeof(line.data));
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_problems(struct reader *reader, struct ayni_buffer *text)
{
    SCOPED_BUFFER lines = { 0 };
    struct problem_cursor from = { 0 };

    test_must(problems_each(reader, NULL, 0, &from, put_problem, &lines), "problems");
    char **sorted = (char **)lines.data;
    size_t count = lines.size / sizeof(*sorted);
    if (count > 1)
        qsort(sorted, count, sizeof(*sorted), by_text);
    for (size_t i = 0; i < count; i++) {
        ayni_buffer_append_text(text, sorted[i]);
        ayni_buffer_append_text(text, "\n");
        free(sorted[i]);
    }
}

/* By their age, of which there are as many as conflicts. */
static void put_conflicts(struct reader *reader, enum conflict_kind kind, struct ayni_buffer *text)
{
    const struct conflict_filter all = { .kind = kind };
    const size_t table = kind == CONFLICT_OPEN ? RECORDS_TABLE_AGES : RECORDS_TABLE_MERGED_AGES;
    struct conflict_cursor from = { 0 };
    uint64_t count, ages;

    put_number(text, "conflicts of kind", kind);
    test_must(conflicts_each(reader, &all, &from, put_conflict, text), "conflicts");
    test_must(conflicts_count(reader, kind, &count), "count");
    test_must(views_count(reader_views(reader), table, &ages), "ages");
    test_must(count == ages ? AYNI_OK : AYNI_E_MALFORMED, "an age of each conflict");
}

void test_node_answers(struct test_node *node, struct ayni_buffer *text)
{
    static const uint32_t types[] = { 101, 102, 103, 104, 203, 208, 601, 703, 704 };
    SCOPED_READER *reader = NULL;

    test_node_settle(node);
    test_must(reader_begin(&node->records, &reader), "read");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        put_records(reader, types[i], text);
    ayni_buffer_append_text(text, "conflicts\n");
    put_conflicts(reader, CONFLICT_OPEN, text);
    put_conflicts(reader, CONFLICT_MERGED, text);
    ayni_buffer_append_text(text, "problems\n");
    put_problems(reader, text);
    ayni_buffer_append_byte(text, 0);
    test_must(ayni_buffer_status(text), "memory");
}
