#include "daemon/records/import/import_span.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/record_id.h"

enum { PLACES_MAX = 64 };

/* --- numbers of a child or person --- */

/* Whether the record is here, in some space, or comes with an earlier row of the file. */
static enum ayni_status is_here(struct import_reading *reading, const struct record_key *key,
                                bool *here)
{
    size_t count = 0;
    enum ayni_status status = AYNI_OK;

    *here = import_overlay_find(reading->overlay, key) != NULL;
    if (!*here)
        status = reader_find(reading->reader, &key->record, key->type, NULL, NULL, 0, &count);
    *here = *here || count > 0;
    return status;
}

static bool read_holder(struct ayni_bytes value, struct ayni_record *holder)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    ayni_cbor_read_id(&reader, holder);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* Of several holders the one that this origin wrote; where it wrote none, the shown one. */
static struct ayni_bytes choose_holder(const struct import_reading *reading,
                                       const struct record_state *state,
                                       const struct ayni_folded_field *field, bool *ambiguous)
{
    for (size_t i = 0; field->contested && i < field->alternative_count; i++)
        for (size_t j = 0; j < field->alternatives[i].item_count; j++)
            if (import_is_own(reading, state->items[field->alternatives[i].items[j]].version))
                return field->alternatives[i].value;
    *ambiguous = field->contested;
    return field->shown;
}

/* Who holds a number, by one place where its record is. */
static enum ayni_status holder_in(struct import_reading *reading, const struct record_key *place,
                                  struct import_draft *draft, struct ayni_record *holder)
{
    SCOPED_STATE state = { 0 };
    const struct ayni_folded_field *field;
    struct ayni_bytes value;
    bool ambiguous = false;
    enum ayni_status status = reader_fold(reading->reader, place, &state);

    if (status != AYNI_OK)
        return status;
    field = ayni_folded_field(&state.folded, reading->identifier.holder);
    if (record_state_gone(&state) || field == NULL)
        return AYNI_E_NOT_FOUND;
    value = choose_holder(reading, &state, field, &ambiguous);
    if (!read_holder(value, holder))
        return AYNI_E_NOT_FOUND;
    draft->ambiguous = ambiguous;
    return AYNI_OK;
}

/* Who holds a number: by this file, by this space, by another one. AYNI_E_NOT_FOUND: nobody. */
static enum ayni_status holder_of(struct import_reading *reading,
                                  const struct identifier *identifier, struct import_draft *draft,
                                  struct ayni_record *holder)
{
    struct record_key places[PLACES_MAX], key = { .space = reading->space };
    size_t count = 0;
    enum ayni_status status;

    if (reading->identifier.type == NULL)
        return AYNI_E_NOT_FOUND;
    key.type = reading->identifier.type->number;
    status = identifier_id(reader_charter(reading->reader), key.type, identifier, &key.record);
    if (status != AYNI_OK)
        return status;
    if (read_holder(import_overlay_value(import_overlay_find(reading->overlay, &key),
                                         reading->identifier.holder),
                    holder))
        return AYNI_OK;
    status = holder_in(reading, &key, draft, holder);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    status = reader_find(reading->reader, &key.record, key.type, NULL, places, PLACES_MAX, &count);
    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX; i++) {
        status = holder_in(reading, &places[i], draft, holder);
        if (status != AYNI_E_NOT_FOUND)
            return status;
        status = AYNI_OK;
    }
    return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
}

/* Whether a holder is of the draft's type: a number may be a child's in one list and a mother's in
 * another, and then it is no way to find her. `by_first`: found by the id that the first number
 * makes. */
static enum ayni_status find_by_identifiers(struct import_reading *reading,
                                            struct import_draft *draft, bool *is_found,
                                            bool *by_first)
{
    struct record_key key = draft->key;
    bool here;
    enum ayni_status status = identifier_id(reader_charter(reading->reader), key.type,
                                            &draft->identifiers[0], &key.record);

    if (status == AYNI_OK)
        status = is_here(reading, &key, &here);
    if (status != AYNI_OK)
        return status;
    draft->key.record = key.record;
    *by_first = here;
    for (size_t i = 0; !here && i < draft->identifier_count; i++) {
        status = holder_of(reading, &draft->identifiers[i], draft, &key.record);
        if (status == AYNI_OK)
            status = is_here(reading, &key, &here);
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
        if (status == AYNI_OK && here)
            draft->key.record = key.record;
    }
    if (!here)
        draft->ambiguous = false;
    *is_found = here;
    return AYNI_OK;
}

