#include "daemon/view/approval_write.h"

#include <stdio.h>

#include "daemon/view/act_compare.h"
#include "daemon/view/frontier.h"
#include "proto/cbor.h"

/* A step being taken, from one state of all. */
struct taking {
    struct approval_request *request;
    const struct month_writer *writer;
    struct reader *reader;
    struct complaint *complaint;
    const struct ayni_organisation *own;
    bool exists; /* the approval that the step is about */
    struct approval approval;
};

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

/* --- the acts --- */

/* What the acts of the territory must be, one after the other. */
struct reviewing {
    struct taking *taking;
    struct act_list children; /* of the whole territory */
    bool has_children;
    enum ayni_status status;
};

static const char *name_of(struct reader *reader, const struct ayni_record *organisation,
                           struct party_names *names)
{
    return party_organisation(reader, organisation, names) == AYNI_OK && names->code[0] != '\0'
               ? names->code
               : "?";
}

/* The municipality itself approves its act, and both parties have signed it. */
static enum ayni_status check_own_act(struct taking *taking, const struct act *act)
{
    struct party_names names;

    if (!ayni_id_equal(&act->municipality, &taking->own->id))
        return complain(taking->complaint, AYNI_E_RIGHT, N_("the act of {} is that of {}"),
                        act->scope.place, name_of(taking->reader, &act->municipality, &names),
                        NULL);
    if (act_is_closed(act) && !act->contested)
        return AYNI_OK;
    complain_hint(taking->complaint, N_("`ayni act show` says who has signed"), NULL);
    return complain(taking->complaint, AYNI_E_INVALID,
                    N_("the act of {} isn't signed by both parties"),
                    name_of(taking->reader, &act->municipality, &names), NULL);
}

static enum ayni_status warn_of_content(struct taking *taking, const struct approval *below)
{
    struct ayni_hash content;
    size_t count;
    enum ayni_status status = approval_content(taking->reader, &below->scope, &content, &count);
    struct complaint *warning;

    if (status != AYNI_OK || ayni_id_equal(&content, &below->content))
        return status;
    warning = complaints_add(&taking->request->warnings);
    if (warning != NULL) {
        complain_code(warning, "content_changed");
        (void)complain(warning, AYNI_OK, N_("content changed since {} of {} approved it"),
                       party_level_name(below->level), below->scope.territory, NULL);
    }
    return AYNI_OK;
}

/* The level below has approved the act's district, or what is around it. */
static enum ayni_status check_below(struct taking *taking, const struct act *act)
{
    const struct approval_request *request = taking->request;
    struct approval_scope district = request->scope;
    struct approval below;
    enum ayni_status status;

    memcpy(district.territory, act->scope.place, sizeof(district.territory));
    status =
        approval_covering(taking->reader, &district, request->workflow, request->level - 1, &below);
    if (status == AYNI_OK)
        return warn_of_content(taking, &below);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    complain_hint(taking->complaint, N_("`ayni approvals` lists who has approved"), NULL);
    return complain(taking->complaint, AYNI_E_INVALID,
                    N_("the level below, {}, hasn't approved {}"),
                    party_level_name(request->level - 1), district.territory, NULL);
}

/* Whether its children have changed since, by the list that all acts of the territory share. */
static enum ayni_status count_changed(struct reviewing *reviewing, const struct act *act)
{
    SCOPED_ACT_LIST now = { 0 };
    struct act_comparison comparison;
    enum ayni_status status;

    if (!reviewing->has_children)
        return AYNI_OK;
    status = act_list_part(&reviewing->children, act->scope.place, act->scope.month, &now);
    if (status == AYNI_OK)
        status = act_compare_with(act, &now, &comparison);
    if (status == AYNI_OK)
        reviewing->taking->request->acts_changed += comparison.changed;
    return status;
}

static bool review_act(void *context, const struct act *act)
{
    struct reviewing *reviewing = context;
    struct taking *taking = reviewing->taking;
    enum ayni_status status = AYNI_OK;

    if (taking->request->step == APPROVAL_STEP_APPROVE)
        status = taking->request->level == PARTY_MUNICIPALITY ? check_own_act(taking, act)
                                                              : check_below(taking, act);
    if (status == AYNI_OK)
        status = count_changed(reviewing, act);
    reviewing->status = status;
    return status == AYNI_OK;
}

static enum ayni_status review_acts(struct taking *taking)
{
    const struct approval_request *request = taking->request;
    struct reviewing reviewing = { .taking = taking };
    const struct act_filter filter = { .space = &request->scope.space,
                                       .has_month = true,
                                       .month = request->scope.month,
                                       .place = request->scope.territory };
    struct act_scope scope = { .space = request->scope.space, .month = request->scope.month };
    enum ayni_status status;

    memcpy(scope.place, request->scope.territory, sizeof(scope.place));
    status = act_list_make(taking->reader, &scope, &reviewing.children);
    reviewing.has_children = status == AYNI_OK;
    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND)
        status = acts_each(taking->reader, &filter, review_act, &reviewing);
    act_list_free(&reviewing.children);
    return status == AYNI_OK ? reviewing.status : status;
}

static void warn_of_changes(struct taking *taking)
{
    char changed[24], all[24];
    struct complaint *warning;

    if (taking->request->acts_changed == 0)
        return;
    warning = complaints_add(&taking->request->warnings);
    if (warning == NULL)
        return;
    snprintf(changed, sizeof(changed), "%zu", taking->request->acts_changed);
    snprintf(all, sizeof(all), "%zu", taking->request->acts);
    complain_code(warning, "changed_since");
    complain_hint(warning, N_("`ayni act list` says which; nothing is reopened by it"), NULL);
    (void)complain(warning, AYNI_OK, N_("of {} of {} acts the children have changed since"),
                   changed, all, NULL);
}

static enum ayni_status read_content(struct taking *taking)
{
    struct approval_request *request = taking->request;
    char month[AYNI_DAY_TEXT_SIZE];
    enum ayni_status status =
        approval_content(taking->reader, &request->scope, &request->content, &request->acts);

    if (status != AYNI_OK || request->acts > 0)
        return status;
    ayni_month_text(month_first_day(request->scope.month), month);
    return complain(taking->complaint, AYNI_E_NOT_FOUND, N_("there is no act of {} in {}"), month,
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
    enum ayni_status status = accepts ? warn_of_content(taking, &taking->approval) : AYNI_OK;
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
    taking->request->acts_changed = 0;
    if (taking->request->level == PARTY_LEVELS)
        status = find_level(taking);
    if (status == AYNI_OK)
        status = check_level(taking);
    if (status == AYNI_OK)
        status = read_approval(taking, change);
    if (status == AYNI_OK)
        status = read_content(taking);
    if (status == AYNI_OK)
        status = review_acts(taking);
    if (status != AYNI_OK)
        return status;
    warn_of_changes(taking);
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
    return month_write(records, writer, decide, &taking, &request->written, &request->warnings,
                       complaint);
}
