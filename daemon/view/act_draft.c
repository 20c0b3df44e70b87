#include "daemon/view/act_draft.h"

#include "daemon/records/names.h"
#include "daemon/records/reader_limits.h"
#include "daemon/view/act_problems.h"
#include "daemon/view/frontier.h"
#include "daemon/view/party.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"

enum { TYPE_FACILITY = 703, TYPE_ORGANISATION = 704 };

/* --- who drafts, of what --- */

struct drafting {
    struct records *records;
    struct act_draft *draft;
    const struct ayni_organisation *own;
    struct ayni_record facility;
    struct act_scope scope;
    struct act_list list;
    int64_t added, removed, open_problems;
};

static void drafting_done(struct drafting *drafting)
{
    act_list_free(&drafting->list);
}

static enum ayni_status check_municipality(struct drafting *drafting, struct reader *reader,
                                           struct complaint *complaint)
{
    const struct charter *charter = reader_charter(reader);
    const char *named = drafting->draft->municipality;
    struct complaint_word own;
    struct ayni_record municipality;
    enum ayni_status status;

    drafting->own = party_of_node(charter, &charter->self);
    own = party_code(drafting->own);
    if (!party_has_level(drafting->own, PARTY_MUNICIPALITY)) {
        complain_hint(complaint,
                      N_("steering says what an organisation is: `ayni set "
                         "organisation:CODE kind=municipality`"),
                      NULL);
        return complain(complaint, AYNI_E_RIGHT,
                        N_("a municipality drafts the act, and {} is none"), own.text, NULL);
    }
    if (named == NULL)
        return AYNI_OK;
    status = names_record(reader, named, ayni_catalogue_type(charter->catalogue, TYPE_ORGANISATION),
                          &municipality, complaint);
    if (status != AYNI_OK || ayni_id_equal(&municipality, &drafting->own->id))
        return status;
    return complain(complaint, AYNI_E_RIGHT,
                    N_("the act of {} is drafted on a node of its own; this one is of {}"), named,
                    own.text, NULL);
}

static enum ayni_status check_facility(struct drafting *drafting, struct reader *reader,
                                       struct complaint *complaint)
{
    const struct act_draft *draft = drafting->draft;
    const struct charter *charter = reader_charter(reader);
    struct party_names names;
    enum ayni_status status = names_record(reader, draft->facility,
                                           ayni_catalogue_type(charter->catalogue, TYPE_FACILITY),
                                           &drafting->facility, complaint);

    drafting->scope = (struct act_scope){ .space = draft->space, .month = draft->month };
    if (status == AYNI_OK)
        status = party_facility(reader, &drafting->facility, &names, drafting->scope.place);
    if (status != AYNI_OK || drafting->scope.place[0] != '\0')
        return status;
    complain_hint(complaint, N_("steering registers it: `ayni put facility --space registry ...`"),
                  NULL);
    return complain(complaint, AYNI_E_NOT_FOUND, N_("there is no facility {} with a district"),
                    draft->facility, NULL);
}

static enum ayni_status find_key(struct drafting *drafting, struct reader *reader,
                                 struct record_key *key, struct complaint *complaint)
{
    const struct charter *charter = reader_charter(reader);
    SCOPED_BUFFER municipality = { 0 };
    SCOPED_BUFFER month = { 0 };

    if (charter->identity_key == NULL) {
        complain_hint(complaint, N_("it comes with the registry: `ayni sync --wait`"), NULL);
        return complain(complaint, AYNI_E_RIGHT, N_("this node hasn't got the identity key yet"),
                        NULL);
    }
    ayni_cbor_put_id(&municipality, &drafting->own->id);
    ayni_cbor_put_int(&month, month_first_day(drafting->draft->month));
    const struct ayni_bytes values[] = { ayni_buffer_bytes(&municipality),
                                         ayni_buffer_bytes(&month) };
    key->space = drafting->draft->space;
    key->type = ACT_TYPE;
    return ayni_derived_id(charter->identity_key, ACT_TYPE, values, 2, &key->record);
}