/* Rows of one visit follow each other. What is here stays here while the batch is read. */
static bool is_found_again(struct import_draft *draft)
{
    const struct import_found *found = &draft->found;

    if (!found->known || draft->identifier_count != 1 ||
        strcmp(found->number.scheme, draft->identifiers[0].scheme) != 0 ||
        strcmp(found->number.value, draft->identifiers[0].value) != 0)
        return false;
    draft->key = found->key;
    draft->elsewhere = found->elsewhere;
    return true;
}

/* The places of one that must exist. Most are found where they are by the id that their first
 * number makes: one look says that and where. None where earlier rows of the file alone have it. */
static enum ayni_status find_places(struct import_reading *reading, struct import_draft *draft,
                                    struct record_key *places, size_t *count, bool *by_first)
{
    bool here;
    enum ayni_status status = identifier_id(reader_charter(reading->reader), draft->key.type,
                                            &draft->identifiers[0], &draft->key.record);

    *by_first = true;
    if (status == AYNI_OK)
        status = reader_find(reading->reader, &draft->key.record, draft->key.type, NULL, places,
                             PLACES_MAX, count);
    if (status != AYNI_OK || *count > 0)
        return status;
    status = find_by_identifiers(reading, draft, &here, by_first);
    if (status == AYNI_OK && !here)
        status = AYNI_E_NOT_FOUND;
    return status == AYNI_OK ? reader_find(reading->reader, &draft->key.record, draft->key.type,
                                           NULL, places, PLACES_MAX, count)
                             : status;
}

/* Of one that must exist, where it is: in the space that is written, else in another. */
static enum ayni_status find_existing(struct import_reading *reading, struct import_draft *draft)
{
    struct record_key places[PLACES_MAX];
    bool by_first = false;
    size_t count = 0;
    enum ayni_status status = AYNI_E_NOT_FOUND;

    if (is_found_again(draft))
        return AYNI_OK;
    if (draft->identifier_count > 0)
        status = find_places(reading, draft, places, &count, &by_first);
    draft->elsewhere = count > 0;
    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX; i++)
        draft->elsewhere = draft->elsewhere && !ayni_id_equal(&places[i].space, &draft->key.space);
    if (draft->elsewhere)
        draft->key.space = places[0].space;
    draft->found.known = status == AYNI_OK && by_first && draft->identifier_count == 1;
    if (draft->found.known)
        draft->found =
            (struct import_found){ true, draft->identifiers[0], draft->key, draft->elsewhere };
    return status;
}

/* --- other ways --- */

static enum ayni_status find_by_own_id(struct import_reading *reading, struct ayni_bytes text,
                                       struct import_draft *draft, struct import_finding *finding)
{
    if (ayni_record_parse(text, &draft->key.record) == AYNI_OK)
        return AYNI_OK;
    finding->column = reading->plan->header[draft->plan->id];
    ayni_reason_set(&finding->reason, "bad_reference", N_("'{}' is not the id of a record"));
    ayni_reason_arg(&finding->reason, text);
    return AYNI_E_INVALID;
}

/* The id that its natural key makes; AYNI_E_NOT_FOUND where the row doesn't say all of that. */
static enum ayni_status derive_id(struct import_reading *reading, struct import_draft *draft)
{
    const struct charter *charter = reader_charter(reading->reader);
    bool root = ayni_derived_id_uses_root_key(draft->key.type);
    const uint8_t *key = root ? charter->root.bytes : charter->identity_key;

    if (draft->plan->type->key_count == 0)
        return AYNI_E_NOT_FOUND;
    return key == NULL
               ? AYNI_E_RIGHT
               : ayni_record_id_of_fields(key, draft->plan->type, draft->says, draft->says_count,
                                          ayni_bytes_of_text(reading->organisation),
                                          &draft->key.record);
}

static enum ayni_status find_by_key(struct import_reading *reading, struct import_draft *draft)
{
    enum ayni_status status = derive_id(reading, draft);

    if (status != AYNI_E_NOT_FOUND)
        return status;
    draft->key.record = identifier_random_id();
    return AYNI_OK;
}

/* --- of whom the row gives no number --- */

