#include "daemon/records/edit.h"

#include "daemon/records/assign.h"
#include "daemon/records/edit_check.h"
#include "daemon/records/names.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"

enum {
    TRIES_MAX = 8, /* others write meanwhile: what was read is read again */
    CHANGES_MAX = 1 + IDENTIFIER_SCHEMES,
    IDENTIFIER_FIELDS = 4,
};

/* An edit being made, from one state of the record. */
struct edit {
    struct records *records;
    const struct edit_request *request;
    struct edit_result *result;
    struct complaint *complaint;

    struct reader *reader; /* until it is written: nobody writes while she reads */
    const struct ayni_catalogue_type *type;
    struct record_key key;
    struct record_state state; /* all zero where there is nothing */
    bool exists;               /* some version of it counts, though it may stand deleted */
    struct assigned assigned;

    struct ayni_field fields[EDIT_CHANGED_MAX + 1];
    size_t field_count;
    /* Before the others one that takes a deletion back, for a number that stands deleted. */
    struct ayni_field identifier_fields[IDENTIFIER_SCHEMES][1 + IDENTIFIER_FIELDS];
    struct ayni_buffer identifier_values[IDENTIFIER_SCHEMES];
    struct author_change changes[CHANGES_MAX];
    size_t change_count;
};

static void edit_done(struct edit *edit)
{
    record_state_free(&edit->state);
    reader_end(edit->reader);
    edit->reader = NULL;
    assigned_free(&edit->assigned);
    for (size_t i = 0; i < IDENTIFIER_SCHEMES; i++)
        ayni_buffer_free(&edit->identifier_values[i]);
}

static const uint8_t null_item = 0xf6;
static const uint8_t true_item = 0xf5;

static struct ayni_bytes one_byte(const uint8_t *byte)
{
    return (struct ayni_bytes){ byte, 1 };
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

/* --- which record --- */

static enum ayni_status complain_no_key(struct edit *edit)
{
    complain_hint(edit->complaint, N_("it comes with the registry: `ayni sync --wait`"), NULL);
    return complain(edit->complaint, AYNI_E_RIGHT, N_("this node hasn't got the identity key yet"),
                    NULL);
}

/*
 * A child or person: the record with the id of the first identifier, if it is
 * here; else who holds one of them; else a new one with that id.
 */
static enum ayni_status choose_by_identifiers(struct edit *edit)
{
    const struct assigned *assigned = &edit->assigned;
    const struct charter *charter = reader_charter(edit->reader);
    struct ayni_record first, holder;
    enum ayni_status status;

    if (assigned->identifier_count == 0) {
        edit->key.record = identifier_random_id();
        return AYNI_OK;
    }
    status = identifier_id(charter, edit->type->number, &assigned->identifiers[0], &first);
    if (status == AYNI_E_RIGHT)
        return complain_no_key(edit);
    edit->key.record = first;
    if (status != AYNI_OK || reader_has(edit->reader, &edit->key))
        return status;
    for (size_t i = 0; i < assigned->identifier_count; i++) {
        status = identifier_holder(edit->reader, &assigned->identifiers[i], &holder);
        if (status == AYNI_OK)
            edit->key.record = holder;
        if (status != AYNI_E_NOT_FOUND)
            return status;
    }
    return AYNI_OK;
}

static enum ayni_status choose_by_key(struct edit *edit)
{
    const struct charter *charter = reader_charter(edit->reader);
    bool root = ayni_derived_id_uses_root_key(edit->type->number);
    const uint8_t *key = root ? charter->root.bytes : charter->identity_key;
    char organisation[NAMES_SIZE];
    enum ayni_status status = AYNI_E_NOT_FOUND;

