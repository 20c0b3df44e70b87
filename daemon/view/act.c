#include "daemon/view/act.h"

#include <stdlib.h>

#include "daemon/records/walk.h"
#include "daemon/view/party.h"
#include "daemon/view/shown.h"
#include "proto/cbor.h"

bool act_is_closed(const struct act *act)
{
    return act->by_municipality && act->by_facility && !act->altered;
}

const struct act_signer *act_signed_by(const struct act *act,
                                       const struct ayni_record *organisation)
{
    for (size_t i = 0; i < act->signer_count; i++)
        if (act->signers[i].itself && ayni_id_equal(&act->signers[i].organisation, organisation))
            return &act->signers[i];
    return NULL;
}

/* --- what its record shows --- */

static bool read_record(const struct record_state *state, uint32_t field,
                        struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    ayni_cbor_read_id(&reader, record);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

static bool read_int(const struct record_state *state, uint32_t field, int64_t *number)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    *number = ayni_cbor_read_int(&reader);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

static bool read_root(struct ayni_bytes value, struct ayni_hash *root)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    ayni_cbor_read_id(&reader, root);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

static bool read_fields(const struct record_state *state, struct act *act)
{
    int64_t day;

    if (!shown_day(record_state_value(state, ACT_MONTH), &day))
        return false;
    act->scope.space = state->key.space;
    act->scope.month = month_of_day(day);
    return read_record(state, ACT_MUNICIPALITY, &act->municipality) &&
           read_record(state, ACT_FACILITY, &act->facility) &&
           read_int(state, ACT_CHILDREN, &act->children) &&
           read_int(state, ACT_ADDED, &act->added) && read_int(state, ACT_REMOVED, &act->removed) &&
           read_int(state, ACT_OPEN_PROBLEMS, &act->open_problems) &&
           read_root(record_state_value(state, ACT_LIST_ROOT), &act->root);
}

/* --- the version that made the list --- */

static const struct ayni_field *field_of(const struct ayni_version *version, uint32_t number)
{
    for (size_t i = 0; i < version->field_count; i++)
        if (version->fields[i].number == number)
            return &version->fields[i];
    return NULL;
}

/* Whether it counts and says that this is the list. */
static bool states_list(const struct record_state *state, size_t i, const struct ayni_hash *root)
{
    const struct ayni_field *field =
        state->items[i].valid ? field_of(&state->versions[i].version, ACT_LIST_ROOT) : NULL;
    struct ayni_hash stated;

    return field != NULL && read_root(field->value, &stated) && ayni_id_equal(&stated, root);
}

/* What it says beside; what is of another form isn't there. */
static void read_origin(const struct ayni_version *version, struct act *act)
{
    struct ayni_cbor_reader frontier =
        ayni_cbor_reader(ayni_version_meta(version, AYNI_META_FRONTIER));
    struct ayni_cbor_reader sketch = ayni_cbor_reader(ayni_version_meta(version, AYNI_META_SKETCH));

    ayni_cbor_read_id(&frontier, &act->frontier);
    act->has_frontier = ayni_cbor_done(&frontier) == AYNI_OK;
    struct ayni_bytes bytes = ayni_cbor_read_bytes(&sketch);
    act->has_sketch =
        ayni_cbor_done(&sketch) == AYNI_OK && ayni_sketch_decode(bytes, &act->sketch) == AYNI_OK;
}

/* Whether a valid version is by a node of that organisation. */
static bool is_of(const struct charter *charter, const struct record_state *state, size_t i,
                  const struct ayni_record *organisation)
{
    const struct ayni_organisation *own = party_of_node(charter, &state->items[i].node);

    return state->items[i].valid && own != NULL && ayni_id_equal(&own->id, organisation);
}

/* Versions are the oldest first: who signs or settles says the same list later. Anybody may say it
 * again, beside a sketch of another one: the municipality's own word goes before. */
static void find_origin(const struct charter *charter, const struct record_state *state,
                        bool by_anybody, struct act *act)
{
    bool found = false;

    for (size_t i = 0; i < state->count && !act->has_sketch; i++) {
        if (!states_list(state, i, &act->root) ||
            (!by_anybody && !is_of(charter, state, i, &act->municipality)))
            continue;
        if (!found)
            act->drafted = state->items[i].time;
        found = true;
        read_origin(&state->versions[i].version, act);
        if (act->has_sketch)
            act->drafted = state->items[i].time;
    }
    if (!found && !by_anybody)
        find_origin(charter, state, true, act);
}

/* Whether what a field shows is what the municipality itself has said last. */
static bool is_own_word(const struct charter *charter, const struct record_state *state,
                        uint32_t number, const struct act *act)
{
    const struct ayni_bytes shown = record_state_value(state, number);

    for (size_t i = state->count; i-- > 0;) {
        const struct ayni_field *field = field_of(&state->versions[i].version, number);
        if (field != NULL && is_of(charter, state, i, &act->municipality))
            return ayni_bytes_equal(field->value, shown);
    }
    return false;
}

/* A signature is of the list: what stands beside it is the municipality's to say. */
static bool is_altered(const struct charter *charter, const struct record_state *state,
                       const struct act *act)
{
    static const uint32_t own[] = { ACT_FACILITY, ACT_MONTH,   ACT_CHILDREN,
                                    ACT_ADDED,    ACT_REMOVED, ACT_OPEN_PROBLEMS };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (!is_own_word(charter, state, own[i], act))
            return true;
    return false;
}

/* --- who has signed --- */

static bool names_signer(struct ayni_bytes signers, const struct ayni_record *organisation)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(signers);
    size_t count = ayni_cbor_read_array(&reader);
    struct ayni_record signer;

    for (size_t i = 0; i < count && reader.status == AYNI_OK; i++) {
        ayni_cbor_read_id(&reader, &signer);
        if (reader.status == AYNI_OK && ayni_id_equal(&signer, organisation))
            return true;
    }
    return false;
}

