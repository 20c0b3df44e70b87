#include "daemon/federation/catalogue_upgrade.h"

#include <stdio.h>
#include <string.h>

#include "daemon/federation/registry_draft.h"
#include "daemon/records/records.h"
#include "daemon/records/rules/check.h"
#include "proto/cbor.h"
#include "proto/registry.h"

/* The reason of what an upgrade writes begins so: by it the next one knows its own words. */
static const char reason_prefix[] = "edition ";
enum { REASON_SIZE = 80 };

const char *upgrade_state_name(enum upgrade_state state)
{
    static const char *const names[UPGRADE_STATES] = { "new", "changed", "kept", "taken" };

    return names[state];
}

/* --- one record --- */

/* What holds for ever, as first said; and which edition a type came with. */
static const struct {
    uint32_t type, field;
} lasting[] = { { AYNI_ROW_TYPE, 2 },  { AYNI_ROW_TYPE, 9 },  { AYNI_ROW_FIELD, 3 },
                { AYNI_ROW_FIELD, 4 }, { AYNI_ROW_FIELD, 5 }, { AYNI_ROW_FIELD, 9 } };

static bool is_lasting(uint32_t type, uint32_t field)
{
    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
        if (lasting[i].type == type && lasting[i].field == field)
            return true;
    return false;
}

/* Editions are numbered at the end of their names; 0 of one that isn't. */
static uint64_t edition_number(struct ayni_bytes name)
{
    uint64_t number = 0, unit = 1;

    for (size_t i = name.size;
         i-- > 0 && name.data[i] >= '0' && name.data[i] <= '9' && unit <= 1000000; unit *= 10)
        number += unit * (uint64_t)(name.data[i] - '0');
    return number;
}

/* Who has said what is shown. */
enum word {
    WORD_OF_EDITION, /* that of the founding, or an earlier one */
    WORD_OF_NEWER,   /* a newer one */
    WORD_OF_PEOPLE,  /* somebody here */
};

/* The first version of a record is an edition's. */
static enum word word_of(const struct record_state *state, const struct ayni_folded_field *field,
                         uint64_t number)
{
    const size_t prefix = strlen(reason_prefix);

    if (field == NULL)
        return WORD_OF_EDITION;
    if (field->contested || field->alternative_count == 0)
        return WORD_OF_PEOPLE;
    size_t version = field->alternatives[0].items[0];
    struct ayni_bytes reason = state->versions[version].version.reason;
    if (reason.size > prefix && memcmp(reason.data, reason_prefix, prefix) == 0)
        return edition_number(reason) > number ? WORD_OF_NEWER : WORD_OF_EDITION;
    return version == 0 ? WORD_OF_EDITION : WORD_OF_PEOPLE;
}

/* Fields that differ, parted by who said what is shown. */
struct differing {
    uint64_t number; /* of the edition */
    struct ayni_field changed[UPGRADE_FIELDS_MAX], kept[UPGRADE_FIELDS_MAX];
    size_t changed_count, kept_count;
};

static void compare_field(const struct record_state *state, uint32_t number,
                          struct ayni_bytes value, struct differing *differing)
{
    const struct ayni_folded_field *held = ayni_folded_field(&state->folded, number);
    struct ayni_field field = { .number = number, .value = value };

    if (ayni_bytes_equal(record_state_value(state, number),
                         ayni_cbor_is_null(value) ? (struct ayni_bytes){ 0 } : value) ||
        is_lasting(state->key.type, number))
        return;
    switch (word_of(state, held, differing->number)) {
    case WORD_OF_EDITION:
        if (differing->changed_count < UPGRADE_FIELDS_MAX)
            differing->changed[differing->changed_count++] = field;
        break;
    case WORD_OF_PEOPLE:
        if (differing->kept_count < UPGRADE_FIELDS_MAX)
            differing->kept[differing->kept_count++] = field;
        break;
    case WORD_OF_NEWER:
        break;
    }
}

/* Field by field, of both in the order of their numbers; what the edition hasn't got is null. */
static void compare(const struct record_state *state, const struct edition_record *record,
                    struct differing *differing)
{
    static const uint8_t null[] = { 0xf6 };
    const struct ayni_folded *held = &state->folded;
    size_t h = 0;