    names_of_org(charter, &edit->records->node, organisation);
    if (edit->type->key_count > 0 && key == NULL)
        return complain_no_key(edit);
    if (edit->type->key_count > 0)
        status =
            ayni_derived_id_of_fields(key, edit->type, edit->assigned.fields, edit->assigned.count,
                                      ayni_bytes_of_text(organisation), &edit->key.record);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    edit->key.record = identifier_random_id();
    return AYNI_OK;
}

/* --- what changes --- */

static bool holds_already(const struct edit *edit, const struct ayni_field *field)
{
    const struct ayni_folded_field *held =
        edit->exists ? ayni_folded_field(&edit->state.folded, field->number) : NULL;

    if (held == NULL)
        return ayni_bytes_equal(field->value, one_byte(&null_item));
    return !held->contested && ayni_bytes_equal(held->shown, field->value);
}

/* The fields that differ; a record that stands deleted is shown again. */
static void find_changes(struct edit *edit)
{
    edit->field_count = 0;
    edit->result->changed_count = 0;
    if (edit->exists && edit->state.folded.deleted)
        edit->fields[edit->field_count++] =
            (struct ayni_field){ .number = 0, .value = one_byte(&null_item) };
    for (size_t i = 0; i < edit->assigned.count; i++) {
        const struct ayni_field *field = &edit->assigned.fields[i];
        if (holds_already(edit, field))
            continue;
        edit->fields[edit->field_count++] = *field;
        edit->result->changed[edit->result->changed_count++] = field->number;
    }
}

static void add_change(struct edit *edit, const struct record_key *key,
                       const struct ayni_field *fields, size_t count,
                       const struct record_state *seen)
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

/* --- identifiers of a child or person --- */

static void warn_held(struct edit *edit, const struct identifier *identifier,
                      struct ayni_bytes holder)
{
    char text[AYNI_RECORD_TEXT_SIZE] = "?";

    if (holder.size == 17)
        ayni_record_text((const struct ayni_record *)(holder.data + 1), text);
    edit->result->warned = true;
    complain_hint(&edit->result->warning, N_("if they are one child, link them"), NULL);
    (void)complain(&edit->result->warning, AYNI_OK, N_("{} {} is held by another record: {}"),
                   identifier->scheme, identifier->value, text, NULL);
}

static void fill_identifier(struct edit *edit, const struct identifier_type *type, size_t index)
{
    const struct identifier *identifier = &edit->assigned.identifiers[index];
    struct ayni_buffer *values = &edit->identifier_values[index];
    struct ayni_field *fields = edit->identifier_fields[index] + 1;
    size_t ends[IDENTIFIER_FIELDS];

    edit->identifier_fields[index][0] =
        (struct ayni_field){ .number = 0, .value = one_byte(&null_item) };
    ayni_cbor_put_id(values, &edit->key.record);
    ends[0] = values->size;
    ayni_cbor_put_string(values, identifier->scheme);
    ends[1] = values->size;
    ayni_cbor_put_string(values, identifier->value);
    ends[2] = values->size;
    ayni_cbor_put_string(values, "valid");
    ends[3] = values->size;
    for (size_t i = 0; i < IDENTIFIER_FIELDS; i++) {
        size_t start = i == 0 ? 0 : ends[i - 1];
        const uint32_t numbers[] = { type->holder, type->scheme, type->value, type->state };
        fields[i] = (struct ayni_field){ .number = numbers[i],
                                         .value = { values->data + start, ends[i] - start } };
    }
}

/* The identifier's own record: made, or found to name this holder, or another one. */
static enum ayni_status add_identifier(struct edit *edit, const struct identifier_type *type,
                                       size_t index)
{
    const struct identifier *identifier = &edit->assigned.identifiers[index];
    struct record_key key = { .space = edit->key.space, .type = type->type->number };
    struct edit_change change = { .type = type->type,
                                  .key = &key,
                                  .count = IDENTIFIER_FIELDS,
                                  .english = edit->request->english };
    SCOPED_STATE state = { 0 };
    struct ayni_bytes holder;
    enum ayni_status status =
        identifier_id(reader_charter(edit->reader), key.type, identifier, &key.record);

    if (status == AYNI_E_RIGHT)
        return complain_no_key(edit);
    if (status == AYNI_OK)
        status = reader_fold(edit->reader, &key, &state);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    fill_identifier(edit, type, index);
    if (edit->identifier_values[index].failed)
        return AYNI_E_MEMORY;
    change.fields = edit->identifier_fields[index] + 1;
    if (status == AYNI_OK && !record_state_gone(&state)) {
        holder = record_state_value(&state, type->holder);
        if (!ayni_bytes_equal(holder, change.fields[0].value))
            warn_held(edit, identifier, holder);
        return AYNI_OK;
    }
    status =
        edit_check(edit->records, edit->reader, &change, edit->complaint, &edit->result->warning);
    if (status == AYNI_OK && state.folded.deleted)
        add_change(edit, &key, change.fields - 1, change.count + 1, &state);
    else if (status == AYNI_OK)
        add_change(edit, &key, change.fields, change.count, &state);
    return status;
}

static enum ayni_status add_identifiers(struct edit *edit)
{
    struct identifier_type type;
    enum ayni_status status = AYNI_OK;

