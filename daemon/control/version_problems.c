#include "daemon/control/version_problems.h"

#include "daemon/control/problem_item.h"
#include "daemon/daemon.h"
#include "daemon/records/locate.h"
#include "daemon/records/names.h"
#include "daemon/records/problem.h"
#include "daemon/records/tables.h"
#include "proto/text.h"
#include "proto/value_check.h"

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

struct listing {
    struct reader *reader;
    struct problem_filter *filter;
    struct outbox *outbox;
    enum ayni_status status;
};

/* A problem on its way into the list. */
struct found {
    const struct problem *problem;
    struct record_state state; /* of its record; all zero where there is none */
    bool has_node;
    struct ayni_node node; /* who wrote the version; of the record as it folds, who wrote last */
    struct ayni_instant time;
    char place[LOCATE_CODE_SIZE];
};

static void found_done(struct found *found)
{
    record_state_free(&found->state);
}

/* Where nobody knows, `found` stays as it is. */
static void read_writer(struct reader *reader, struct found *found)
{
    const struct version_ref *ref = &found->problem->ref;
    const struct ayni_fold_item *newest = record_state_newest(&found->state);
    const struct log_feed *feed = ref->seq == 0 ? NULL : reader_feed(reader, ref->feed);
    struct log_entry entry;

    if (ref->seq == 0 && newest != NULL) {
        found->node = newest->node;
        found->time = newest->time;
    } else if (feed != NULL &&
               log_get_entry(reader_log(reader), ref->feed, ref->seq, &entry) == AYNI_OK) {
        found->node = feed->descriptor.node;
        found->time = entry.entry.time;
    } else {
        return;
    }
    found->has_node = true;
}

/* The record, as far as it is here: its place, and who wrote it last, are asked of it. */
static enum ayni_status look_up(const struct listing *listing, struct found *found)
{
    enum ayni_status status = reader_fold(listing->reader, &found->problem->key, &found->state);

    if (status == AYNI_E_NOT_FOUND)
        status = AYNI_OK;
    if (status == AYNI_OK)
        read_writer(listing->reader, found);
    if (status == AYNI_OK && problem_filter_needs_place(listing->filter))
        status = locate_record(listing->reader, &found->state, found->place);
    return status;
}

/* Why the value is none of its field's; it may be another one meanwhile. */
static void say_value(const struct listing *listing, const struct found *found,
                      struct complaint *to)
{
    const struct problem *problem = found->problem;
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(listing->reader)->catalogue, problem->key.type);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field(type, problem->field);
    struct ayni_reason reason;

    if (field != NULL && ayni_value_check(field, record_state_value(&found->state, field->number),
                                          &reason) == AYNI_E_INVALID)
        (void)complain_why(to, AYNI_OK, &reason);
}

static void put(struct listing *listing, const struct found *found)
{
    const struct charter *charter = reader_charter(listing->reader);
    const struct problem *problem = found->problem;
    struct complaint said = { 0 };
    char field[NAMES_SIZE];
    const struct problem_item item = { .charter = charter,
                                       .key = &problem->key,
                                       .node = found->has_node ? &found->node : NULL,
                                       .time = found->time,
                                       .reason = problem->code,
                                       .field = problem->field,
                                       .said = &said };

    names_of_field(charter, problem->key.type, problem->field, field);
    complain_hint(&said, words[problem->kind].hint, NULL);
    if (problem->kind == PROBLEM_VALUE)
        say_value(listing, found, &said);
    (void)complain(&said, AYNI_OK, words[problem->kind].text, field, NULL);
    problem_item_put(outbox_begin(listing->outbox), &item);
    outbox_end(listing->outbox);
}

static bool look_at(void *context, const struct problem *problem)
{
    struct listing *listing = context;
    __attribute__((cleanup(found_done))) struct found found = { .problem = problem };
    char reason[COMPLAINT_CODE_SIZE];

    if (problem->kind >= sizeof(words) / sizeof(words[0]) || words[problem->kind].text == NULL)
        return true; /* cannot be: this program wrote the table */
    listing->status = look_up(listing, &found);
    if (listing->status != AYNI_OK)
        return false;
    (void)ayni_text_copy(problem->code, reason, sizeof(reason));
    const struct problem_found about = { reason, &problem->key.space,
                                         found.has_node ? &found.node : NULL, found.place };
    if (problem_filter_lists(listing->filter, &about))
        put(listing, &found);
    return !outbox_is_full(listing->outbox);
}

static enum ayni_status gather(struct daemon *daemon, struct listing *listing,
                               struct problem_cursor *from)
{
    const struct scope *scope = &listing->filter->scope;
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    listing->reader = reader;
    if (status == AYNI_OK)
        status = problems_each(reader, scope_space(scope), scope->type, from, look_at, listing);
    return status == AYNI_OK ? listing->status : status;
}

enum ayni_status version_problems_list(struct daemon *daemon, struct control_call *call,
                                       struct problem_filter *filter, struct outbox *outbox)
{
    struct listing listing = { .filter = filter, .outbox = outbox };
    struct problem_cursor from = { 0 };
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !from.done) {
        status = gather(daemon, &listing, &from);
        if (status == AYNI_OK)
            status = outbox_send(outbox, call);
    }
    return status;
}
