#include "daemon/view/approval_private.h"

#include "daemon/view/frontier.h"
#include "proto/cbor.h"

static bool is_of_own_level(enum approval_step step)
{
    return step == APPROVAL_STEP_READY || step == APPROVAL_STEP_APPROVE;
}

/* --- whose approval it is --- */

/* The one level that the organisation has; of several somebody must say which. */
static enum ayni_status find_level(struct taking *taking)
{
    struct approval_request *request = taking->request;
    enum party_level own = PARTY_LEVELS, first = is_of_own_level(request->step) ? 0 : 1;

    for (enum party_level level = first; level < PARTY_LEVELS; level++) {
        if (!party_has_level(taking->own, level))
            continue;
        if (own != PARTY_LEVELS)
            return complain(taking->complaint, AYNI_E_USAGE,
                            N_("this node's organisation is of several levels: say --level"), NULL);
        own = level;
    }
    if (own != PARTY_LEVELS)
        request->level = own - first;
    return AYNI_OK;
}

static enum ayni_status check_level(struct taking *taking)
{
    const struct approval_request *request = taking->request;
    enum party_level needed = request->level + (is_of_own_level(request->step) ? 0 : 1);
    struct complaint_word word = party_code(taking->own);

    if (request->level < PARTY_LEVELS && needed < PARTY_LEVELS &&
        party_has_level(taking->own, needed))
        return AYNI_OK;
    complain_hint(taking->complaint,
                  N_("levels climb: municipality, network (role health), region (kind "
                     "regional_government), midis (role midis)"),
                  NULL);
    return complain(taking->complaint, AYNI_E_RIGHT, N_("{} is of no level that may do this"),
                    word.text, NULL);
}

static enum ayni_status read_approval(struct taking *taking, struct month_change *change)
{
    struct approval_request *request = taking->request;
    const struct charter *charter = reader_charter(taking->reader);
    enum ayni_status status =
        approval_key(charter, &request->scope, request->workflow, request->level, &change->key);

    if (status == AYNI_E_RIGHT) {
        complain_hint(taking->complaint, N_("it comes with the registry: `ayni sync --wait`"),
                      NULL);
        return complain(taking->complaint, status, N_("this node hasn't got the identity key yet"),
                        NULL);
    }
    if (status == AYNI_OK)
        status = month_change_begin(change, taking->reader);
    if (status != AYNI_OK)
        return status;
    request->key = change->key;
    status = change->exists ? approval_of_state(charter, &change->state, &taking->approval)
                            : AYNI_E_NOT_FOUND;
    taking->exists = status == AYNI_OK;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status read_content(struct taking *taking)
{
    struct approval_request *request = taking->request;
    enum ayni_status status = approval_acts_read(taking->reader, &request->scope.space,
                                                 request->scope.month, &taking->acts);

    if (status == AYNI_OK)
        status = approval_acts_content(&taking->acts, request->scope.territory, &request->content,
                                       &request->acts);
    return status;
}

/* There is something to say it of; what is approved is signed. */
static enum ayni_status check_acts(struct taking *taking)
{
    const struct approval_request *request = taking->request;
    char month[AYNI_DAY_TEXT_SIZE];

    ayni_month_text(month_first_day(request->scope.month), month);
    if (request->acts == 0 && request->acts_unsigned == 0)
        return complain(taking->complaint, AYNI_E_NOT_FOUND, N_("there is no act of {} in {}"),
                        month, request->scope.territory, NULL);
    if (request->acts > 0 || request->step != APPROVAL_STEP_APPROVE)
        return AYNI_OK;
    complain_hint(taking->complaint, N_("`ayni act show` says who has signed"), NULL);
    return complain(taking->complaint, AYNI_E_INVALID,
                    N_("no act of {} in {} is signed by both parties"), month,
                    request->scope.territory, NULL);
}

/* --- what is written --- */

static void put_all(struct taking *taking, enum approval_state state, struct month_change *change)
{
    const struct approval_request *request = taking->request;

    ayni_cbor_put_string(month_change_field(change, APPROVAL_TERRITORY), request->scope.territory);
    ayni_cbor_put_int(month_change_field(change, APPROVAL_MONTH),
                      month_first_day(request->scope.month));
    ayni_cbor_put_string(month_change_field(change, APPROVAL_WORKFLOW), request->workflow);
    ayni_cbor_put_string(month_change_field(change, APPROVAL_LEVEL),
                         party_level_name(request->level));
    ayni_cbor_put_string(month_change_field(change, APPROVAL_STATE), approval_state_name(state));
    ayni_cbor_put_id(month_change_field(change, APPROVAL_CONTENT), &request->content);
    ayni_cbor_put_null(month_change_field(change, APPROVAL_REASON));
}

static enum ayni_status put_frontier(struct taking *taking, struct month_change *change)
{
    struct ayni_fingerprint frontier;
    enum ayni_status status = frontier_of(taking->reader, &taking->request->scope.space, &frontier);