/* The one whose node says both: this list, and that it signs. NULL: the version is no signature. */
static const struct ayni_organisation *signer_of(const struct charter *charter,
                                                 const struct record_state *state, size_t i,
                                                 const struct act *act)
{
    const struct ayni_organisation *own = party_of_node(charter, &state->items[i].node);
    const struct ayni_field *signers = field_of(&state->versions[i].version, ACT_SIGNERS);

    return own != NULL && signers != NULL && states_list(state, i, &act->root) &&
                   names_signer(signers->value, &own->id)
               ? own
               : NULL;
}

static void add_signer(struct act *act, const struct act_signer *signer)
{
    for (size_t i = 0; i < act->signer_count; i++)
        if (ayni_id_equal(&act->signers[i].organisation, &signer->organisation))
            return;
    if (act->signer_count < ACT_SIGNERS_MAX)
        act->signers[act->signer_count++] = *signer;
}

/* Who has signed is nobody else's to take back, or to crowd out: whatever is shown. */
static void read_signatures(const struct charter *charter, const struct record_state *state,
                            struct act *act)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct ayni_organisation *own = signer_of(charter, state, i, act);
        if (own == NULL)
            continue;
        add_signer(act, &(struct act_signer){ .organisation = own->id,
                                              .itself = true,
                                              .node = state->items[i].node,
                                              .time = state->items[i].time });
        if (ayni_id_equal(&own->id, &act->municipality))
            act->by_municipality = true;
        else if (party_has_level(own, PARTY_NETWORK))
            act->by_facility = true;
    }
}

/* Those whom others have written there. */
static void read_named(const struct record_state *state, struct act *act)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, ACT_SIGNERS));
    size_t count = ayni_cbor_read_array(&reader);

    for (size_t i = 0; i < count && act->signer_count < ACT_SIGNERS_MAX; i++) {
        struct act_signer signer = { .itself = false };
        ayni_cbor_read_id(&reader, &signer.organisation);
        if (reader.status != AYNI_OK)
            return;
        add_signer(act, &signer);
    }
}

static int compare_signers(const void *a, const void *b)
{
    const struct act_signer *x = a, *y = b;

    return ayni_id_compare(&x->organisation, &y->organisation);
}

static void read_signers(const struct charter *charter, const struct record_state *state,
                         struct act *act)
{
    read_signatures(charter, state, act);
    read_named(state, act);
    if (act->signer_count > 1)
        qsort(act->signers, act->signer_count, sizeof(act->signers[0]), compare_signers);
}

enum ayni_status act_of_state(struct reader *reader, const struct record_state *state,
                              struct act *act)
{
    struct party_names names;

    *act = (struct act){ .key = state->key, .contested = state->folded.contested };
    if (record_state_gone(state) || !read_fields(state, act))
        return AYNI_E_NOT_FOUND;
    find_origin(reader_charter(reader), state, false, act);
    read_signers(reader_charter(reader), state, act);
    act->altered = act->by_municipality && is_altered(reader_charter(reader), state, act);
    return party_facility(reader, &act->facility, &names, act->scope.place);
}

enum ayni_status act_read(struct reader *reader, const struct record_key *key, struct act *act)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);

    return status == AYNI_OK ? act_of_state(reader, &state, act) : status;
}

/* --- many --- */

static bool passes(const struct act_filter *filter, const struct act *act)
{
    return (!filter->has_month || filter->month == act->scope.month) &&
           (filter->municipality == NULL ||
            ayni_id_equal(filter->municipality, &act->municipality)) &&
           (filter->place == NULL ||
            (act->scope.place[0] != '\0' &&
             strncmp(act->scope.place, filter->place, strlen(filter->place)) == 0));
}

enum ayni_status acts_each(struct reader *reader, const struct act_filter *filter, act_visit *visit,
                           void *context)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    struct act act;

    walk_type(reader, filter->space, ACT_TYPE, &walk);
    while (walk_next(&walk, &key)) {
        enum ayni_status status = act_read(reader, &key, &act);
        if (status == AYNI_E_NOT_FOUND)
            continue;
        if (status != AYNI_OK)
            return status;
        if (passes(filter, &act) && !visit(context, &act))
            break;
    }
    return walk.status;
}