/* --- what it counts --- */

struct latest {
    month_no before;
    struct act act;
    bool found;
};

static bool note_latest(void *context, const struct act *act)
{
    struct latest *latest = context;

    if (act->scope.month < latest->before &&
        (!latest->found || act->scope.month > latest->act.scope.month)) {
        latest->act = *act;
        latest->found = true;
    }
    return true;
}

/* The list that this one is told against: that of the last act, as it had been written by then;
 * where there is none, last month's by what is known now. */
static enum ayni_status make_base(struct drafting *drafting, struct reader *reader,
                                  struct act_list *base)
{
    struct latest latest = { .before = drafting->scope.month };
    const struct act_filter filter = { .space = &drafting->scope.space,
                                       .municipality = &drafting->own->id };
    struct act_scope scope = drafting->scope;
    SCOPED_LIMITS limits = { 0 };
    SCOPED_READER *then = NULL;
    enum ayni_status status = acts_each(reader, &filter, note_latest, &latest);

    scope.month = latest.found ? latest.act.scope.month : scope.month - 1;
    if (status != AYNI_OK || !latest.found)
        return status == AYNI_OK ? act_list_make(reader, &scope, base) : status;
    status = reader_begin(drafting->records, &then);
    if (status == AYNI_OK)
        status = reader_limits_written(then, &scope.space, latest.act.drafted, &limits);
    if (status == AYNI_OK) {
        reader_limit(then, &limits);
        status = act_list_make(then, &scope, base);
    }
    return status;
}

static bool count_problem(void *context, const struct record_state *child,
                          const struct act_problem *problem)
{
    (void)child;
    (void)problem;
    ++*(int64_t *)context;
    return true;
}

static enum ayni_status count_all(struct drafting *drafting, struct reader *reader,
                                  struct complaint *complaint)
{
    SCOPED_ACT_LIST base = { 0 };
    char month[AYNI_DAY_TEXT_SIZE];
    enum ayni_status status = act_list_make(reader, &drafting->scope, &drafting->list);

    ayni_month_text(month_first_day(drafting->scope.month), month);
    if (status == AYNI_E_NOT_FOUND)
        return complain(complaint, status,
                        N_("no edition of the indicator `children` says who counts in {}"), month,
                        NULL);
    if (status == AYNI_OK)
        status = make_base(drafting, reader, &base);
    if (status == AYNI_E_NOT_FOUND)
        status = AYNI_OK; /* nobody counted then: all are new */
    if (status != AYNI_OK)
        return status;
    drafting->added = (int64_t)act_list_missing(&drafting->list, &base);
    drafting->removed = (int64_t)act_list_missing(&base, &drafting->list);
    drafting->open_problems = 0;
    return act_problems_each(reader, &drafting->scope, &drafting->list, count_problem,
                             &drafting->open_problems);
}

/* --- what is written --- */

static void put_meta(struct drafting *drafting, const struct ayni_fingerprint *frontier,
                     struct month_change *change)
{
    uint8_t bytes[AYNI_SKETCH_SIZE];
    struct ayni_sketch sketch;

    act_list_sketch(&drafting->list, &sketch);
    ayni_sketch_encode(&sketch, bytes);
    ayni_cbor_put_uint(&change->meta, AYNI_META_FRONTIER);
    ayni_cbor_put_id(&change->meta, frontier);
    ayni_cbor_put_uint(&change->meta, AYNI_META_SKETCH);
    ayni_cbor_put_bytes(&change->meta, (struct ayni_bytes){ bytes, sizeof(bytes) });
    change->meta_count = 2;
}

