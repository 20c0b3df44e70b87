/* flag, flag.list: follow-up marks that a person set. */
#include "daemon/control/commands.h"
#include "daemon/control/error.h"
#include "daemon/control/flag_item.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/locate.h"
#include "daemon/records/rules/survey.h"

#include <string.h>

/* --- flag --- */

static enum ayni_status read_flag(struct control_call *call, struct flag_request *request)
{
    enum ayni_status status = call_text(call, "id", &request->id);

    if (status == AYNI_OK)
        status = call_text(call, "kind", &request->kind);
    if (status == AYNI_OK)
        status = call_text_or(call, "state", "open", &request->state);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request->reason);
    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &request->space);
    if (status == AYNI_OK)
        status = call_text_or(call, "in", NULL, &request->kept);
    request->steward = call_steward(call);
    request->by_admin = call_by_admin(call);
    request->english = strcmp(call_language(call), "en") == 0;
    return status;
}

static enum ayni_status handle_flag(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct flag_request request = { .id = NULL };
    struct edit_result result;
    enum ayni_status status = read_flag(call, &request);

    if (status == AYNI_OK)
        status = flag_set(&daemon->records, &request, &result, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result.key.record);
    record_item_field_names(item, "changed", charter, result.key.type, result.changed,
                            result.changed_count);
    control_warnings_put(item, &result.warnings);
    ayni_control_close(item);
    return call_send(call);
}

/* --- flag.list --- */

struct listing {
    struct outbox outbox;
    uint32_t about;    /* flags of records of this type alone; 0: of any */
    const char *kind;  /* NULL: any */
    const char *state; /* NULL: any */
    const char *territory;
    bool has_node;
    struct ayni_node node;
};

/* The flagged record where it is here; `known` says whether it is. */
static enum ayni_status find_flagged(struct reader *reader, const struct ayni_record *record,
                                     struct record_key *key, bool *known)
{
    size_t count;
    enum ayni_status status = reader_find(reader, record, 0, NULL, key, 1, &count);

    *known = status == AYNI_OK && count > 0;
    return status;
}

static bool is_asked_for(const struct listing *listing, const struct flag *flag, const char *place)
{
    return (listing->kind == NULL || strcmp(flag->kind, listing->kind) == 0) &&
           (listing->state == NULL || strcmp(flag->state, listing->state) == 0) &&
           (!listing->has_node || ayni_id_equal(&flag->written->node, &listing->node)) &&
           locate_within(place, listing->territory);
}

static enum ayni_status look_at(void *context, const struct surveyed *record, bool *enough)
{
    struct listing *listing = context;
    const struct charter *charter = reader_charter(record->reader);
    struct record_key about;
    char place[LOCATE_CODE_SIZE];
    struct flag flag;
    bool known;
    enum ayni_status status;

    if (!flag_read(charter, record->state, &flag))
        return AYNI_OK;
    status = locate_record(record->reader, record->state, place);
    if (status == AYNI_OK)
        status = find_flagged(record->reader, &flag.record, &about, &known);
    if (status != AYNI_OK || !is_asked_for(listing, &flag, place) ||
        (listing->about != 0 && (!known || about.type != listing->about)))
        return status;
    flag_item_put(outbox_begin(&listing->outbox), charter, &flag, record->state,
                  known ? &about : NULL, place);
    outbox_end(&listing->outbox);
    *enough = outbox_is_full(&listing->outbox);
    return AYNI_OK;
}

static enum ayni_status read_listing(struct control_call *call, const struct charter *charter,
                                     struct listing *listing, struct scope *scope)
{
    enum ayni_status status = scope_read(call, charter, scope);

    if (status == AYNI_OK)
        status = scope_node(call, charter, &listing->has_node, &listing->node);
    if (status == AYNI_OK)
        status = call_text_or(call, "kind", NULL, &listing->kind);
    if (status == AYNI_OK)
        status = call_text_or(call, "state", "open", &listing->state);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &listing->territory);
    if (status != AYNI_OK)
        return status;
    listing->about = scope->type;
    if (strcmp(listing->state, "all") == 0)
        listing->state = NULL;
    return AYNI_OK;
}

static enum ayni_status handle_flag_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_catalogue_type *type = flag_type(charter);
    struct listing listing = { .kind = NULL };
    struct scope scope;
    enum ayni_status status = read_listing(call, charter, &listing, &scope);

    if (status != AYNI_OK || type == NULL) /* no catalogue has come yet: there are none */
        return status;
    struct survey survey = { .type = type->number, .space = scope_space(&scope) };
    while (status == AYNI_OK && !survey.done) {
        status = survey_page(&daemon->records, &survey, false, look_at, &listing);
        if (status == AYNI_OK)
            status = outbox_send(&listing.outbox, call);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
    }
    outbox_free(&listing.outbox);
    return status;
}

const struct control_command control_flags_commands[] = {
    { "flag", handle_flag, CONTROL_NEED_WRITE },
    { "flag.list", handle_flag_list, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
