#include "daemon/records/links/split.h"

#include "daemon/records/identifier.h"
#include "daemon/records/links/link_decide.h"
#include "daemon/records/links/split_private.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "daemon/records/writing/author.h"
#include "daemon/records/writing/lane.h"

static void split_done(struct split *split)
{
    reader_end(split->reader);
    ayni_arena_free(&split->memory);
    ayni_buffer_free(&split->changes);
}

/* --- who is meant --- */

static enum ayni_status find_node(struct split *split, const char *name, struct ayni_node *node)
{
    const struct ayni_member *member;
    enum ayni_status status = ayni_registry_find_member(reader_charter(split->reader)->registry,
                                                        ayni_bytes_of_text(name), &member);

    if (status == AYNI_OK) {
        *node = member->node;
        return AYNI_OK;
    }
    complain_hint(split->complaint, N_("`ayni member list` lists them"), NULL);
    return complain(split->complaint, AYNI_E_USAGE,
                    status == AYNI_E_USAGE ? N_("more than one member is called {}")
                                           : N_("there is no member {}"),
                    name, NULL);
}

static enum ayni_status find_nodes(struct split *split)
{
    const struct split_request *request = split->request;
    enum ayni_status status = AYNI_OK;

    if (request->node_count == 0 || request->node_count > SPLIT_NODES_MAX)
        return complain(split->complaint, AYNI_E_USAGE, N_("say whose records go over: --node"),
                        NULL);
    for (size_t i = 0; status == AYNI_OK && i < request->node_count; i++)
        status = find_node(split, request->nodes[i], &split->nodes[i]);
    return status;
}

/* Whether it is held where the request doesn't look: there somebody else's is left. */
static enum ayni_status look_elsewhere(struct split *split)
{
    size_t count;
    enum ayni_status status = reader_find(split->reader, &split->result->from, split->result->type,
                                          NULL, NULL, 0, &count);

    split->others = status == AYNI_OK && count > split->place_count;
    return status;
}

static enum ayni_status find_old(struct split *split)
{
    const struct charter *charter = reader_charter(split->reader);
    char name[NAMES_SIZE];
    enum ayni_status status =
        names_places(split->reader, split->request->id, split->request->space, split->places,
                     SPLIT_PLACES_MAX, &split->place_count, split->complaint);

    if (status != AYNI_OK)
        return status;
    if (split->place_count > SPLIT_PLACES_MAX)
        split->place_count = SPLIT_PLACES_MAX;
    split->has_space = split->request->space != NULL;
    split->space = split->places[0].space;
    split->result->from = split->places[0].record;
    split->result->type = split->places[0].type;
    split->type = ayni_catalogue_type(charter->catalogue, split->places[0].type);
    if (split->type != NULL && split->type->key_is_identifier)
        return look_elsewhere(split);
    names_of_type(charter, split->places[0].type, name);
    return complain(split->complaint, AYNI_E_INVALID,
                    N_("{} is of type {}: children and persons alone are split"),
                    split->request->id, name, NULL);
}

/* "split into ID: reason" */
static const char *reason_of(struct split *split, const char *begin,
                             const struct ayni_record *other)
{
    const char *reason = split->request->reason == NULL ? "" : split->request->reason;
    char id[AYNI_RECORD_TEXT_SIZE];
    SCOPED_BUFFER text = { 0 };

    ayni_record_text(other, id);
    ayni_buffer_append_text(&text, begin);
    ayni_buffer_append_text(&text, id);
    ayni_buffer_append_text(&text, *reason == '\0' ? "" : ": ");
    ayni_buffer_append_text(&text, reason);
    return ayni_arena_text(&split->memory, ayni_buffer_bytes(&text));
}

static enum ayni_status name_sides(struct split *split)
{
    split->result->child = identifier_random_id();
    split->into = reason_of(split, SPLIT_INTO, &split->result->child);
    split->from = reason_of(split, SPLIT_FROM, &split->result->from);
    return ayni_arena_status(&split->memory);
}

/* --- what it comes to --- */

static enum ayni_status refuse_nothing(struct split *split)
{
    if (split->changes.size == 0)
        return complain(split->complaint, AYNI_E_NOT_FOUND, N_("they wrote nothing of {} alone"),
                        split->request->id, NULL);
    if (split->others)
        return AYNI_OK;
    return complain(split->complaint, AYNI_E_INVALID,
                    N_("all of {} was written by them: nobody is left to part them from"),
                    split->request->id, NULL);
}

static enum ayni_status plan(struct split *split)
{
    enum ayni_status status = find_old(split);

    if (status == AYNI_OK)
        status = find_nodes(split);
    if (status == AYNI_OK)
        status = name_sides(split);
    if (status == AYNI_OK)
        status = split_child(split);
    if (status == AYNI_OK)
        status = split_about(split);
    if (status == AYNI_OK)
        status = split_references(split);
    if (status == AYNI_OK && !split->made && split->changes.size > 0)
        status = split_child_from_old(split);
    if (status == AYNI_OK)
        status = ayni_arena_status(&split->memory);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&split->changes);
    if (status == AYNI_OK)
        status = refuse_nothing(split);
    return status == AYNI_OK ? split_check_rights(split->reader, &split->changes,
                                                  split->request->by_admin, split->complaint)
                             : status;
}

/* --- writing it --- */

/* So that nobody proposes them as one again. */
static enum ayni_status decide_apart(struct split *split)
{
    char one[AYNI_RECORD_TEXT_SIZE], other[AYNI_RECORD_TEXT_SIZE];
    struct link_result decided;
    struct link_request request = { .one = one,
                                    .other = other,
                                    .verdict = LINK_DIFFERENT,
                                    .why = split->into,
                                    .steward = split->request->steward,
                                    .by_admin = split->request->by_admin,
                                    .english = split->request->english };

    ayni_record_text(&split->result->from, one);
    ayni_record_text(&split->result->child, other);
    return link_decide(split->records, &request, &decided, split->complaint);
}

/* Nobody waits for a write while she reads: the reader goes first. */
static enum ayni_status write_changes(struct split *split)
{
    const struct author_change *changes = (const struct author_change *)split->changes.data;

    reader_end(split->reader);
    split->reader = NULL;
    if (split->request->dry_run)
        return AYNI_OK;
    enum ayni_status status =
        author_write(split->records->author, changes, split->changes.size / sizeof(*changes),
                     lane_of_type(split->type->number), NULL);
    if (status == AYNI_E_RIGHT)
        return space_access_explain(split->records->standing, &changes[0].space, split->complaint);
    return status == AYNI_OK ? decide_apart(split) : status;
}

static enum ayni_status attempt_one(void *context)
{
    struct split split = *(const struct split *)context; /* what is asked for, and no more */
    enum ayni_status status = reader_begin(split.records, &split.reader);

    *split.result = (struct split_result){ 0 };
    if (status == AYNI_OK)
        status = plan(&split);
    if (status == AYNI_OK)
        status = write_changes(&split);
    split_done(&split);
    return status;
}

enum ayni_status split_record(struct records *records, const struct split_request *request,
                              struct split_result *result, struct complaint *complaint)
{
    struct split asked = {
        .records = records, .request = request, .result = result, .complaint = complaint
    };

    return attempts(records, attempt_one, &asked, complaint);
}
