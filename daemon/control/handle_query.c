/* query, queries: one SELECT over the records, also by its name. */
#include <string.h>

#include "daemon/control/asking.h"
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/past.h"
#include "daemon/daemon.h"
#include "daemon/records/sql/saved_query.h"

_Static_assert(sizeof(struct call_pair) == sizeof(struct sql_parameter), "a pair is a parameter");

/* What is asked: a statement, or what a name stands for; and its parameters. */
struct question {
    const char *sql;
    struct saved_query saved; /* where it has a name */
    struct sql_parameter parameters[SQL_QUERY_PARAMETERS_MAX];
    size_t count;
};

static enum ayni_status read_question(struct daemon *daemon, struct control_call *call,
                                      struct question *question)
{
    const struct call_pair *set;
    size_t count;
    enum ayni_status status = call_text(call, "sql", &question->sql);

    if (status == AYNI_OK)
        status = call_pairs(call, "set", &set, &count);
    if (status == AYNI_OK && question->sql[0] == '@') {
        status = saved_query_read(daemon->config.home, question->sql + 1, &question->saved,
                                  call_complaint(call));
        question->sql = question->saved.sql;
    }
    return status == AYNI_OK
               ? saved_query_parameters(&question->saved, (const struct sql_parameter *)set, count,
                                        question->parameters, &question->count,
                                        call_complaint(call))
               : status;
}

/* What is gathered of an answer counts together with those of others, which wait until somebody
 * reads them: `held` is how much of it was counted. */
static enum ayni_status hold(struct daemon *daemon, struct control_call *call,
                             const struct outbox *outbox, uint64_t *held)
{
    const uint64_t more = outbox->items.size - *held;

    *held += more;
    if (atomic_fetch_add(&daemon->answers, more) + more <= daemon->config.query_memory)
        return AYNI_OK;
    if (*held > daemon->config.query_memory / 2) {
        call_hint(call,
                  N_("ask for fewer columns or rows, or with LIMIT; [query] memory of aynid.conf "
                     "is how much queries may take"),
                  NULL);
        return call_fail(call, AYNI_E_LIMIT, N_("the answer is too large"), NULL);
    }
    call_hint(call, N_("try again when those have been read, or ask for less"), NULL);
    return call_fail(call, AYNI_E_BUSY,
                     N_("large answers to others leave no room for this one now"), NULL);
}

/* The whole answer, so that nothing is read any more while it is sent. */
static enum ayni_status gather(struct daemon *daemon, struct control_call *call,
                               const struct question *question, struct outbox *outbox,
                               uint64_t *held)
{
    SCOPED_ASKING asking = { 0 };
    enum ayni_status status = asking_begin(&asking, daemon, call);

    if (status == AYNI_OK)
        status = asking_prepare(&asking, question->sql, question->parameters, question->count);
    if (status != AYNI_OK)
        return status;
    sql_query_put_names(asking.query, outbox_begin(outbox));
    outbox_end(outbox);
    while ((status = asking_next(&asking)) == AYNI_OK && !outbox->items.failed) {
        sql_query_put_row(asking.query, outbox_begin(outbox));
        outbox_end(outbox);
        status = hold(daemon, call, outbox, held);
        if (status != AYNI_OK)
            return status;
    }
    if (status != AYNI_E_NOT_FOUND)
        return status;
    return call_has(call, "as_of") ? past_warn(outbox, asking.reader, NULL, 0) : AYNI_OK;
}

static enum ayni_status handle_query(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    struct question question = { 0 };
    uint64_t held = 0;
    enum ayni_status status = read_question(daemon, call, &question);

    if (status == AYNI_OK)
        status = gather(daemon, call, &question, &outbox, &held);
    saved_query_free(&question.saved);
    if (status == AYNI_OK)
        status = outbox_send(&outbox, call);
    atomic_fetch_sub(&daemon->answers, held);
    return status;
}

/* --- those that have a name --- */

static enum ayni_status send_saved(struct control_call *call, const struct saved_query *query)
{
    bool spanish = strcmp(call_language(call), "en") != 0;
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "name", query->name);
    ayni_control_put_text(item, "title", spanish ? query->title_es : query->title_en);
    ayni_control_open_array(item, "parameters");
    for (size_t i = 0; i < query->default_count; i++)
        ayni_control_put_text(item, NULL, query->defaults[i].name);
    ayni_control_close(item);
    ayni_control_put_text(item, "from", query->of_home ? "home" : "program");
    ayni_control_close(item);
    return call_send(call);
}

/* One that can't be read is told when it is asked for. */
static enum ayni_status handle_queries(struct daemon *daemon, struct control_call *call)
{
    SCOPED_ARENA memory = { 0 };
    const char **names;
    size_t count = 0;
    enum ayni_status status = saved_query_names(daemon->config.home, &memory, &names, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        SCOPED_SAVED_QUERY query = { 0 };
        struct complaint complaint = { 0 };
        status = saved_query_read(daemon->config.home, names[i], &query, &complaint);
        if (status == AYNI_OK)
            status = send_saved(call, &query);
        else if (status == AYNI_E_INVALID || status == AYNI_E_USAGE)
            status = AYNI_OK;
    }
    return status;
}

const struct control_command control_query_commands[] = {
    { "query", handle_query, CONTROL_NEED_READ },
    { "queries", handle_queries, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