    for (size_t i = 0; i <= record->field_count; i++) {
        for (; h < held->field_count &&
               (i == record->field_count || held->fields[h].number < record->fields[i].number);
             h++)
            compare_field(state, held->fields[h].number, (struct ayni_bytes){ null, sizeof(null) },
                          differing);
        if (i == record->field_count)
            return;
        h += h < held->field_count && held->fields[h].number == record->fields[i].number;
        compare_field(state, record->fields[i].number, record->fields[i].value, differing);
    }
}

/* --- a record that isn't there --- */

/* A member of a code list is one whatever the day from which it is. */
static bool is_member(const struct ayni_catalogue *catalogue, const struct ayni_list_row *row)
{
    const struct ayni_catalogue_list *list = ayni_catalogue_list(catalogue, row->list);

    for (size_t i = 0; list != NULL && i < list->code_count; i++)
        if (ayni_bytes_equal(ayni_bytes_of_text(list->codes[i].word), row->code))
            return true;
    return false;
}

static uint32_t type_of_row(const struct ayni_catalogue_row *row)
{
    switch (row->kind) {
    case AYNI_ROW_TYPE:
        return row->type.number;
    case AYNI_ROW_FIELD:
        return row->field.type;
    case AYNI_ROW_CODE:
        return row->code.type;
    case AYNI_ROW_RULE:
        return row->rule.type;
    default:
        return 0;
    }
}

/* The federation itself has called another type, or another field of the type, so. What belongs to
 * such a type says nothing without it. */
static bool is_taken(const struct ayni_catalogue *catalogue, const struct ayni_catalogue *edition,
                     const struct ayni_catalogue_row *row)
{
    const uint32_t number = type_of_row(row);
    const struct ayni_catalogue_type *here = ayni_catalogue_type(catalogue, number);
    const struct ayni_catalogue_type *type = ayni_catalogue_type(edition, number);

    if (here != NULL)
        return row->kind == AYNI_ROW_FIELD &&
               ayni_catalogue_field_named(here, row->field.name) != NULL;
    return type != NULL &&
           ayni_catalogue_type_named(catalogue, ayni_bytes_of_text(type->name)) != NULL;
}

/* --- all of them --- */

struct comparing {
    struct reader *reader;
    const struct ayni_catalogue *edition;
    struct ayni_space registry;
    uint64_t number; /* of the edition */
    upgrade_visit *visit;
    void *context;
};

static enum ayni_status compare_new(const struct comparing *comparing,
                                    const struct edition_record *record)
{
    const struct ayni_catalogue *catalogue = reader_charter(comparing->reader)->catalogue;
    const struct ayni_catalogue_row *row = record->row;
    struct upgrade_finding finding = { .type = record->type,
                                       .id = record->id,
                                       .name = record->name,
                                       .fields = record->fields,
                                       .field_count = record->field_count };

    if (row != NULL && row->kind == AYNI_ROW_LIST && is_member(catalogue, &row->list))
        return AYNI_OK;
    finding.state =
        row != NULL && is_taken(catalogue, comparing->edition, row) ? UPGRADE_TAKEN : UPGRADE_NEW;
    return comparing->visit(comparing->context, &finding);
}

static enum ayni_status compare_record(void *context, const struct edition_record *record)
{
    const struct comparing *comparing = context;
    const struct record_key key = { .space = comparing->registry,
                                    .type = record->type,
                                    .record = record->id };
    SCOPED_STATE state = { 0 };
    struct differing differing = { .number = comparing->number };
    struct upgrade_finding finding = { .type = record->type,
                                       .id = record->id,
                                       .name = record->name };
    enum ayni_status status = reader_fold(comparing->reader, &key, &state);

    if (status == AYNI_E_NOT_FOUND)
        return compare_new(comparing, record);
    if (status != AYNI_OK)
        return status;
    finding.versions = state.total;
    finding.state = UPGRADE_KEPT;
    if (record_state_gone(&state))
        return comparing->visit(comparing->context, &finding);
    compare(&state, record, &differing);
    finding.fields = differing.kept;
    finding.field_count = differing.kept_count;
    if (finding.field_count > 0)
        status = comparing->visit(comparing->context, &finding);
    finding.state = UPGRADE_CHANGED;
    finding.fields = differing.changed;
    finding.field_count = differing.changed_count;
    return status == AYNI_OK && finding.field_count > 0
               ? comparing->visit(comparing->context, &finding)
               : status;
}

