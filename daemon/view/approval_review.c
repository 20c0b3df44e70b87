#include "daemon/view/approval_private.h"

#include <stdio.h>

#include "daemon/view/act_compare.h"

/* What the acts of the territory must be, one after the other. */
struct reviewing {
    struct taking *taking;
    struct act_list children; /* of the whole territory */
    bool has_children;
    char unsigned_acts[COMPLAINT_ARG_SIZE]; /* whose, and of which district */
    enum ayni_status status;
};

static const char *name_of(struct reader *reader, const struct ayni_record *organisation,
                           struct party_names *names)
{
    return party_organisation(reader, organisation, names) == AYNI_OK && names->code[0] != '\0'
               ? names->code
               : "?";
}

static bool is_own(const struct taking *taking, const struct act *act)
{
    return taking->request->level == PARTY_MUNICIPALITY &&
           ayni_id_equal(&act->municipality, &taking->own->id);
}

/* The municipality itself approves its act, and both parties have signed it. */
static enum ayni_status check_own_act(struct taking *taking, const struct act *act)
{
    struct party_names names;

    if (!is_own(taking, act))
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

/* Several districts may be covered by one approval, of which it is said once. */
static bool said_already(const struct complaints *warnings, const struct approval *below)
{
    for (size_t i = 0; i < warnings->count; i++)
        if (strcmp(warnings->list[i].code, "content_changed") == 0 &&
            strcmp(warnings->list[i].args[1], below->scope.territory) == 0)
            return true;
    return false;
}

enum ayni_status approval_warn_of_content(struct taking *taking, const struct approval *below)
{
    struct complaints *warnings = &taking->request->warnings;
    struct ayni_hash content;
    size_t count;
    enum ayni_status status =
        approval_acts_content(&taking->acts, below->scope.territory, &content, &count);
    struct complaint *warning;

    if (status != AYNI_OK || ayni_id_equal(&content, &below->content) ||
        said_already(warnings, below))
        return status;
    warning = complaints_add(warnings);
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
        return approval_warn_of_content(taking, &below);
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

/* Anybody may have written it: it is named, as far as there is room, and in nobody's way. */
static void note_unsigned(struct reviewing *reviewing, const struct act *act)
{
    struct taking *taking = reviewing->taking;
    struct party_names names;
    char one[PARTY_CODE_SIZE + CONTRIBUTION_PLACE_SIZE + 4];
    size_t used = strlen(reviewing->unsigned_acts);
    const char *between = used == 0 ? "" : ", ";

    taking->request->acts_unsigned++;
    snprintf(one, sizeof(one), "%s (%s)", name_of(taking->reader, &act->municipality, &names),
             act->scope.place);
    if (used + strlen(between) + strlen(one) < sizeof(reviewing->unsigned_acts))
        snprintf(reviewing->unsigned_acts + used, sizeof(reviewing->unsigned_acts) - used, "%s%s",
                 between, one);
}

static void warn_of_unsigned(const struct reviewing *reviewing)
{
    struct approval_request *request = reviewing->taking->request;
    char count[24];
    struct complaint *warning;

    if (request->acts_unsigned == 0)
        return;
    warning = complaints_add(&request->warnings);
    if (warning == NULL)
        return;
    snprintf(count, sizeof(count), "%zu", request->acts_unsigned);
    complain_code(warning, "not_signed");
    complain_hint(
        warning, N_("`ayni act list` says who has signed; once it is signed, approve again"), NULL);
    (void)complain(warning, AYNI_OK, N_("not signed by both parties, and no part of this ({}): {}"),
                   count, reviewing->unsigned_acts, NULL);
}

static enum ayni_status review_signed(struct reviewing *reviewing, const struct act *act)
{
    struct taking *taking = reviewing->taking;
    enum ayni_status status = AYNI_OK;

    if (taking->request->step == APPROVAL_STEP_APPROVE)
        status = taking->request->level == PARTY_MUNICIPALITY ? check_own_act(taking, act)
                                                              : check_below(taking, act);
    return status == AYNI_OK ? count_changed(reviewing, act) : status;
}

static bool review_act(void *context, const struct act *act)
{
    struct reviewing *reviewing = context;
    struct taking *taking = reviewing->taking;
    bool approves = taking->request->step == APPROVAL_STEP_APPROVE;

    if (act_is_closed(act) || (approves && is_own(taking, act)))
        reviewing->status = review_signed(reviewing, act);
    else
        note_unsigned(reviewing, act);
    return reviewing->status == AYNI_OK;
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

enum ayni_status approval_review(struct taking *taking)
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
    if (status == AYNI_OK)
        status = reviewing.status;
    if (status == AYNI_OK) {
        warn_of_changes(taking);
        warn_of_unsigned(&reviewing);
    }
    return status;
}
