/* approve: a month's acts, approved up the levels. */
#include "daemon/control/commands.h"

#include "daemon/control/act_arguments.h"
#include "daemon/control/approval_item.h"
#include "daemon/control/error.h"
#include "daemon/control/outbox.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
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

static void put_hash(struct ayni_control_writer *item, const char *key,
                     const struct ayni_hash *hash)
{
    ayni_control_put_hash(item, key, (struct ayni_bytes){ hash->bytes, sizeof(hash->bytes) });
}

/* --- the answer --- */

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
    approval_item_scope(item, reader_charter(reader), &request->key, &approval.scope);
    ayni_control_put_text(item, "workflow", approval.workflow);
    ayni_control_put_text(item, "level", party_level_name(approval.level));
    ayni_control_put_text(item, "state", approval_state_name(approval.state));
    put_hash(item, "content", &approval.content);
    ayni_control_put_bool(item, "content_changed",
                          !ayni_id_equal(&approval.content, &request->content));
    ayni_control_put_int(item, "acts", (int64_t)request->acts);
    ayni_control_put_int(item, "acts_changed", (int64_t)request->acts_changed);
    ayni_control_put_int(item, "acts_unsigned", (int64_t)request->acts_unsigned);
    ayni_control_put_bool(item, "written", request->written);
    approval_item_author(item, reader_charter(reader), &approval);
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

const struct control_command control_approve_commands[] = {
    { "approve", handle_approve, CONTROL_NEED_REVIEW },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