static void put_fields(const struct drafting *drafting, struct month_change *change)
{
    struct ayni_buffer *signers;

    ayni_cbor_put_id(month_change_field(change, ACT_MUNICIPALITY), &drafting->own->id);
    ayni_cbor_put_id(month_change_field(change, ACT_FACILITY), &drafting->facility);
    ayni_cbor_put_int(month_change_field(change, ACT_MONTH),
                      month_first_day(drafting->scope.month));
    ayni_cbor_put_int(month_change_field(change, ACT_CHILDREN), (int64_t)drafting->list.count);
    ayni_cbor_put_int(month_change_field(change, ACT_ADDED), drafting->added);
    ayni_cbor_put_int(month_change_field(change, ACT_REMOVED), drafting->removed);
    ayni_cbor_put_int(month_change_field(change, ACT_OPEN_PROBLEMS), drafting->open_problems);
    ayni_cbor_put_id(month_change_field(change, ACT_LIST_ROOT), &drafting->list.root);
    signers = month_change_field(change, ACT_SIGNERS);
    ayni_cbor_put_array(signers, 1);
    ayni_cbor_put_id(signers, &drafting->own->id);
}

/* Whether the act says all that already, and the municipality has signed it. */
static bool is_same(const struct drafting *drafting, const struct act *act)
{
    return !act->contested && !act->altered && act->by_municipality &&
           ayni_id_equal(&act->facility, &drafting->facility) &&
           ayni_id_equal(&act->root, &drafting->list.root) &&
           act->children == (int64_t)drafting->list.count && act->added == drafting->added &&
           act->removed == drafting->removed && act->open_problems == drafting->open_problems;
}

static bool signed_by_others(const struct act *act)
{
    for (size_t i = 0; i < act->signer_count; i++)
        if (act->signers[i].itself &&
            !ayni_id_equal(&act->signers[i].organisation, &act->municipality))
            return true;
    return false;
}

static enum ayni_status check_again(const struct drafting *drafting, const struct act *act,
                                    struct complaint *complaint)
{
    if (drafting->draft->again || !signed_by_others(act))
        return AYNI_OK;
    complain_hint(complaint,
                  N_("`ayni act show` says what has changed since; --again drafts it anew, and "
                     "all sign anew"),
                  NULL);
    return complain(complaint, AYNI_E_INVALID, N_("others have signed this act"), NULL);
}

static enum ayni_status decide_draft(void *context, struct reader *reader,
                                     struct month_change *change, struct complaint *complaint)
{
    struct drafting *drafting = context;
    struct ayni_fingerprint frontier;
    struct act act;
    enum ayni_status status;

    act_list_free(&drafting->list);
    status = check_municipality(drafting, reader, complaint);
    if (status == AYNI_OK)
        status = check_facility(drafting, reader, complaint);
    if (status == AYNI_OK)
        status = find_key(drafting, reader, &change->key, complaint);
    if (status == AYNI_OK)
        status = month_change_begin(change, reader);
    if (status == AYNI_OK)
        status = count_all(drafting, reader, complaint);
    if (status == AYNI_OK)
        status = frontier_of(reader, &drafting->scope.space, &frontier);
    if (status != AYNI_OK)
        return status;
    drafting->draft->key = change->key;
    drafting->draft->created = !change->exists;
    if (change->exists && act_of_state(reader, &change->state, &act) == AYNI_OK) {
        if (is_same(drafting, &act))
            return AYNI_OK;
        status = check_again(drafting, &act, complaint);
    }
    if (status == AYNI_OK) {
        put_fields(drafting, change);
        put_meta(drafting, &frontier, change);
    }
    return status;
}

enum ayni_status act_draft(struct records *records, const struct month_writer *writer,
                           struct act_draft *draft, struct complaint *complaint)
{
    __attribute__((cleanup(drafting_done))) struct drafting drafting = { .records = records,
                                                                         .draft = draft };

    return month_write(records, writer, decide_draft, &drafting, &draft->changed, &draft->warnings,
                       complaint);
}
