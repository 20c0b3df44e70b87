/* approve, approvals: a month's acts, approved up the levels. */
#include "daemon/control/commands.h"

#include "daemon/control/act_arguments.h"
#include "daemon/control/error.h"
#include "daemon/control/outbox.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/records/territories.h"
#include "daemon/view/approval_write.h"

/* --- arguments --- */

static enum ayni_status read_step(struct control_call *call, enum approval_step *step)
{
    static const char *const names[APPROVAL_STEPS] = { "ready", "approve", "accept", "return" };
    const char *name;
    enum ayni_status status = call_text_or(call, "step", "approve", &name);

    if (status != AYNI_OK)
        return status;
    for (*step = 0; *step < APPROVAL_STEPS; ++*step)
        if (strcmp(names[*step], name) == 0)
            return AYNI_OK;
    return call_fail(call, AYNI_E_USAGE, N_("{} is no step: ready, approve, accept or return"),
                     name, NULL);
}

static enum ayni_status read_level(struct control_call *call, enum party_level *level)
{
    const char *name;
    enum ayni_status status = call_text_or(call, "level", NULL, &name);

    *level = PARTY_LEVELS;
    if (status != AYNI_OK || name == NULL)
        return status;
    *level = party_level_of(ayni_bytes_of_text(name));
    if (*level != PARTY_LEVELS)
        return AYNI_OK;
    return call_fail(call, AYNI_E_USAGE,
                     N_("{} is no level: municipality, network, region or midis"), name, NULL);
}

struct finding {
    struct ayni_space space;
    size_t count; /* of spaces, as far as two */
};

static bool note_space(void *context, const struct act *act)
{
    struct finding *finding = context;

    if (finding->count == 0 || !ayni_id_equal(&finding->space, &act->key.space))
        finding->count++;
    finding->space = act->key.space;
    return finding->count < 2;
}

/* The one that is said, else the one that has such acts. */
static enum ayni_status find_space(struct control_call *call, struct reader *reader,
                                   struct approval_scope *scope)
{
    struct act_choice choice = { .filter = { .space = NULL } };
    struct finding finding = { .count = 0 };
    enum ayni_status status = act_arguments_choice(call, reader, &choice);

    if (status != AYNI_OK)
        return status;
    if (choice.filter.space != NULL) {
        scope->space = choice.space;
        return AYNI_OK;
    }
    status = acts_each(reader, &choice.filter, note_space, &finding);
    scope->space = finding.space;
    if (status != AYNI_OK || finding.count == 1)
        return status;
    call_hint(call, N_("`ayni act list` lists them"), NULL);
    if (finding.count == 0)
        return call_fail(call, AYNI_E_NOT_FOUND, N_("there is no such act here"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("several spaces have such acts: say --space"), NULL);
}

static enum ayni_status read_scope(struct daemon *daemon, struct control_call *call,
                                   struct approval_scope *scope)
{
    SCOPED_READER *reader = NULL;
    const char *period, *territory;
    enum ayni_status status = call_text(call, "period", &period);

