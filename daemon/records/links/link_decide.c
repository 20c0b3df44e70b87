#include "daemon/records/links/link_decide.h"

#include <stdio.h>

#include "daemon/records/links/link_decide_private.h"
#include "daemon/records/names.h"
#include "daemon/records/writing/edit.h"

static bool is_pair(const struct deciding *deciding, const struct ayni_record *record)
{
    return ayni_id_equal(record, party_record(&deciding->parties[0])) ||
           ayni_id_equal(record, party_record(&deciding->parties[1]));
}

/* --- whom it is about --- */

static enum ayni_status find_party(struct deciding *deciding, const char *text, struct party *party)
{
    enum ayni_status status = names_places(deciding->reader, text, NULL, party->places,
                                           LINK_SPACES_MAX, &party->count, deciding->complaint);

    party->text = text;
    if (party->count > LINK_SPACES_MAX)
        party->count = LINK_SPACES_MAX;
    return status;
}

/* Children with children, persons with persons: whoever is known by documents. */
static enum ayni_status check_types(struct deciding *deciding)
{
    const struct ayni_catalogue *catalogue = reader_charter(deciding->reader)->catalogue;
    uint32_t types[] = { deciding->parties[0].places[0].type, deciding->parties[1].places[0].type };
    char name[NAMES_SIZE], other[NAMES_SIZE];

    for (size_t i = 0; i < 2; i++) {
        const struct ayni_catalogue_type *type = ayni_catalogue_type(catalogue, types[i]);
        if (type != NULL && type->key_is_identifier)
            continue;
        names_of_type(reader_charter(deciding->reader), types[i], name);
        return complain(deciding->complaint, AYNI_E_INVALID,
                        N_("{} is of type {}: children and persons alone are linked"),
                        deciding->parties[i].text, name, NULL);
    }
    if (types[0] == types[1])
        return AYNI_OK;
    names_of_type(reader_charter(deciding->reader), types[0], name);
    names_of_type(reader_charter(deciding->reader), types[1], other);
    return complain(deciding->complaint, AYNI_E_INVALID,
                    N_("the two are of different types: {}, {}"), name, other, NULL);
}

static enum ayni_status check_keep(struct deciding *deciding)
{
    const char *text = deciding->request->keep;
    struct ayni_record keep;

    if (text == NULL)
        return AYNI_OK;
    enum ayni_status status =
        names_record(deciding->reader, text, NULL, &keep, deciding->complaint);
    if (status != AYNI_OK)
        return status;
    ayni_record_text(&keep, deciding->keep);
    return is_pair(deciding, &keep)
               ? AYNI_OK
               : complain(deciding->complaint, AYNI_E_INVALID,
                          N_("{} is neither of the two: --keep says which of them goes on"), text,
                          NULL);
}

static enum ayni_status check_size(struct deciding *deciding)
{
    struct link_component one, other;
    char most[16];
    enum ayni_status status =
        links_component(deciding->reader, party_record(&deciding->parties[0]), &one);

    if (status == AYNI_OK)
        status = links_component(deciding->reader, party_record(&deciding->parties[1]), &other);
    if (status != AYNI_OK || deciding->request->verdict != LINK_SAME ||
        link_component_has(&one, party_record(&deciding->parties[1])) ||
        one.count + other.count <= LINK_MEMBERS_MAX)
        return status;
    snprintf(most, sizeof(most), "%d", (int)LINK_MEMBERS_MAX);
    complain_hint(deciding->complaint, N_("`ayni get` shows who is linked; unlink what is wrong"),
                  NULL);
    return complain(deciding->complaint, AYNI_E_INVALID, N_("more than {} records would be one"),
                    most, NULL);
}

static enum ayni_status find_parties(struct deciding *deciding)
{
    struct party *parties = deciding->parties;
    enum ayni_status status = find_party(deciding, deciding->request->one, &parties[0]);

