/* approvals: who has approved a month's acts, level by level. */
#include "daemon/control/commands.h"

#include <stdlib.h>

#include "daemon/control/act_arguments.h"
#include "daemon/control/approval_item.h"
#include "daemon/control/outbox.h"
#include "daemon/daemon.h"
#include "daemon/records/territory_cache.h"
#include "daemon/view/approval_acts.h"

struct listing {
    struct reader *reader;
    const struct territories *territories;
    struct outbox *outbox;
    const char *workflow;
    struct approval_acts acts; /* of the month and space listed last */
};

static void listing_done(struct listing *listing)
{
    approval_acts_free(&listing->acts);
}

static void put_name(struct ayni_control_writer *item, const struct listing *listing,
                     const char *code)
{
    const struct territory *territory =
        territories_last(listing->territories, ayni_bytes_of_text(code));

    if (territory == NULL)
        ayni_control_put_null(item, "name");
    else
        ayni_control_put_text(item, "name", territory->name);
}

static enum ayni_status list_approval(struct listing *listing, const struct approval *approval)
{
    const struct charter *charter = reader_charter(listing->reader);
    struct ayni_hash content;
    size_t acts;
    enum ayni_status status = approval_acts_read(listing->reader, &approval->scope.space,
                                                 approval->scope.month, &listing->acts);

    if (status == AYNI_OK)
        status = approval_acts_content(&listing->acts, approval->scope.territory, &content, &acts);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(listing->outbox);
    ayni_control_open_object(item, NULL);
    approval_item_scope(item, charter, &approval->key, &approval->scope);
    put_name(item, listing, approval->scope.territory);
    ayni_control_put_text(item, "workflow", approval->workflow);
    ayni_control_put_text(item, "level", party_level_name(approval->level));
    ayni_control_put_text(item, "state", approval_state_name(approval->state));
    ayni_control_put_bool(item, "contested", approval->contested);
    ayni_control_put_bool(item, "content_changed", !ayni_id_equal(&content, &approval->content));
    approval_item_author(item, charter, approval);
    ayni_control_close(item);
    outbox_end(listing->outbox);
    return AYNI_OK;
}

static bool note_approval(void *context, const struct approval *approval)
{
    ayni_buffer_append(context, approval, sizeof(*approval));
    return true;
}

/* By space, month, territory and level. */
static int compare_approvals(const void *a, const void *b)
{
    const struct approval *x = a, *y = b;
    int order = ayni_id_compare(&x->scope.space, &y->scope.space);

    if (order == 0)
        order = (x->scope.month > y->scope.month) - (x->scope.month < y->scope.month);
    if (order == 0)
        order = strcmp(x->scope.territory, y->scope.territory);
    return order != 0 ? order : (int)x->level - (int)y->level;
}

/* All that pass, in order. */
static enum ayni_status list_approvals(struct listing *listing,
                                       const struct approval_filter *filter)
{
    SCOPED_BUFFER found = { 0 };
    enum ayni_status status = approvals_each(listing->reader, filter, note_approval, &found);
    struct approval *approvals = (struct approval *)found.data;
    size_t count = found.size / sizeof(*approvals);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&found);
    if (status == AYNI_OK && count > 0)
        qsort(approvals, count, sizeof(*approvals), compare_approvals);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = list_approval(listing, &approvals[i]);
    return status;
}

/* An act of which its municipality has said nothing yet is listed, too. */
static bool list_waiting(void *context, const struct act *act)
{
    struct listing *listing = context;
    const struct charter *charter = reader_charter(listing->reader);
    struct approval_scope scope = { .space = act->key.space, .month = act->scope.month };
    struct record_key key;

    memcpy(scope.territory, act->scope.place, sizeof(scope.territory));
    if (scope.territory[0] == '\0' ||
        approval_key(charter, &scope, listing->workflow, PARTY_MUNICIPALITY, &key) != AYNI_OK ||
        reader_has(listing->reader, &key))
        return true;
    struct ayni_control_writer *item = outbox_begin(listing->outbox);
    ayni_control_open_object(item, NULL);
    approval_item_scope(item, charter, &key, &scope);
    put_name(item, listing, scope.territory);
    ayni_control_put_text(item, "workflow", listing->workflow);
    ayni_control_put_text(item, "level", party_level_name(PARTY_MUNICIPALITY));
    ayni_control_put_null(item, "state");
    ayni_control_close(item);
    outbox_end(listing->outbox);
    return true;
}

static enum ayni_status list_all(struct control_call *call, struct listing *listing)
{
    struct act_choice choice = { .filter = { .space = NULL } };
    enum ayni_status status = act_arguments_choice(call, listing->reader, &choice);
    const struct approval_filter filter = { .space = choice.filter.space,
                                            .has_month = choice.filter.has_month,
                                            .month = choice.filter.month,
                                            .workflow = listing->workflow,
                                            .territory = choice.filter.place };

    if (status == AYNI_OK)
        status = acts_each(listing->reader, &choice.filter, list_waiting, listing);
    if (status == AYNI_OK)
        status = list_approvals(listing, &filter);
    return status;
}

static enum ayni_status gather_approvals(struct daemon *daemon, struct control_call *call,
                                         struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    __attribute__((cleanup(listing_done))) struct listing listing = { .outbox = outbox };
    enum ayni_status status = call_text_or(call, "workflow", approval_workflow, &listing.workflow);

    if (status == AYNI_OK)
        status = reader_begin(&daemon->records, &reader);
    if (status == AYNI_OK)
        status = territory_cache_hold(daemon->records.territories, reader, &territories);
    listing.reader = reader;
    listing.territories = territories;
    return status == AYNI_OK ? list_all(call, &listing) : status;
}

static enum ayni_status handle_approvals(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_approvals(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_approvals_commands[] = {
    { "approvals", handle_approvals, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