    if (status == AYNI_OK)
        status = call_text(call, "territory", &territory);
    if (status == AYNI_OK)
        status = act_arguments_territory(call, &territory);
    if (status == AYNI_OK && territory[0] == '\0')
        status = call_fail(call, AYNI_E_USAGE, N_("{} is no territory"), territory, NULL);
    if (status == AYNI_OK)
        status = view_arguments_month(call, &scope->month);
    if (status != AYNI_OK)
        return status;
    memcpy(scope->territory, territory, strlen(territory) + 1);
    status = reader_begin(&daemon->records, &reader);
    return status == AYNI_OK ? find_space(call, reader, scope) : status;
}

/* --- an approval as an item --- */

static void put_hash(struct ayni_control_writer *item, const char *key,
                     const struct ayni_hash *hash)
{
    ayni_control_put_hash(item, key, (struct ayni_bytes){ hash->bytes, sizeof(hash->bytes) });
}

static void put_scope(struct ayni_control_writer *item, const struct charter *charter,
                      const struct record_key *key, const struct approval_scope *scope)
{
    char name[NAMES_SIZE];

    ayni_control_put_record(item, "id", &key->record);
    names_of_space(charter, &key->space, name);
    ayni_control_put_text(item, "space", name);
    ayni_control_put_month(item, "period", month_first_day(scope->month));
    ayni_control_put_text(item, "territory", scope->territory);
}

/* Who said so; nothing is said of what nobody has. */
static void put_author(struct ayni_control_writer *item, const struct charter *charter,
                       const struct approval *approval)
{
    char name[NAMES_SIZE];

    names_of_org(charter, &approval->node, name);
    ayni_control_put_text(item, "org", name);
    ayni_control_put_node(item, "node", &approval->node);
    ayni_control_put_instant(item, "time", approval->time);
    ayni_control_put_bool(item, "counts", approval->counts);
    if (approval->state == APPROVAL_RETURNED && approval->reason[0] != '\0')
        ayni_control_put_text(item, "reason", approval->reason);
    else
        ayni_control_put_null(item, "reason");
}

/* --- approve --- */

static enum ayni_status gather_approval(struct daemon *daemon,
                                        const struct approval_request *request,
                                        struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    struct approval approval;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = approval_read(reader, &request->key, &approval);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    put_scope(item, reader_charter(reader), &request->key, &approval.scope);
    ayni_control_put_text(item, "workflow", approval.workflow);
    ayni_control_put_text(item, "level", party_level_name(approval.level));
    ayni_control_put_text(item, "state", approval_state_name(approval.state));
    put_hash(item, "content", &approval.content);
    ayni_control_put_bool(item, "content_changed",
                          !ayni_id_equal(&approval.content, &request->content));
    ayni_control_put_int(item, "acts", (int64_t)request->acts);
    ayni_control_put_int(item, "acts_changed", (int64_t)request->acts_changed);
    ayni_control_put_bool(item, "written", request->written);
    put_author(item, reader_charter(reader), &approval);
    control_warnings_put(item, &request->warnings);
    ayni_control_close(item);
    outbox_end(outbox);
    return AYNI_OK;
}

static enum ayni_status handle_approve(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    struct approval_request request = { .written = false };
    struct month_writer writer;
    enum ayni_status status = act_arguments_writer(call, &writer);

    if (status == AYNI_OK)
        status = read_step(call, &request.step);
    if (status == AYNI_OK)
        status = read_level(call, &request.level);
    if (status == AYNI_OK)
        status = call_text_or(call, "workflow", approval_workflow, &request.workflow);
    if (status == AYNI_OK)
        status = read_scope(daemon, call, &request.scope);
    if (status == AYNI_OK)
        status = approval_take(&daemon->records, &writer, &request, call_complaint(call));
    if (status == AYNI_OK)
        status = gather_approval(daemon, &request, &outbox);
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

/* --- approvals --- */

struct listing {
    struct reader *reader;
    const struct territories *territories;
    struct outbox *outbox;
    const char *workflow;
    enum ayni_status status;
};

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

static bool list_approval(void *context, const struct approval *approval)
{
    struct listing *listing = context;
    const struct charter *charter = reader_charter(listing->reader);
    struct ayni_hash content;
    size_t acts;

    listing->status = approval_content(listing->reader, &approval->scope, &content, &acts);
    if (listing->status != AYNI_OK)
        return false;
    struct ayni_control_writer *item = outbox_begin(listing->outbox);
    ayni_control_open_object(item, NULL);
    put_scope(item, charter, &approval->key, &approval->scope);
    put_name(item, listing, approval->scope.territory);
    ayni_control_put_text(item, "workflow", approval->workflow);
    ayni_control_put_text(item, "level", party_level_name(approval->level));
    ayni_control_put_text(item, "state", approval_state_name(approval->state));
    ayni_control_put_bool(item, "contested", approval->contested);
    ayni_control_put_bool(item, "content_changed", !ayni_id_equal(&content, &approval->content));
    put_author(item, charter, approval);
    ayni_control_close(item);
    outbox_end(listing->outbox);
    return true;
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
    put_scope(item, charter, &key, &scope);
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
        status = approvals_each(listing->reader, &filter, list_approval, listing);
    return status == AYNI_OK ? listing->status : status;
}

static enum ayni_status gather_approvals(struct daemon *daemon, struct control_call *call,
                                         struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    struct listing listing = { .outbox = outbox };
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

const struct control_command control_approve_commands[] = {
    { "approve", handle_approve, CONTROL_NEED_REVIEW },
    { "approvals", handle_approvals, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
