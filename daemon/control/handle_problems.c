/* problems: what doesn't count, what is wrong with what does, and the way out. */
#include "daemon/control/commands.h"

#include <string.h>

#include "daemon/control/error.h"
#include "daemon/control/node_problems.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/control/sealed_problems.h"
#include "daemon/daemon.h"
#include "daemon/records/checker.h"
#include "daemon/records/doubts.h"
#include "daemon/records/names.h"
#include "daemon/records/problem.h"
#include "daemon/records/tables.h"
#include "proto/registry.h"
#include "proto/value_check.h"

struct listing {
    struct control_call *call;
    struct reader *reader;
    bool english;
    struct outbox outbox;
};

static void put_place(struct ayni_control_writer *item, const struct charter *charter,
                      const struct record_key *key)
{
    char name[NAMES_SIZE];

    if (key->type == 0)
        ayni_control_put_null(item, "id");
    else
        record_item_key(item, charter, key, false);
    names_of_space(charter, &key->space, name);
    ayni_control_put_text(item, "space", name);
}

static void put_field(struct ayni_control_writer *item, const struct charter *charter,
                      const struct record_key *key, uint32_t field)
{
    char name[NAMES_SIZE];

    if (field == 0)
        return;
    names_of_field(charter, key->type, field, name);
    ayni_control_put_text(item, "field", name);
}

/* --- what views/ has: versions that don't count, values, lacks --- */

/* What is wrong, and what to do about it, in English: the command translates it. */
static const struct {
    const char *text, *hint;
} words[] = {
    [PROBLEM_MALFORMED] = { N_("what came is no version of a record"),
                            N_("it doesn't count; ask who wrote it to enter it anew with a program "
                               "that works") },
    [PROBLEM_CUT] = { N_("what came is no cut"),
                      N_("it doesn't count; ask who wrote it to enter it anew with a program that "
                         "works") },
    [PROBLEM_PROOF] = { N_("what came proves no fork"),
                        N_("it changes nothing; ask who runs that node why it accuses another") },
    [PROBLEM_ERASE] = { N_("what came is no order of erasure"),
                        N_("it erases nothing; ask who wrote it to order it anew with a program "
                           "that works") },
    [PROBLEM_RECEIPT] = { N_("what came is no receipt of an erasure"),
                          N_("it confirms nothing; ask who wrote it to confirm anew with a program "
                             "that works") },
    [PROBLEM_ERASED] = { N_("it was written without having seen that the record was erased, and "
                            "was "
                            "erased when it came"),
                         N_("whoever wrote it can enter the record anew: `ayni put`, `ayni set`") },
    [PROBLEM_NO_RIGHT] = { N_("its writer had no right to write there"),
                           N_("it doesn't count until the space's owner grants its writer the "
                              "right") },
    [PROBLEM_MARKED] = { N_("its writer's right has ended"),
                         N_("it counts until the space's owner says up to where its writer's "
                            "entries do") },
    [PROBLEM_FUTURE] = { N_("its time was far ahead when it came"),
                         N_("the clock of its writer is ahead: have it set") },
    [PROBLEM_VALUE] = { N_("a value is not valid"), N_("correct the field: `ayni set`") },
    [PROBLEM_MISSING] = { N_("{} needs a value"), N_("correct the field: `ayni set`") },
};

/* Why the value is none of its field's; it may be another one meanwhile. */
static void say_value(const struct listing *listing, const struct problem *problem,
                      struct complaint *to)
{
    SCOPED_STATE state = { 0 };
    struct ayni_reason reason;
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(listing->reader)->catalogue, problem->key.type);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field(type, problem->field);

    if (field != NULL && reader_fold(listing->reader, &problem->key, &state) == AYNI_OK &&
        ayni_value_check(field, record_state_value(&state, field->number), &reason) ==
            AYNI_E_INVALID)
        (void)complain_why(to, AYNI_OK, &reason);
}

static void say_problem(const struct listing *listing, const struct problem *problem,
                        struct complaint *to)
{
    char field[NAMES_SIZE];

    names_of_field(reader_charter(listing->reader), problem->key.type, problem->field, field);
    complain_hint(to, words[problem->kind].hint, NULL);
    if (problem->kind == PROBLEM_VALUE)
        say_value(listing, problem, to);
    (void)complain(to, AYNI_OK, words[problem->kind].text, field, NULL);
}

/* Who wrote the record last, and when. */
static void put_last(struct ayni_control_writer *item, struct reader *reader,
                     const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);
    const struct ayni_fold_item *newest = status == AYNI_OK ? record_state_newest(&state) : NULL;

    if (newest == NULL) {
        ayni_control_put_null(item, "node");
        ayni_control_put_null(item, "time");
        return;
    }
    ayni_control_put_node(item, "node", &newest->node);
    ayni_control_put_instant(item, "time", newest->time);
}

/* Who wrote the version, and when. */
static void put_origin(struct ayni_control_writer *item, struct reader *reader,
                       const struct problem *problem)
{
    const struct log_feed *feed = reader_feed(reader, problem->ref.feed);
    struct log_entry entry;

    if (problem->ref.seq == 0) {
        put_last(item, reader, &problem->key);
        return;
    }
    if (feed == NULL ||
        log_get_entry(reader_log(reader), problem->ref.feed, problem->ref.seq, &entry) != AYNI_OK) {
        ayni_control_put_null(item, "node");
        ayni_control_put_null(item, "time");
        return;
    }
    ayni_control_put_node(item, "node", &feed->descriptor.node);
    ayni_control_put_instant(item, "time", entry.entry.time);
}