/* Whom a record of the row names in a field, by this file or by what is held; with its key. */
static enum ayni_status named_by(struct import_reading *reading, const struct import_draft *by,
                                 uint32_t field, struct ayni_record *named)
{
    SCOPED_STATE state = { 0 };
    const struct ayni_folded_field *held;
    bool ambiguous;
    enum ayni_status status;

    if (read_holder(import_overlay_value(import_overlay_find(reading->overlay, &by->key), field),
                    named))
        return AYNI_OK;
    status = reader_fold(reading->reader, &by->key, &state);
    if (status != AYNI_OK)
        return status;
    held = ayni_folded_field(&state.folded, field);
    if (record_state_gone(&state) || held == NULL)
        return AYNI_E_NOT_FOUND;
    return read_holder(choose_holder(reading, &state, held, &ambiguous), named) ? AYNI_OK
                                                                                : AYNI_E_NOT_FOUND;
}

/* The field of a record of the map that names that one; NULL where none does. */
static const struct plan_field *naming(const struct plan_record *plan, size_t index)
{
    for (size_t i = 0; i < plan->field_count; i++)
        if (plan->fields[i].record == (int)index)
            return &plan->fields[i];
    return NULL;
}

/* A child or person without a number is whom the row's other records named when they were loaded
 * before: a measurement by its source's id. Those are read for it, and again in their turn. */
static enum ayni_status find_by_what_names(struct import_reading *reading,
                                           struct import_draft *drafts, size_t index,
                                           const struct ayni_bytes *cells)
{
    struct import_finding theirs = { 0 };
    enum ayni_status status = AYNI_E_NOT_FOUND;

    for (size_t i = index + 1; status == AYNI_E_NOT_FOUND && i < reading->plan->record_count; i++) {
        const struct plan_field *field = naming(drafts[i].plan, index);
        if (field == NULL)
            continue;
        status = import_row_read(reading, drafts, i, cells, &theirs);
        if (status == AYNI_OK)
            status = drafts[i].present ? derive_id(reading, &drafts[i]) : AYNI_E_NOT_FOUND;
        if (status == AYNI_OK)
            status = named_by(reading, &drafts[i], field->field->number, &drafts[index].key.record);
        import_draft_clear(&drafts[i]);
        if (status == AYNI_E_INVALID) /* which it is told of in its turn */
            status = AYNI_E_NOT_FOUND;
    }
    return status;
}

static enum ayni_status find_numberless(struct import_reading *reading, struct import_draft *drafts,
                                        size_t index, const struct ayni_bytes *cells)
{
    enum ayni_status status = find_by_what_names(reading, drafts, index, cells);

    return status == AYNI_E_NOT_FOUND ? find_by_key(reading, &drafts[index]) : status;
}

/* Whether the row says what its id is made of. */
static bool says_key(const struct import_draft *draft)
{
    const struct ayni_catalogue_type *type = draft->plan->type;
    size_t said = 0;

    for (size_t i = 0; i < type->key_count; i++)
        for (size_t j = 0; j < draft->says_count; j++)
            said += draft->says[j].number == type->key[i];
    return type->key_count > 0 && said == type->key_count;
}

/* The one that its own key names, if it is here; else the one that the day falls into; else a new
 * one, and none where the row doesn't say enough for that. */
static enum ayni_status find_lasting(struct import_reading *reading,
                                     const struct import_draft *drafts, struct import_draft *draft,
                                     const struct ayni_bytes *cells)
{
    bool keyed = says_key(draft), here = false;
    struct record_key own;
    enum ayni_status status = keyed ? find_by_key(reading, draft) : AYNI_OK;

    own = draft->key;
    if (status == AYNI_OK && keyed)
        status = is_here(reading, &own, &here);
    if (status != AYNI_OK || here)
        return status;
    status = import_span_find(reading, drafts, draft, cells);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    draft->key = own;
    draft->present = keyed;
    return AYNI_OK;
}

enum ayni_status import_find(struct import_reading *reading, struct import_draft *drafts,
                             size_t index, const struct ayni_bytes *cells,
                             struct import_finding *finding)
{
    struct import_draft *draft = &drafts[index];
    bool here, by_first;

    if (draft->plan->span.of != PLAN_NOWHERE)
        return find_lasting(reading, drafts, draft, cells);
    if (draft->plan->from->existing)
        return find_existing(reading, draft);
    if (draft->plan->id != PLAN_NOWHERE && cells[draft->plan->id].size > 0)
        return find_by_own_id(reading, cells[draft->plan->id], draft, finding);
    if (draft->identifier_count > 0)
        return find_by_identifiers(reading, draft, &here, &by_first);
    return draft->plan->identifier_count > 0 ? find_numberless(reading, drafts, index, cells)
                                             : find_by_key(reading, draft);
}
