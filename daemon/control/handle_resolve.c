/* resolve, unresolve: settling conflicts. */
#include <stdlib.h>

#include "daemon/control/commands.h"
#include "daemon/control/error.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/control/where.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/records/writing/settle.h"
#include "daemon/records/writing/settle_many.h"
#include "daemon/records/writing/undo_many.h"

enum { CHOICES_MAX = EDIT_CHANGED_MAX };

/* "fields" and "alternatives" as choices. */
static enum ayni_status read_choices(struct control_call *call, struct settle_choice *choices,
                                     size_t *count)
{
    const struct call_pair *values, *picks;
    size_t value_count, pick_count;
    enum ayni_status status = call_pairs(call, "fields", &values, &value_count);

    if (status == AYNI_OK)
        status = call_pairs(call, "alternatives", &picks, &pick_count);
    if (status != AYNI_OK)
        return status;
    if (value_count + pick_count > CHOICES_MAX)
        return call_fail(call, AYNI_E_USAGE, N_("too many fields"), NULL);
    *count = 0;
    for (size_t i = 0; i < value_count; i++)
        choices[(*count)++] =
            (struct settle_choice){ .field = values[i].name, .value = values[i].value };
    for (size_t i = 0; i < pick_count; i++) {
        char *end;
        unsigned long pick = strtoul(picks[i].value, &end, 10);
        if (end == picks[i].value || *end != 0 || pick == 0)
            return call_fail(call, AYNI_E_USAGE, N_("{} is no number of an alternative"),
                             picks[i].value, NULL);
        choices[(*count)++] = (struct settle_choice){ .field = picks[i].name, .pick = pick };
    }
    return AYNI_OK;
}

static enum ayni_status read_settlement(struct control_call *call, struct settle_request *request)
{
    int64_t expect;
    enum ayni_status status = call_text(call, "id", &request->id);

    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &request->space);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request->reason);
    if (status == AYNI_OK)
        status = call_text_or(call, "evidence", NULL, &request->evidence);
    if (status == AYNI_OK)
        status = call_int_or(call, "expect", -1, &expect);
    if (status != AYNI_OK)
        return status;
    request->english = strcmp(call_language(call), "en") == 0;
    request->steward = call_steward(call);
    request->by_admin = call_by_admin(call);
    request->has_expect = expect >= 0;
    request->expect = request->has_expect ? (size_t)expect : 0;
    return AYNI_OK;
}

/* The values that are shown in these fields now. */
static void put_chosen(struct ayni_control_writer *item, const struct charter *charter,
                       const struct record_state *state, const struct edit_result *result)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);
    char name[NAMES_SIZE];

    ayni_control_open_object(item, "values");
    for (size_t i = 0; i < result->changed_count; i++) {
        uint32_t field = result->changed[i];
        names_of_field(charter, state->key.type, field, name);
        if (field == 0)
            ayni_control_put_bool(item, name, state->folded.deleted);
        else
            record_item_value(item, name, type == NULL ? NULL : ayni_catalogue_field(type, field),
                              record_state_value(state, field));
    }
    ayni_control_close(item);
}

static enum ayni_status gather_settled(struct daemon *daemon, const struct edit_result *result,
                                       bool with_values, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct ayni_control_writer *item;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = reader_fold(reader, &result->key, &state);
    if (status != AYNI_OK)
        return status;
    item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result->key.record);
    record_item_field_names(item, "changed", reader_charter(reader), result->key.type,
                            result->changed, result->changed_count);
    if (with_values)
        put_chosen(item, reader_charter(reader), &state, result);
    control_warnings_put(item, &result->warnings);
    ayni_control_close(item);
    outbox_end(outbox);
    return AYNI_OK;
}

