#include "daemon/records/erasure/erase.h"

#include <stdlib.h>

#include "daemon/records/erasure/erase_order.h"
#include "daemon/records/erasure/erasure_find.h"
#include "daemon/records/names.h"
#include "daemon/records/walk.h"

enum {
    PLACES_MAX = 64,
    WAIT_MS = 60 * 1000, /* for the payloads to be gone; they go by themselves where it is longer */
};

struct erasing {
    struct records *records;
    const struct erase_request *request;
    struct erase_result *result;
    struct complaint *complaint;
    struct reader *reader;   /* until it is written */
    struct ayni_buffer keys; /* struct record_key: what is to be erased */
    struct erase_draft *drafts;
    size_t draft_count;
};

static void erasing_done(struct erasing *erasing)
{
    for (size_t i = 0; i < erasing->draft_count; i++)
        erase_draft_free(&erasing->drafts[i]);
    free(erasing->drafts);
    ayni_buffer_free(&erasing->keys);
    reader_end(erasing->reader);
}

/* --- which records --- */

static size_t key_count(const struct erasing *erasing)
{
    return erasing->keys.size / sizeof(struct record_key);
}

static void add_key(struct erasing *erasing, const struct record_key *key)
{
    const struct record_key *keys = (const struct record_key *)erasing->keys.data;

    for (size_t i = 0; i < key_count(erasing); i++)
        if (record_key_compare(&keys[i], key) == 0)
            return;
    ayni_buffer_append(&erasing->keys, key, sizeof(*key));
}

/* A record itself, wherever it is or was. */
static enum ayni_status add_places(struct erasing *erasing, const struct ayni_record *record,
                                   const struct ayni_space *space)
{
    struct record_key places[PLACES_MAX];
    size_t count, erased;
    enum ayni_status status =
        reader_find(erasing->reader, record, 0, space, places, PLACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < PLACES_MAX; i++)
        add_key(erasing, &places[i]);
    if (status == AYNI_OK)
        status = erasure_find(erasing->reader, record, space, places, PLACES_MAX, &erased);
    for (size_t i = 0; status == AYNI_OK && i < erased && i < PLACES_MAX; i++)
        add_key(erasing, &places[i]);
    return status;
}

/* Whether the record is about the subject still, and not only in some old version. */
static bool is_about(struct erasing *erasing, const struct record_key *key,
                     const struct ayni_record *record)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(erasing->reader)->catalogue, key->type);
    SCOPED_STATE state = { 0 };
    struct ayni_record subject;

    if (type == NULL || reader_fold(erasing->reader, key, &state) != AYNI_OK)
        return false;
    struct ayni_cbor_reader value =
        ayni_cbor_reader(record_state_value(&state, type->subject_field));
    ayni_cbor_read_id(&value, &subject);
    return ayni_cbor_done(&value) == AYNI_OK && ayni_id_equal(&subject, record);
}

static bool is_in(const struct record_key *key, const struct ayni_space *space)
{
    return space == NULL || ayni_id_equal(&key->space, space);
}

static enum ayni_status add_about(struct erasing *erasing, const struct ayni_record *record,
                                  const struct ayni_space *space)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_subject(erasing->reader, record, &walk);
    while (walk_next(&walk, &key))
        if (is_in(&key, space) && is_about(erasing, &key, record))
            add_key(erasing, &key);
    return walk.status;
}

/* What is about that in turn: marks and spot checks of a visit, the visits of a pregnancy. Each is
 * added once, so this ends. */
static enum ayni_status add_about_those(struct erasing *erasing, size_t from,
                                        const struct ayni_space *space)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = from; status == AYNI_OK && i < key_count(erasing); i++) {
        struct ayni_record record = ((const struct record_key *)erasing->keys.data)[i].record;
        status = add_about(erasing, &record, space);
    }
    return status;
}

/* What was decided on it and somebody else, whichever of the two is the decision's subject. */
static enum ayni_status add_decisions(struct erasing *erasing, const struct ayni_record *record,
                                      const struct ayni_space *space)
{
    SCOPED_BUFFER keys = { 0 };
    enum ayni_status status = links_decisions(erasing->reader, record, &keys);
    const struct record_key *decisions = (const struct record_key *)keys.data;

    for (size_t i = 0; status == AYNI_OK && i < keys.size / sizeof(*decisions); i++)
        if (is_in(&decisions[i], space))
            add_key(erasing, &decisions[i]);
    return status;
}

static enum ayni_status add_subject(struct erasing *erasing, const struct ayni_record *record,
                                    const struct ayni_space *space)
{
    size_t from = key_count(erasing);
    enum ayni_status status = add_places(erasing, record, space);

    if (status != AYNI_OK || erasing->request->only)
        return status;
    status = add_about(erasing, record, space);
    if (status == AYNI_OK)
        status = add_about_those(erasing, from, space);
    return status == AYNI_OK ? add_decisions(erasing, record, space) : status;
}