static bool put_problem(void *context, const struct problem *problem)
{
    struct listing *listing = context;
    const struct charter *charter = reader_charter(listing->reader);
    struct ayni_control_writer *item;
    struct complaint said = { 0 };

    if (problem->kind >= sizeof(words) / sizeof(words[0]) || words[problem->kind].text == NULL)
        return true; /* cannot be: this program wrote the table */
    say_problem(listing, problem, &said);
    item = outbox_begin(&listing->outbox);
    ayni_control_open_object(item, NULL);
    put_place(item, charter, &problem->key);
    put_origin(item, listing->reader, problem);
    ayni_control_put_string(item, "reason", problem->code);
    put_field(item, charter, &problem->key, problem->field);
    control_words_put(item, &said);
    ayni_control_close(item);
    outbox_end(&listing->outbox);
    return !outbox_is_full(&listing->outbox);
}

static enum ayni_status gather_problems(struct daemon *daemon, struct listing *listing,
                                        const struct scope *scope, struct problem_cursor *from)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    listing->reader = reader;
    return status == AYNI_OK
               ? problems_each(reader, scope_space(scope), scope->type, from, put_problem, listing)
               : status;
}

static enum ayni_status list_problems(struct daemon *daemon, struct listing *listing,
                                      const struct scope *scope)
{
    struct problem_cursor from = { 0 };
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !from.done) {
        status = gather_problems(daemon, listing, scope, &from);
        if (status == AYNI_OK)
            status = outbox_send(&listing->outbox, listing->call);
    }
    return status;
}

/* --- what the catalogue's rules find --- */

static void say_doubt(const struct listing *listing, const struct doubt *doubt,
                      struct complaint *to)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(listing->reader)->catalogue, doubt->state->key.type);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field(type, doubt->finding->field);

    if (doubt->finding->status == AYNI_E_RIGHT && field != NULL)
        complain_hint(to, N_("write it into a space that is at least {}"),
                      ayni_class_name(field->read), NULL);
    else
        complain_hint(to, words[PROBLEM_VALUE].hint, NULL);
    (void)checker_complain(doubt->finding, listing->english, to);
}

static bool put_doubt(void *context, struct reader *reader, const struct doubt *doubt)
{
    struct listing *listing = context;
    const struct charter *charter = reader_charter(reader);
    const struct ayni_fold_item *newest = record_state_newest(doubt->state);
    struct ayni_control_writer *item = outbox_begin(&listing->outbox);
    struct complaint said = { 0 };

    listing->reader = reader;
    say_doubt(listing, doubt, &said);
    ayni_control_open_object(item, NULL);
    put_place(item, charter, &doubt->state->key);
    ayni_control_put_node(item, "node", &newest->node);
    ayni_control_put_instant(item, "time", newest->time);
    ayni_control_put_text(item, "reason", said.code);
    put_field(item, charter, &doubt->state->key, doubt->finding->field);
    ayni_control_put_text(item, "level",
                          doubt->finding->level == AYNI_LEVEL_WARN ? "warn" : "reject");
    control_words_put(item, &said);
    ayni_control_close(item);
    outbox_end(&listing->outbox);
    return !outbox_is_full(&listing->outbox);
}

static enum ayni_status count_records(struct daemon *daemon, uint64_t *count)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    return status == AYNI_OK ? views_count(reader_views(reader), RECORDS_TABLE_RECORDS, count)
                             : status;
}

static enum ayni_status list_doubts(struct daemon *daemon, struct listing *listing,
                                    const struct scope *scope)
{
    struct doubts doubts = { .type = scope->type, .space = scope_space(scope) };
    bool whole = doubts.type == 0 && doubts.space == NULL;
    uint64_t total = 0; /* not known */
    enum ayni_status status = whole ? count_records(daemon, &total) : AYNI_OK;

    while (status == AYNI_OK && !doubts.done) {
        status = doubts_page(&daemon->records, &doubts, put_doubt, listing);
        if (status == AYNI_OK)
            status = outbox_send(&listing->outbox, listing->call);
        if (status == AYNI_OK)
            status = call_progress(listing->call, doubts.looked_at, total);
        if (status == AYNI_OK && call_cancelled(listing->call))
            status = AYNI_E_STOPPED;
    }
    return status;
}

static enum ayni_status read_scope(struct daemon *daemon, struct control_call *call,
                                   struct scope *scope)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);

    return scope_read(call, charter, scope);
}

static enum ayni_status handle_problems(struct daemon *daemon, struct control_call *call)
{
    struct listing listing = { .call = call, .english = strcmp(call_language(call), "en") == 0 };
    struct scope scope;
    enum ayni_status status = read_scope(daemon, call, &scope);

    if (status == AYNI_OK)
        status = node_problems_list(daemon, call, &scope, &listing.outbox);
    if (status == AYNI_OK)
        status = sealed_problems_list(daemon, call, &scope, &listing.outbox);
    if (status == AYNI_OK)
        status = list_problems(daemon, &listing, &scope);
    if (status == AYNI_OK)
        status = list_doubts(daemon, &listing, &scope);
    outbox_free(&listing.outbox);
    return status;
}

const struct control_command control_problems_commands[] = {
    { "problems", handle_problems, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
