#include "daemon/records/writing/edit.h"

#include "daemon/records/govern.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "daemon/records/writing/attempts.h"
#include "daemon/records/writing/edit_check.h"
#include "daemon/records/writing/edit_private.h"
#include "daemon/records/writing/lane.h"
#include "proto/cbor.h"

static void edit_done(struct edit *edit)
{
    record_state_free(&edit->state);
    reader_end(edit->reader);
    edit->reader = NULL;
    assigned_free(&edit->assigned);
    for (size_t i = 0; i < IDENTIFIER_SCHEMES; i++)
        ayni_buffer_free(&edit->identifier_values[i]);
}

static enum ayni_status load_state(struct edit *edit)
{
    enum ayni_status status = reader_fold(edit->reader, &edit->key, &edit->state);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status == AYNI_OK)
        edit->exists = record_state_newest(&edit->state) != NULL;
    return status;
}

/* --- what changes --- */

static bool holds_already(const struct edit *edit, const struct ayni_field *field)
{
    const struct ayni_folded_field *held =
        edit->exists ? ayni_folded_field(&edit->state.folded, field->number) : NULL;

    if (held == NULL)
        return ayni_cbor_is_null(field->value);
    return !held->contested && ayni_bytes_equal(held->shown, field->value);
}

/* The fields that differ; a record that stands deleted is shown again, and who changes one whose
 * deletion is contested has decided that it stays. */
static void find_changes(struct edit *edit)
{
    const struct ayni_folded *folded = &edit->state.folded;

    edit->field_count = 0;
    edit->result->changed_count = 0;
    if (edit->exists && (folded->deleted || folded->delete_contested))
        edit->fields[edit->field_count++] =
            (struct ayni_field){ .number = 0, .value = ayni_cbor_null() };
    for (size_t i = 0; i < edit->assigned.count; i++) {
        const struct ayni_field *field = &edit->assigned.fields[i];
        if (holds_already(edit, field))
            continue;
        edit->fields[edit->field_count++] = *field;
        edit->result->changed[edit->result->changed_count++] = field->number;
    }
    if (!folded->deleted && edit->result->changed_count == 0)
        edit->field_count = 0;
}

void edit_add_change(struct edit *edit, const struct record_key *key,
                     const struct ayni_field *fields, size_t count, const struct record_state *seen)
{
    const struct edit_request *request = edit->request;

    edit->changes[edit->change_count++] = (struct author_change){
        .space = key->space,
        .record = key->record,
        .type = key->type,
        .fields = fields,
        .field_count = count,
        .steward = ayni_bytes_of_text(request->steward),
        .origin = ayni_bytes_of_text(request->origin == NULL ? "" : request->origin),
        .reason = ayni_bytes_of_text(request->reason == NULL ? "" : request->reason),
        .expects = true,
        .expected = seen->total,
    };
}

/* --- writing --- */

/* Whether the fields given have as many alternatives as the person saw. */
static enum ayni_status check_expected(struct edit *edit)
{
    for (size_t i = 0; edit->request->has_expect && i < edit->assigned.count; i++) {
        const struct ayni_folded_field *held =
            ayni_folded_field(&edit->state.folded, edit->assigned.fields[i].number);
        size_t count = held == NULL ? 0 : held->alternative_count;
        if (count == edit->request->expect)
            continue;
        complain_hint(edit->complaint, N_("look again: `ayni conflicts show`"), NULL);
        return complain(edit->complaint, AYNI_E_CHANGED,
                        N_("the alternatives have changed meanwhile"), NULL);
    }
    return AYNI_OK;
}

static enum ayni_status refuse_settling(struct edit *edit, uint32_t field)
{
    char name[NAMES_SIZE];

    names_of_field(reader_charter(edit->reader), edit->key.type, field, name);
    complain_hint(edit->complaint, N_("`ayni conflicts show` has its values side by side"), NULL);
    return complain(edit->complaint, AYNI_E_RIGHT,
                    N_("{} is contested, which a reviewer or an admin settles"), name, NULL);
}

/* An edit covers all that was seen, and so would settle it. A deletion covers all there is. */
static enum ayni_status check_settles(struct edit *edit, bool deletes)
{
    const struct ayni_folded *folded = &edit->state.folded;

    if (!edit->request->no_settling || !edit->exists || folded->deleted)
        return AYNI_OK;
    if (folded->delete_contested && (deletes || edit->field_count > 0))
        return refuse_settling(edit, 0);
    for (size_t i = 0; i < folded->field_count; i++) {
        const struct ayni_folded_field *field = &folded->fields[i];
        bool sets = deletes;
        for (size_t j = 0; j < edit->field_count && !sets; j++)
            sets = edit->fields[j].number == field->number;
        if (sets && field->contested)
            return refuse_settling(edit, field->number);
    }
    return AYNI_OK;
}

static enum ayni_status check_govern(struct edit *edit)
{
    return govern_check(reader_charter(edit->reader), &edit->key.space, edit->request->by_admin,
                        edit->complaint);
}

static enum ayni_status plan(struct edit *edit)
{
    struct edit_change change = { .type = edit->type,
                                  .key = &edit->key,
                                  .fields = edit->fields,
                                  .english = edit->request->english };
    enum ayni_status status = check_expected(edit);

    if (status != AYNI_OK)
        return status;
    find_changes(edit);
    status = check_settles(edit, false);
    if (status != AYNI_OK)
        return status;
    change.before = edit->exists ? &edit->state : NULL;
    change.count = edit->field_count;
    if (edit->field_count > 0 || !edit->exists) {
        status = edit_check(edit->records, edit->reader, &change, edit->complaint,
                            &edit->result->warnings);
        if (status == AYNI_OK)
            edit_add_change(edit, &edit->key, edit->fields, edit->field_count, &edit->state);
    }
    return status == AYNI_OK ? edit_add_identifiers(edit) : status;
}