enum ayni_status catalogue_upgrade_each(struct reader *reader, const struct catalogue_file *file,
                                        upgrade_visit *visit, void *context)
{
    const struct charter *charter = reader_charter(reader);
    struct comparing comparing = { reader,
                                   file->catalogue,
                                   charter->registry_space,
                                   edition_number(ayni_bytes_of_text(file->edition)),
                                   visit,
                                   context };

    return edition_each(file, &charter->root, compare_record, &comparing);
}

/* --- writing --- */

struct upgrading {
    const struct upgrade_request *request;
    struct registry_draft draft;
};

static void upgrading_done(struct upgrading *upgrading)
{
    registry_draft_free(&upgrading->draft);
}

static enum ayni_status draft_finding(void *context, const struct upgrade_finding *finding)
{
    struct upgrading *upgrading = context;

    if (finding->state == UPGRADE_NEW || finding->state == UPGRADE_CHANGED) {
        registry_draft_record(&upgrading->draft, finding->type, &finding->id);
        registry_draft_expect(&upgrading->draft, finding->versions);
        for (size_t i = 0; i < finding->field_count; i++)
            registry_draft_value(&upgrading->draft, finding->fields[i].number,
                                 finding->fields[i].value);
    }
    return upgrading->request->visit(upgrading->request->context, finding);
}

/* What every node would pass over isn't written. */
static enum ayni_status check_rules_of(const struct catalogue_file *file,
                                       struct complaint *complaint)
{
    struct check *check;
    enum ayni_status status = check_new(file->catalogue, &check);

    if (status != AYNI_OK)
        return status;
    const char *broken = check_broken_rule(check, 0);
    if (broken != NULL) {
        complain_hint(complaint, N_("it may be for a newer version of ayni"), NULL);
        status =
            complain(complaint, AYNI_E_INVALID,
                     N_("the rule {} is no expression that this program can apply"), broken, NULL);
    }
    check_free(check);
    return status;
}

static enum ayni_status plan(struct records *records, const struct ayni_node *root,
                             struct upgrading *upgrading, char reason[REASON_SIZE],
                             struct complaint *complaint)
{
    const struct upgrade_request *request = upgrading->request;
    SCOPED_READER *reader = NULL;
    struct catalogue_file file;
    char error[CATALOGUE_FILE_ERROR_SIZE];
    enum ayni_status status = catalogue_file_read(
        request->edition.size > 0 ? request->edition : catalogue_file_first_edition(), root->bytes,
        &file, error);

    if (status == AYNI_E_INVALID)
        return complain(complaint, status, N_("that is no edition of the catalogue: {}"), error,
                        NULL);
    if (status != AYNI_OK)
        return status;
    snprintf(reason, REASON_SIZE, "%s%s", reason_prefix, file.edition);
    status = check_rules_of(&file, complaint);
    if (status == AYNI_OK)
        status = reader_begin(records, &reader);
    if (status == AYNI_OK)
        status = catalogue_upgrade_each(reader, &file, draft_finding, upgrading);
    catalogue_file_free(&file);
    return status;
}

bool catalogue_upgrade_is_ours(const struct charter *charter)
{
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);

    return steering != NULL && ayni_id_equal(steering, &charter->self);
}

static enum ayni_status check_steering(const struct charter *charter, struct complaint *complaint)
{
    if (catalogue_upgrade_is_ours(charter))
        return AYNI_OK;
    return complain(complaint, AYNI_E_RIGHT, N_("the steering node alone writes the catalogue"),
                    NULL);
}

enum ayni_status catalogue_upgrade(struct records *records, const struct upgrade_request *request,
                                   struct complaint *complaint)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    __attribute__((cleanup(upgrading_done))) struct upgrading upgrading = { .request = request };
    char reason[REASON_SIZE];
    enum ayni_status status = check_steering(charter, complaint);

    if (status == AYNI_OK)
        status = projector_wait_ready(records->projector);
    if (status == AYNI_OK)
        status = plan(records, &charter->root, &upgrading, reason, complaint);
    if (status != AYNI_OK || request->dry_run || upgrading.draft.item_count == 0)
        return status;
    status = registry_draft_write(&upgrading.draft, records->author, &charter->registry_space,
                                  request->steward, reason, AYNI_LANE_CURRENT);
    if (status != AYNI_E_CHANGED)
        return status;
    complain_hint(complaint, N_("look again, and once more"), NULL);
    return complain(complaint, status, N_("somebody wrote in the registry meanwhile"), NULL);
}
