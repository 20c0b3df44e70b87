#include "daemon/control/act_item.h"

#include "daemon/control/named_item.h"
#include "daemon/control/record_item.h"
#include "daemon/records/names.h"
#include "daemon/view/act_problems.h"
#include "daemon/view/party.h"
#include "daemon/view/shown.h"

enum { CHILD_SURNAME_1 = 1, CHILD_SURNAME_2 = 2, CHILD_GIVEN_NAMES = 3 };
/* An item is one frame; who has more open than this reads `problems`. */
enum { PROBLEMS_MAX = 5000 };

/* "draft", "signed" (by both parties), "contested", or "unsigned" where the municipality hasn't
 * signed the list that is shown. */
static const char *state_of(const struct act *act)
{
    if (act->contested)
        return "contested";
    if (!act->by_municipality)
        return "unsigned";
    if (act->altered)
        return "altered";
    return act_is_closed(act) ? "signed" : "draft";
}

/* --- the act --- */

static void put_place(struct ayni_control_writer *item, const struct act *act)
{
    if (act->scope.place[0] == '\0')
        ayni_control_put_null(item, "territory");
    else
        ayni_control_put_text(item, "territory", act->scope.place);
}

static void put_counts(struct ayni_control_writer *item, const struct act *act)
{
    ayni_control_put_int(item, "children", act->children);
    ayni_control_put_int(item, "added", act->added);
    ayni_control_put_int(item, "removed", act->removed);
    ayni_control_put_int(item, "open_problems", act->open_problems);
    ayni_control_put_hash(item, "list_root",
                          (struct ayni_bytes){ act->root.bytes, sizeof(act->root.bytes) });
}

enum ayni_status act_item_put(struct ayni_control_writer *item, struct reader *reader,
                              const struct act *act)
{
    struct party_names municipality, facility;
    char place[PARTY_PLACE_SIZE];
    enum ayni_status status = party_organisation(reader, &act->municipality, &municipality);

    if (status == AYNI_OK)
        status = party_facility(reader, &act->facility, &facility, place);
    if (status != AYNI_OK)
        return status;
    ayni_control_put_record(item, "id", &act->key.record);
    named_item_space(item, reader_charter(reader), &act->key.space);
    ayni_control_put_month(item, "period", month_first_day(act->scope.month));
    ayni_control_put_text(item, "municipality", municipality.code);
    ayni_control_put_text(item, "municipality_name", municipality.name);
    ayni_control_put_text(item, "facility", facility.code);
    ayni_control_put_text(item, "facility_name", facility.name);
    put_place(item, act);
    put_counts(item, act);
    ayni_control_put_text(item, "state", state_of(act));
    return AYNI_OK;
}

static enum ayni_status put_signer(struct ayni_control_writer *item, struct reader *reader,
                                   const struct act_signer *signer)
{
    struct party_names names;
    enum ayni_status status = party_organisation(reader, &signer->organisation, &names);

    if (status != AYNI_OK)
        return status;
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "org", names.code);
    ayni_control_put_text(item, "name", names.name);
    ayni_control_put_bool(item, "counts", signer->itself);
    if (signer->itself) {
        ayni_control_put_node(item, "node", &signer->node);
        ayni_control_put_instant(item, "time", signer->time);
    } else {
        ayni_control_put_null(item, "node");
        ayni_control_put_null(item, "time");
    }
    ayni_control_close(item);
    return AYNI_OK;
}

enum ayni_status act_item_signers(struct ayni_control_writer *item, struct reader *reader,
                                  const struct act *act)
{
    enum ayni_status status = AYNI_OK;

    ayni_control_open_array(item, "signers");
    for (size_t i = 0; status == AYNI_OK && i < act->signer_count; i++)
        status = put_signer(item, reader, &act->signers[i]);
    ayni_control_close(item);
    return status;
}

/* --- what has changed --- */

void act_item_changed(struct ayni_control_writer *item, const struct act_comparison *comparison)
{
    if (comparison->known) {
        ayni_control_put_bool(item, "changed_since", comparison->changed);
        ayni_control_put_int(item, "children_now", comparison->children);
    } else {
        ayni_control_put_null(item, "changed_since");
        ayni_control_put_null(item, "children_now");
    }
}

/* Surnames and given names, as far as they are here. */
static void put_names(struct ayni_control_writer *item, const struct record_state *child)
{
    static const uint32_t fields[] = { CHILD_SURNAME_1, CHILD_SURNAME_2, CHILD_GIVEN_NAMES };
    SCOPED_BUFFER names = { 0 };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct ayni_bytes text = shown_text(record_state_value(child, fields[i]));
        if (text.size > 0 && names.size > 0)
            ayni_buffer_append_byte(&names, ' ');
        ayni_buffer_append(&names, text.data, text.size);
    }
    if (names.size == 0 || ayni_buffer_status(&names) != AYNI_OK)
        ayni_control_put_null(item, "name");
    else
        ayni_control_put_string(item, "name", ayni_buffer_bytes(&names));
}

static enum ayni_status put_difference(struct ayni_control_writer *item, struct reader *reader,
                                       const struct act *act,
                                       const struct act_difference *difference)
{
    struct record_key key = { act->key.space, ACT_LIST_TYPE, difference->child };
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, &key, &state);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &difference->child);
    ayni_control_put_text(item, "change", act_change_name(difference->change));
    put_names(item, &state);
    ayni_control_close(item);
    return AYNI_OK;
}

enum ayni_status act_item_differences(struct ayni_control_writer *item, struct reader *reader,
                                      const struct act *act,
                                      const struct act_comparison *comparison)
{
    enum ayni_status status = AYNI_OK;

    ayni_control_put_bool(item, "named", comparison->named);
    ayni_control_open_array(item, "differences");
    for (size_t i = 0; status == AYNI_OK && i < comparison->count; i++)
        status = put_difference(item, reader, act, &comparison->differences[i]);
    ayni_control_close(item);
    return status;
}

/* --- what is open --- */

struct problems {
    struct ayni_control_writer *item;
    const struct charter *charter;
    int64_t count;
};

static bool put_problem(void *context, const struct record_state *child,
                        const struct act_problem *problem)
{
    struct problems *problems = context;
    char field[NAMES_SIZE];

    if (problems->count++ >= PROBLEMS_MAX)
        return true;
    names_of_field(problems->charter, ACT_LIST_TYPE, problem->field, field);
    ayni_control_open_object(problems->item, NULL);
    ayni_control_put_record(problems->item, "id", &problem->child);
    put_names(problems->item, child);
    ayni_control_put_text(problems->item, "field", field);
    ayni_control_put_string(problems->item, "reason", problem->code);
    ayni_control_close(problems->item);
    return true;
}

enum ayni_status act_item_problems(struct ayni_control_writer *item, struct reader *reader,
                                   const struct act *act)
{
    struct problems problems = { item, reader_charter(reader), 0 };
    SCOPED_ACT_LIST list = { 0 };
    enum ayni_status status =
        act->scope.place[0] == '\0' ? AYNI_E_NOT_FOUND : act_list_make(reader, &act->scope, &list);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    ayni_control_open_array(item, "problems");
    if (status == AYNI_OK)
        status = act_problems_each(reader, &act->scope, &list, put_problem, &problems);
    else
        status = AYNI_OK; /* what isn't known has none that could be told */
    ayni_control_close(item);
    ayni_control_put_int(item, "problems_left_out",
                         problems.count > PROBLEMS_MAX ? problems.count - PROBLEMS_MAX : 0);
    return status;
}