    if (edit->assigned.identifier_count == 0)
        return AYNI_OK;
    if (identifier_type_of(reader_charter(edit->reader)->catalogue, &type) != AYNI_OK)
        return complain(edit->complaint, AYNI_E_USAGE, N_("the catalogue has no identifiers"),
                        NULL);
    for (size_t i = 0; status == AYNI_OK && i < edit->assigned.identifier_count; i++)
        status = add_identifier(edit, &type, i);
    return status;
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
    change.before = edit->exists ? &edit->state : NULL;
    change.count = edit->field_count;
    if (edit->field_count > 0 || !edit->exists) {
        status = edit_check(edit->records, edit->reader, &change, edit->complaint,
                            &edit->result->warning);
        if (status == AYNI_OK)
            add_change(edit, &edit->key, edit->fields, edit->field_count, &edit->state);
    }
    return status == AYNI_OK ? add_identifiers(edit) : status;
}

static enum ayni_status complain_right(struct edit *edit, const char *space)
{
    complain_hint(edit->complaint, N_("its owner grants it: `ayni space grant {} NODE writer`"),
                  space, NULL);
    return complain(edit->complaint, AYNI_E_RIGHT, N_("this node may not write in {}"), space,
                    NULL);
}

/* Nobody waits for a write while she reads: the reader and what it lent go first. */
static enum ayni_status write_changes(struct edit *edit)
{
    char space[NAMES_SIZE];
    enum ayni_status status;

    edit->result->key = edit->key;
    edit->result->created = !edit->exists;
    edit->result->warned = edit->result->warning.text != NULL;
    names_of_space(reader_charter(edit->reader), &edit->key.space, space);
    record_state_free(&edit->state);
    reader_end(edit->reader);
    edit->reader = NULL;
    status = author_write(edit->records->author, edit->changes, edit->change_count,
                          AYNI_LANE_CURRENT, NULL);
    return status == AYNI_E_RIGHT ? complain_right(edit, space) : status;
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
        status = read_assignments(edit);
    if (status != AYNI_OK)
        return status;
    edit->key.type = edit->type->number;
    status = edit->type->key_is_identifier ? choose_by_identifiers(edit) : choose_by_key(edit);
    if (status == AYNI_OK)
        status = load_state(edit);
    if (status == AYNI_OK)
        status = plan(edit);
    return status == AYNI_OK ? write_changes(edit) : status;
}

/* --- set, delete --- */

static enum ayni_status find(struct edit *edit)
{
    const struct charter *charter = reader_charter(edit->reader);
    enum ayni_status status = names_place(edit->reader, edit->request->id, edit->request->space,
                                          &edit->key, edit->complaint);

    if (status != AYNI_OK)
        return status;
    edit->type = ayni_catalogue_type(charter->catalogue, edit->key.type);
    return load_state(edit);
}

static enum ayni_status do_set(struct edit *edit)
{
    char type[NAMES_SIZE];
    enum ayni_status status = find(edit);

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
    enum ayni_status status = find(edit);

    if (status != AYNI_OK)
        return status;
    if (!record_state_gone(&edit->state)) {
        edit->fields[0] = (struct ayni_field){ .number = 0, .value = one_byte(&true_item) };
        add_change(edit, &edit->key, edit->fields, 1, &edit->state);
    }
    return write_changes(edit);
}

/* Read, decide and write; once more from the start where somebody wrote in between. */
static enum ayni_status attempt(enum ayni_status (*act)(struct edit *edit), struct records *records,
                                const struct edit_request *request, struct edit_result *result,
                                struct complaint *complaint)
{
    enum ayni_status status = projector_wait_ready(records->projector);

    if (status == AYNI_OK)
        status = AYNI_E_CHANGED;
    for (int i = 0; i < TRIES_MAX && status == AYNI_E_CHANGED && complaint->text == NULL; i++) {
        struct edit edit;
        status = begin(&edit, records, request, result, complaint);
        if (status == AYNI_OK)
            status = act(&edit);
        edit_done(&edit);
    }
    return status;
}

enum ayni_status edit_put(struct records *records, const struct edit_request *request,
                          struct edit_result *result, struct complaint *complaint)
{
    return attempt(do_put, records, request, result, complaint);
}

enum ayni_status edit_set(struct records *records, const struct edit_request *request,
                          struct edit_result *result, struct complaint *complaint)
{
    return attempt(do_set, records, request, result, complaint);
}

enum ayni_status edit_delete(struct records *records, const struct edit_request *request,
                             struct edit_result *result, struct complaint *complaint)
{
    return attempt(do_delete, records, request, result, complaint);
}
