/* act.draft, act.sign, act.show, act.print, act.list: the monthly act. */
#include "daemon/control/commands.h"

#include "daemon/control/act_arguments.h"
#include "daemon/control/act_item.h"
#include "daemon/control/error.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/view/act_draft.h"
#include "daemon/view/act_sign.h"

/* --- act.show, and what others answer like it --- */

struct showing {
    bool differences, problems;
    bool writes, written;              /* whether "written" says if anything was */
    const struct complaints *warnings; /* or NULL */
};

static enum ayni_status put_act(struct ayni_control_writer *item, struct reader *reader,
                                const struct act *act, const struct act_comparison *comparison,
                                const struct showing *showing)
{
    enum ayni_status status = act_item_put(item, reader, act);

    act_item_changed(item, comparison);
    if (showing->writes)
        ayni_control_put_bool(item, "written", showing->written);
    if (act->has_frontier)
        ayni_control_put_hash(
            item, "frontier",
            (struct ayni_bytes){ act->frontier.bytes, sizeof(act->frontier.bytes) });
    else
        ayni_control_put_null(item, "frontier");
    if (status == AYNI_OK)
        status = act_item_signers(item, reader, act);
    if (status == AYNI_OK && showing->differences)
        status = act_item_differences(item, reader, act, comparison);
    if (status == AYNI_OK && showing->problems)
        status = act_item_problems(item, reader, act);
    if (showing->warnings != NULL)
        control_warnings_put(item, showing->warnings);
    return status;
}

static enum ayni_status gather_act(struct reader *reader, const struct act *act,
                                   const struct showing *showing, struct outbox *outbox)
{
    struct act_comparison comparison;
    enum ayni_status status = act_compare(reader, act, &comparison);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    status = put_act(item, reader, act, &comparison, showing);
    ayni_control_close(item);
    outbox_end(outbox);
    return status;
}