/* Nobody waits for a write while she reads: the reader and what it lent go first. */
static enum ayni_status write_changes(struct edit *edit)
{
    enum ayni_status status;

    edit->result->key = edit->key;
    edit->result->created = !edit->exists;
    record_state_free(&edit->state);
    reader_end(edit->reader);
    edit->reader = NULL;
    status = author_write(edit->records->author, edit->changes, edit->change_count,
                          lane_of_type(edit->key.type), NULL);
    return status == AYNI_E_RIGHT
               ? space_access_explain(edit->records->standing, &edit->key.space, edit->complaint)
               : status;
}

static enum ayni_status begin(struct edit *edit, struct records *records,
                              const struct edit_request *request, struct edit_result *result,
                              struct complaint *complaint)
{
    *result = (struct edit_result){ 0 };
    *edit = (struct edit){
        .records = records, .request = request, .result = result, .complaint = complaint
    };
    return reader_begin(records, &edit->reader);
}

static enum ayni_status read_assignments(struct edit *edit)
{
    return assign_read(edit->reader, &edit->records->node, edit->type, edit->request->assignments,
                       edit->request->assignment_count, &edit->assigned, edit->complaint);
}

/* --- put --- */

static enum ayni_status do_put(struct edit *edit)
{
    const struct charter *charter = reader_charter(edit->reader);
    enum ayni_status status =
        names_type(charter, edit->request->type, &edit->type, edit->complaint);

    if (status == AYNI_OK)
        status = names_space(charter, edit->request->space, &edit->key.space, edit->complaint);
    if (status == AYNI_OK)
        status = check_govern(edit);
    if (status == AYNI_OK)
        status = read_assignments(edit);
    if (status != AYNI_OK)
        return status;
    edit->key.type = edit->type->number;
    status = edit_choose(edit);
    if (status == AYNI_OK)
        status = load_state(edit);
    if (status == AYNI_OK)
        status = plan(edit);
    return status == AYNI_OK ? write_changes(edit) : status;
}

/* --- set, delete --- */

/* `anew`: also what was erased. Who writes it names the erasures that were seen. */
static enum ayni_status find(struct edit *edit, bool anew)
{
    const struct charter *charter = reader_charter(edit->reader);
    const struct edit_request *request = edit->request;
    struct complaint complaint = { 0 };
    enum ayni_status status =
        names_place(edit->reader, request->id, request->space, &edit->key, &complaint);

    if (status == AYNI_E_NOT_FOUND && anew &&
        names_erased_place(edit->reader, request->id, request->space, &edit->key) == AYNI_OK)
        status = AYNI_OK;
    else if (status != AYNI_OK)
        *edit->complaint = complaint;
    if (status != AYNI_OK)
        return status;
    edit->type = ayni_catalogue_type(charter->catalogue, edit->key.type);
    status = check_govern(edit);
    return status == AYNI_OK ? load_state(edit) : status;
}

static enum ayni_status do_set(struct edit *edit)
{
    char type[NAMES_SIZE];
    enum ayni_status status = find(edit, true);

    if (status != AYNI_OK)
        return status;
    if (edit->type == NULL) {
        names_of_type(reader_charter(edit->reader), edit->key.type, type);
        return complain(edit->complaint, AYNI_E_USAGE, N_("there is no type {}"), type, NULL);
    }
    status = read_assignments(edit);
    if (status == AYNI_OK)
        status = plan(edit);
    return status == AYNI_OK ? write_changes(edit) : status;
}

static enum ayni_status do_delete(struct edit *edit)
{
    enum ayni_status status = find(edit, false);

    if (status == AYNI_OK)
        status = check_settles(edit, true);
    if (status != AYNI_OK)
        return status;
    if (!record_state_gone(&edit->state)) {
        edit->fields[0] = (struct ayni_field){ .number = 0, .value = ayni_cbor_true() };
        edit_add_change(edit, &edit->key, edit->fields, 1, &edit->state);
    }
    return write_changes(edit);
}

/* --- one attempt after the other --- */

struct asked {
    enum ayni_status (*act)(struct edit *edit);
    struct records *records;
    const struct edit_request *request;
    struct edit_result *result;
    struct complaint *complaint;
};

static enum ayni_status attempt_one(void *context)
{
    const struct asked *asked = context;
    struct edit edit;
    enum ayni_status status =
        begin(&edit, asked->records, asked->request, asked->result, asked->complaint);

    if (status == AYNI_OK)
        status = asked->act(&edit);
    edit_done(&edit);
    return status;
}

static enum ayni_status run(enum ayni_status (*act)(struct edit *edit), struct records *records,
                            const struct edit_request *request, struct edit_result *result,
                            struct complaint *complaint)
{
    struct asked asked = { act, records, request, result, complaint };

    return attempts(records, attempt_one, &asked, complaint);
}

enum ayni_status edit_put(struct records *records, const struct edit_request *request,
                          struct edit_result *result, struct complaint *complaint)
{
    return run(do_put, records, request, result, complaint);
}

enum ayni_status edit_set(struct records *records, const struct edit_request *request,
                          struct edit_result *result, struct complaint *complaint)
{
    return run(do_set, records, request, result, complaint);
}

enum ayni_status edit_delete(struct records *records, const struct edit_request *request,
                             struct edit_result *result, struct complaint *complaint)
{
    return run(do_delete, records, request, result, complaint);
}