static enum ayni_status send_settled(struct daemon *daemon, struct control_call *call,
                                     const struct edit_result *result, bool with_values)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_settled(daemon, result, with_values, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

static enum ayni_status resolve_one(struct daemon *daemon, struct control_call *call)
{
    struct settle_choice choices[CHOICES_MAX];
    struct settle_request request = { .choices = choices };
    struct edit_result result;
    enum ayni_status status = read_settlement(call, &request);

    if (status == AYNI_OK)
        status = read_choices(call, choices, &request.choice_count);
    if (status == AYNI_OK)
        status = settle_resolve(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_settled(daemon, call, &result, true) : status;
}

static enum ayni_status unresolve_one(struct daemon *daemon, struct control_call *call)
{
    struct settle_request request = { 0 };
    struct edit_result result;
    enum ayni_status status = read_settlement(call, &request);

    if (status == AYNI_OK)
        status = settle_unresolve(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_settled(daemon, call, &result, false) : status;
}

/* --- resolve, many by one rule --- */

struct settling {
    struct control_call *call;
    struct outbox outbox;
};

static bool put_preferred(void *context, const struct charter *charter,
                          const struct preferred *preferred)
{
    struct outbox *outbox = &((struct settling *)context)->outbox;
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, preferred->key->type);
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field(type, preferred->field);
    struct ayni_control_writer *item = outbox_begin(outbox);
    char name[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    record_item_key(item, charter, preferred->key, true);
    names_of_field(charter, preferred->key->type, preferred->field, name);
    ayni_control_put_text(item, "field", name);
    record_item_value(item, "shown", field, preferred->shown);
    record_item_value(item, "value", field, preferred->value);
    ayni_control_put_node(item, "node", preferred->node);
    ayni_control_close(item);
    outbox_end(outbox);
    return !outbox->items.failed;
}

/* Who asked and is gone doesn't settle more. */
static enum ayni_status send_preferred(void *context)
{
    struct settling *settling = context;

    return call_cancelled(settling->call) ? AYNI_E_STOPPED
                                          : outbox_send(&settling->outbox, settling->call);
}

static enum ayni_status resolve_many(struct daemon *daemon, struct control_call *call,
                                     const char *rule)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct settling settling = { .call = call };
    const struct prefer_listener listener = { &settling, put_preferred, send_preferred };
    struct prefer prefer = { .steward = call_steward(call), .by_admin = call_by_admin(call) };
    SCOPED_BUFFER keys = { 0 };
    struct scope scope;
    enum ayni_status status = prefer_parse(charter, rule, &prefer.rule, call_complaint(call));

    if (status == AYNI_OK)
        status = scope_read(call, charter, &scope);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &prefer.reason);
    if (status == AYNI_OK)
        status = call_text_or(call, "evidence", NULL, &prefer.evidence);
    if (status == AYNI_OK)
        status = call_flag(call, "dry_run", &prefer.dry_run);
    if (status == AYNI_OK)
        status = where_read(daemon, call, charter, &scope, &keys, &prefer.chosen);
    if (status != AYNI_OK)
        return status;
    prefer.keys = (const struct record_key *)keys.data;
    prefer.key_count = keys.size / sizeof(struct record_key);
    prefer.type = scope.type;
    prefer.space = scope_space(&scope);
    status = settle_many(&daemon->records, &prefer, &listener, call_complaint(call));
    outbox_free(&settling.outbox);
    return status;
}

static enum ayni_status handle_resolve(struct daemon *daemon, struct control_call *call)
{
    const char *rule;
    enum ayni_status status = call_text_or(call, "prefer", NULL, &rule);

    if (status != AYNI_OK)
        return status;
    return rule == NULL ? resolve_one(daemon, call) : resolve_many(daemon, call, rule);
}

/* --- unresolve, many --- */

static bool put_undone(void *context, const struct charter *charter, const struct record_key *key,
                       const uint32_t *fields, size_t count)
{
    struct outbox *outbox = &((struct settling *)context)->outbox;
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    record_item_key(item, charter, key, true);
    record_item_field_names(item, "changed", charter, key->type, fields, count);
    ayni_control_close(item);
    outbox_end(outbox);
    return !outbox->items.failed;
}

static enum ayni_status unresolve_many(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct settling settling = { .call = call };
    const struct undo_listener listener = { &settling, put_undone, send_preferred };
    struct undo undo = { .steward = call_steward(call), .by_admin = call_by_admin(call) };
    SCOPED_BUFFER keys = { 0 };
    struct scope scope;
    bool given;
    enum ayni_status status = scope_time(call, "since", &given, &undo.since);

    if (status == AYNI_OK)
        status = scope_read(call, charter, &scope);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &undo.reason);
    if (status == AYNI_OK)
        status = call_flag(call, "dry_run", &undo.dry_run);
    if (status == AYNI_OK)
        status = where_read(daemon, call, charter, &scope, &keys, &undo.chosen);
    if (status != AYNI_OK)
        return status;
    undo.keys = (const struct record_key *)keys.data;
    undo.key_count = keys.size / sizeof(struct record_key);
    undo.type = scope.type;
    undo.space = scope_space(&scope);
    status = undo_many(&daemon->records, &undo, &listener);
    outbox_free(&settling.outbox);
    return status;
}

static enum ayni_status handle_unresolve(struct daemon *daemon, struct control_call *call)
{
    return call_has(call, "since") ? unresolve_many(daemon, call) : unresolve_one(daemon, call);
}

const struct control_command control_resolve_commands[] = {
    { "resolve", handle_resolve, CONTROL_NEED_REVIEW },
    { "unresolve", handle_unresolve, CONTROL_NEED_REVIEW },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