    if (status == AYNI_OK)
        status = find_party(deciding, deciding->request->other, &parties[1]);
    if (status != AYNI_OK)
        return status;
    if (ayni_id_equal(party_record(&parties[0]), party_record(&parties[1])))
        return complain(deciding->complaint, AYNI_E_INVALID,
                        N_("{} and {} are one and the same record"), parties[0].text,
                        parties[1].text, NULL);
    status = check_types(deciding);
    if (status == AYNI_OK)
        status = check_keep(deciding);
    if (status == AYNI_OK)
        status = check_size(deciding);
    bool in_order = ayni_id_compare(party_record(&parties[0]), party_record(&parties[1])) < 0;
    ayni_record_text(party_record(&parties[in_order ? 0 : 1]), deciding->a);
    ayni_record_text(party_record(&parties[in_order ? 1 : 0]), deciding->b);
    return status;
}

/* --- writing it --- */

/* Why two were one says nothing of why they aren't. */
static size_t assign(const struct deciding *deciding,
                     struct edit_assignment assignments[LINK_CHANGED_MAX])
{
    const struct link_request *request = deciding->request;
    bool turns = !deciding->stands || deciding->before.verdict != request->verdict;
    size_t count = 0;

    assignments[count++] = (struct edit_assignment){ "a", deciding->a };
    assignments[count++] = (struct edit_assignment){ "b", deciding->b };
    assignments[count++] =
        (struct edit_assignment){ "verdict", link_verdict_word(request->verdict) };
    if (request->reasons != NULL || turns)
        assignments[count++] =
            (struct edit_assignment){ "reason", request->reasons == NULL ? "" : request->reasons };
    if (request->keep != NULL || request->verdict != LINK_SAME)
        assignments[count++] = (struct edit_assignment){ "keep", deciding->keep };
    return count;
}

static void note_changed(struct link_result *result, const struct edit_result *written)
{
    result->decision = written->key.record;
    for (size_t i = 0; i < written->changed_count; i++) {
        size_t at = 0;
        while (at < result->changed_count && result->changed[at] != written->changed[i])
            at++;
        if (at == result->changed_count && at < LINK_CHANGED_MAX)
            result->changed[result->changed_count++] = written->changed[i];
    }
    result->warnings = written->warnings;
}

static enum ayni_status write_in(struct deciding *deciding, const struct ayni_space *space)
{
    const struct link_request *request = deciding->request;
    struct edit_assignment assignments[LINK_CHANGED_MAX];
    struct edit_result written;
    char id[2 * sizeof(space->bytes) + 1];

    ayni_hex_text((struct ayni_bytes){ space->bytes, sizeof(space->bytes) }, id);
    struct edit_request edit = { .type = "link_decision",
                                 .space = id,
                                 .assignments = assignments,
                                 .assignment_count = assign(deciding, assignments),
                                 .steward = request->steward,
                                 .by_admin = request->by_admin,
                                 .reason = request->why,
                                 .english = request->english };
    enum ayni_status status = edit_put(deciding->records, &edit, &written, deciding->complaint);
    if (status == AYNI_OK)
        note_changed(deciding->result, &written);
    return status;
}

static enum ayni_status read_after(struct deciding *deciding)
{
    const struct ayni_record *one = party_record(&deciding->parties[0]);
    enum ayni_status status = reader_begin(deciding->records, &deciding->reader);

    deciding->result->one = *one;
    if (status == AYNI_OK)
        status = links_verdict(deciding->reader, one, party_record(&deciding->parties[1]),
                               &deciding->result->link);
    return status == AYNI_OK ? links_component(deciding->reader, one, &deciding->result->component)
                             : status;
}

static enum ayni_status decide(struct deciding *deciding)
{
    enum ayni_status status = find_parties(deciding);

    if (status == AYNI_OK)
        status = link_decide_where(deciding);
    reader_end(deciding->reader);
    deciding->reader = NULL;
    for (size_t i = 0; status == AYNI_OK && i < deciding->space_count; i++)
        status = write_in(deciding, &deciding->spaces[i]);
    return status == AYNI_OK ? read_after(deciding) : status;
}

enum ayni_status link_decide(struct records *records, const struct link_request *request,
                             struct link_result *result, struct complaint *complaint)
{
    struct deciding deciding = {
        .records = records, .request = request, .result = result, .complaint = complaint
    };
    enum ayni_status status = projector_wait_ready(records->projector);

    *result = (struct link_result){ 0 };
    if (status == AYNI_OK)
        status = reader_begin(records, &deciding.reader);
    if (status == AYNI_OK)
        status = decide(&deciding);
    reader_end(deciding.reader);
    return status;
}