/* Who is erased with it. */
static enum ayni_status find_component(struct erasing *erasing)
{
    const struct erase_request *request = erasing->request;
    struct link_component *component = &erasing->result->component;

    if (request->only || request->alone) {
        link_component_alone(&erasing->result->record, component);
        return AYNI_OK;
    }
    enum ayni_status status = links_component(erasing->reader, &erasing->result->record, component);
    if (status != AYNI_OK || !component->contested)
        return status;
    complain_code(erasing->complaint, "link_contested");
    complain_hint(erasing->complaint,
                  N_("`ayni unlink` those who aren't one; or erase it with --alone"), NULL);
    return complain(erasing->complaint, AYNI_E_INVALID,
                    N_("whether others are one with {} is contested: nothing was erased"),
                    request->id, NULL);
}

static enum ayni_status choose(struct erasing *erasing)
{
    const struct erase_request *request = erasing->request;
    const struct link_component *component = &erasing->result->component;
    struct ayni_space wanted;
    const struct ayni_space *space = request->space == NULL ? NULL : &wanted;
    enum ayni_status status = AYNI_OK;

    if (space != NULL)
        status = names_space(reader_charter(erasing->reader), request->space, &wanted,
                             erasing->complaint);
    if (status == AYNI_OK)
        status = names_record(erasing->reader, request->id, NULL, &erasing->result->record,
                              erasing->complaint);
    if (status == AYNI_OK)
        status = find_component(erasing);
    for (size_t i = 0; status == AYNI_OK && i < component->count; i++)
        status = add_subject(erasing, &component->members[i], space);
    if (status == AYNI_OK && erasing->keys.size == 0)
        return complain(erasing->complaint, AYNI_E_NOT_FOUND, N_("there is no record {}"),
                        request->id, NULL);
    return status == AYNI_OK ? ayni_buffer_status(&erasing->keys) : status;
}

/* --- the orders --- */

static enum ayni_status add_draft(struct erasing *erasing, const struct record_key *key)
{
    struct erase_draft *draft = &erasing->drafts[erasing->draft_count];
    enum ayni_status status =
        erase_draft_of_record(erasing->reader, key, &erasing->records->node, draft);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK; /* it is erased already */
    if (status != AYNI_OK)
        return status;
    erasing->result->kept += draft->kept;
    if (draft->versions == 0) {
        erase_draft_free(draft);
        return AYNI_OK;
    }
    erasing->draft_count++;
    erasing->result->versions += draft->versions;
    return AYNI_OK;
}

static enum ayni_status draft_all(struct erasing *erasing)
{
    const struct record_key *keys = (const struct record_key *)erasing->keys.data;
    size_t count = erasing->keys.size / sizeof(*keys);
    enum ayni_status status = AYNI_OK;

    erasing->drafts = calloc(count + 1, sizeof(*erasing->drafts));
    if (erasing->drafts == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = add_draft(erasing, &keys[i]);
    erasing->result->records = erasing->draft_count;
    if (status != AYNI_OK || erasing->draft_count > 0 || erasing->result->kept == 0)
        return status;
    complain_hint(erasing->complaint,
                  N_("the owner of the space, steering, and the nodes that wrote it can"), NULL);
    return complain(erasing->complaint, AYNI_E_RIGHT,
                    N_("all of {} was written by others, and this node may not erase it"),
                    erasing->request->id, NULL);
}

enum ayni_status erase_record(struct records *records, const struct erase_request *request,
                              struct erase_result *result, struct complaint *complaint)
{
    struct erasing erasing = {
        .records = records, .request = request, .result = result, .complaint = complaint
    };
    enum ayni_status status = projector_wait_ready(records->projector);

    *result = (struct erase_result){ 0 };
    if (status == AYNI_OK)
        status = reader_begin(records, &erasing.reader);
    if (status == AYNI_OK)
        status = choose(&erasing);
    if (status == AYNI_OK)
        status = draft_all(&erasing);
    reader_end(erasing.reader); /* nobody waits for a write while she reads */
    erasing.reader = NULL;
    if (status == AYNI_OK && erasing.draft_count > 0)
        status = erase_drafts_write(records->author, erasing.drafts, erasing.draft_count, NULL,
                                    ayni_bytes_of_text(request->steward),
                                    ayni_bytes_of_text(request->reason));
    erasing_done(&erasing);
    if (status != AYNI_OK)
        return status;
    status = projector_catch_up(records->projector, WAIT_MS);
    return status == AYNI_E_STOPPED ? status
                                    : AYNI_OK; /* it is ordered, whoever still works at it */
}