    if (status != AYNI_OK)
        return status;
    ayni_cbor_put_uint(&change->meta, AYNI_META_FRONTIER);
    ayni_cbor_put_id(&change->meta, &frontier);
    change->meta_count = 1;
    return AYNI_OK;
}

/* Of its own level: ready, or approved; the same again changes nothing. */
static enum ayni_status take_own(struct taking *taking, struct month_change *change)
{
    const struct approval_request *request = taking->request;
    bool approves = request->step == APPROVAL_STEP_APPROVE;
    const struct approval *held =
        taking->exists && taking->approval.counts && !taking->approval.contested ? &taking->approval
                                                                                 : NULL;

    if (held != NULL && ayni_id_equal(&held->content, &request->content) &&
        (approves ? approval_holds(held) : held->state == APPROVAL_READY))
        return AYNI_OK;
    if (!approves && held != NULL && approval_holds(held))
        return complain(taking->complaint, AYNI_E_INVALID, N_("{} is {} already"),
                        request->scope.territory, approval_state_name(held->state), NULL);
    put_all(taking, approves ? APPROVAL_APPROVED : APPROVAL_READY, change);
    return put_frontier(taking, change);
}

/* Of the level below: accepted, or returned with a reason. Its content stays its own word. */
static enum ayni_status take_below(struct taking *taking, struct month_change *change)
{
    const struct approval_request *request = taking->request;
    bool accepts = request->step == APPROVAL_STEP_ACCEPT;
    enum approval_state state = accepts ? APPROVAL_ACCEPTED : APPROVAL_RETURNED;

    if (!taking->exists || !taking->approval.counts ||
        (accepts && taking->approval.state != APPROVAL_APPROVED &&
         taking->approval.state != APPROVAL_ACCEPTED))
        return complain(taking->complaint, AYNI_E_NOT_FOUND, N_("{} hasn't approved {}"),
                        party_level_name(request->level), request->scope.territory, NULL);
    if (taking->approval.state == state &&
        (accepts || strcmp(taking->approval.reason, taking->writer->reason) == 0))
        return AYNI_OK;
    ayni_cbor_put_string(month_change_field(change, APPROVAL_STATE), approval_state_name(state));
    if (!accepts)
        ayni_cbor_put_string(month_change_field(change, APPROVAL_REASON), taking->writer->reason);
    enum ayni_status status =
        accepts ? approval_warn_of_content(taking, &taking->approval) : AYNI_OK;
    return status == AYNI_OK ? put_frontier(taking, change) : status;
}

static enum ayni_status decide(void *context, struct reader *reader, struct month_change *change,
                               struct complaint *complaint)
{
    struct taking *taking = context;
    const struct charter *charter = reader_charter(reader);
    enum ayni_status status = AYNI_OK;

    taking->reader = reader;
    taking->complaint = complaint;
    taking->own = party_of_node(charter, &charter->self);
    taking->request->acts_changed = taking->request->acts_unsigned = 0;
    approval_acts_free(&taking->acts); /* of an attempt before */
    if (taking->request->level == PARTY_LEVELS)
        status = find_level(taking);
    if (status == AYNI_OK)
        status = check_level(taking);
    if (status == AYNI_OK)
        status = read_approval(taking, change);
    if (status == AYNI_OK)
        status = read_content(taking);
    if (status == AYNI_OK)
        status = approval_review(taking);
    if (status == AYNI_OK)
        status = check_acts(taking);
    if (status != AYNI_OK)
        return status;
    return is_of_own_level(taking->request->step) ? take_own(taking, change)
                                                  : take_below(taking, change);
}

enum ayni_status approval_take(struct records *records, const struct month_writer *writer,
                               struct approval_request *request, struct complaint *complaint)
{
    struct taking taking = { .request = request, .writer = writer };

    if (request->step == APPROVAL_STEP_RETURN &&
        (writer->reason == NULL || writer->reason[0] == '\0'))
        return complain(complaint, AYNI_E_USAGE, N_("say why it is returned: --reason"), NULL);
    enum ayni_status status = month_write(records, writer, decide, &taking, &request->written,
                                          &request->warnings, complaint);
    approval_acts_free(&taking.acts);
    return status;
}