static enum ayni_status send_act(struct daemon *daemon, struct control_call *call,
                                 const struct record_key *key, const struct showing *showing)
{
    SCOPED_OUTBOX outbox = { 0 };
    SCOPED_READER *reader = NULL;
    struct act act;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = key == NULL ? act_arguments_one(call, reader, &act) : act_read(reader, key, &act);
    if (status == AYNI_OK)
        status = gather_act(reader, &act, showing, &outbox);
    reader_end(reader);
    reader = NULL;
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

static enum ayni_status handle_show(struct daemon *daemon, struct control_call *call)
{
    const struct showing showing = { .differences = true };

    return send_act(daemon, call, NULL, &showing);
}

/* What is to be signed on paper says what is open. */
static enum ayni_status handle_print(struct daemon *daemon, struct control_call *call)
{
    const struct showing showing = { .differences = true, .problems = true };

    return send_act(daemon, call, NULL, &showing);
}

/* --- act.draft --- */

static enum ayni_status read_draft(struct daemon *daemon, struct control_call *call,
                                   struct act_draft *draft)
{
    SCOPED_READER *reader = NULL;
    const char *period; /* read by view_arguments_month(), which has a month for what is missing */
    enum ayni_status status = call_text(call, "period", &period);

    if (status == AYNI_OK)
        status = view_arguments_month(call, &draft->month);
    if (status == AYNI_OK)
        status = call_text(call, "facility", &draft->facility);
    if (status == AYNI_OK)
        status = call_text_or(call, "municipality", NULL, &draft->municipality);
    if (status == AYNI_OK)
        status = call_flag(call, "again", &draft->again);
    if (status == AYNI_OK)
        status = reader_begin(&daemon->records, &reader);
    return status == AYNI_OK ? act_arguments_space(call, reader, &draft->space) : status;
}

static enum ayni_status handle_draft(struct daemon *daemon, struct control_call *call)
{
    struct act_draft draft = { .month = 0 };
    struct month_writer writer;
    enum ayni_status status = act_arguments_writer(call, &writer);

    if (status == AYNI_OK)
        status = read_draft(daemon, call, &draft);
    if (status == AYNI_OK)
        status = act_draft(&daemon->records, &writer, &draft, call_complaint(call));
    const struct showing showing = { .writes = true,
                                     .written = draft.changed,
                                     .warnings = &draft.warnings };
    return status == AYNI_OK ? send_act(daemon, call, &draft.key, &showing) : status;
}

/* --- act.sign --- */

static enum ayni_status find_act(struct daemon *daemon, struct control_call *call,
                                 struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    struct act act;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = act_arguments_one(call, reader, &act);
    if (status == AYNI_OK)
        *key = act.key;
    return status;
}

static enum ayni_status handle_sign(struct daemon *daemon, struct control_call *call)
{
    struct act_sign sign = { .anyway = false };
    struct month_writer writer;
    enum ayni_status status = act_arguments_writer(call, &writer);

    if (status == AYNI_OK)
        status = call_flag(call, "anyway", &sign.anyway);
    if (status == AYNI_OK)
        status = find_act(daemon, call, &sign.key);
    if (status == AYNI_OK)
        status = act_sign(&daemon->records, &writer, &sign, call_complaint(call));
    const struct showing showing = {
        .differences = true, .writes = true, .written = sign.changed, .warnings = &sign.warnings
    };
    if (status == AYNI_OK)
        status = send_act(daemon, call, &sign.key, &showing);
    if (status != AYNI_OK || !sign.differs)
        return status;
    call_hint(call,
              N_("sync, or look at each with `ayni get`; --anyway signs the act's list all the "
                 "same"),
              NULL);
    (void)call_fail(call, AYNI_E_NOT_FOUND,
                    N_("the list of this node is another one: nothing was signed"), NULL);
    return call_answer_no(call);
}

/* --- act.list --- */

/* Acts of one space and month that come one after the other have one list in common, of all
 * districts; the first of them has only its own made, since it is often the only one. */
struct listing {
    struct reader *reader;
    struct outbox *outbox;
    struct act_scope scope; /* of the act before; its month is 0 and its space none for the first */
    bool has_whole;         /* the list of that scope was made */
    struct act_list whole;
    enum ayni_status whole_status, status;
};

static void listing_done(struct listing *listing)
{
    act_list_free(&listing->whole);
}

/* Whether it is of the space and month of the one before; they are remembered for the next one. */
static bool goes_on(struct listing *listing, const struct act *act)
{
    if (listing->scope.month == act->scope.month &&
        ayni_id_equal(&listing->scope.space, &act->scope.space))
        return true;
    act_list_free(&listing->whole);
    listing->has_whole = false;
    listing->scope = (struct act_scope){ .space = act->scope.space, .month = act->scope.month };
    return false;
}

static enum ayni_status compare_listed(struct listing *listing, const struct act *act,
                                       struct act_comparison *comparison)
{
    SCOPED_ACT_LIST now = { 0 };
    enum ayni_status status;

    *comparison = (struct act_comparison){ .known = false };
    if (act->scope.place[0] == '\0')
        return AYNI_OK;
    if (!goes_on(listing, act))
        return act_compare(listing->reader, act, comparison);
    if (!listing->has_whole)
        listing->whole_status = act_list_make(listing->reader, &listing->scope, &listing->whole);
    listing->has_whole = true;
    if (listing->whole_status != AYNI_OK)
        return listing->whole_status == AYNI_E_NOT_FOUND ? AYNI_OK : listing->whole_status;
    status = act_list_part(&listing->whole, act->scope.place, act->scope.month, &now);
    return status == AYNI_OK ? act_compare_with(act, &now, comparison) : status;
}

static bool list_act(void *context, const struct act *act)
{
    struct listing *listing = context;
    struct act_comparison comparison;

    listing->status = compare_listed(listing, act, &comparison);
    if (listing->status != AYNI_OK)
        return false;
    struct ayni_control_writer *item = outbox_begin(listing->outbox);
    ayni_control_open_object(item, NULL);
    listing->status = act_item_put(item, listing->reader, act);
    act_item_changed(item, &comparison);
    ayni_control_close(item);
    outbox_end(listing->outbox);
    return listing->status == AYNI_OK;
}

static enum ayni_status gather_acts(struct daemon *daemon, struct control_call *call,
                                    struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    struct act_choice choice = { .filter = { .space = NULL } };
    enum ayni_status status = reader_begin(&daemon->records, &reader);
    __attribute__((cleanup(listing_done))) struct listing listing = { .reader = reader,
                                                                      .outbox = outbox };

    if (status == AYNI_OK)
        status = act_arguments_choice(call, reader, &choice);
    if (status == AYNI_OK)
        status = acts_each(reader, &choice.filter, list_act, &listing);
    return status == AYNI_OK ? listing.status : status;
}

static enum ayni_status handle_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_acts(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_act_commands[] = {
    { "act.draft", handle_draft, CONTROL_NEED_REVIEW },
    { "act.sign", handle_sign, CONTROL_NEED_REVIEW },
    { "act.show", handle_show, CONTROL_NEED_READ },
    { "act.print", handle_print, CONTROL_NEED_READ },
    { "act.list", handle_list, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
