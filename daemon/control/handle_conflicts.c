/* conflicts, conflicts.show: what waits for a steward, and what rules of the catalogue settled. */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/daemon.h"
#include "daemon/records/common_point.h"
#include "daemon/records/conflict.h"
#include "daemon/records/names.h"
#include "daemon/records/title.h"

struct listing {
    struct daemon *daemon;
    struct scope scope;
    struct conflict_filter filter;
    struct reader *reader; /* of the page */
    struct conflict_cursor from;
    struct outbox outbox;
    bool mine; /* in which this node has a value */
    enum ayni_status status;
};

static bool is_mine(const struct listing *listing, const struct conflict *conflict)
{
    for (size_t i = 0; i < conflict->node_count; i++)
        if (ayni_id_equal(&conflict->nodes[i], &listing->daemon->identity.node))
            return true;
    return false;
}

static void put_open(struct listing *listing, const struct conflict *conflict)
{
    const struct charter *charter = reader_charter(listing->reader);
    struct ayni_control_writer *item = outbox_begin(&listing->outbox);

    ayni_control_open_object(item, NULL);
    record_item_key(item, charter, &conflict->key, true);
    record_item_field_names(item, "fields", charter, conflict->key.type, conflict->fields,
                            conflict->field_count);
    ayni_control_put_instant(item, "since", conflict->since);
    ayni_control_open_array(item, "nodes");
    for (size_t i = 0; i < conflict->node_count; i++)
        ayni_control_put_node(item, NULL, &conflict->nodes[i]);
    ayni_control_close(item);
    ayni_control_close(item);
    outbox_end(&listing->outbox);
}

static const struct ayni_catalogue_field *
field_of(const struct charter *charter, const struct record_state *state, uint32_t number)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, state->key.type);

    return type == NULL ? NULL : ayni_catalogue_field(type, number);
}

/* What a rule of the catalogue did to one field. */
static void put_merge(struct ayni_control_writer *item, const struct charter *charter,
                      const struct record_state *state, const struct ayni_folded_field *merged)
{
    const struct ayni_catalogue_field *field = field_of(charter, state, merged->number);
    char rule[RECORD_ITEM_RULE_SIZE];

    if (field != NULL) {
        record_item_rule_text(&field->merge, rule);
        ayni_control_put_text(item, "rule", rule);
    }
    record_item_value(item, "shown", field, merged->shown);
    ayni_control_put_instant(item, "since", conflict_field_since(state, merged));
    record_item_alternatives(item, "values", charter, state, merged, false);
}

/* An item for each field that was merged, with the values as they are folded. */
static enum ayni_status put_merged(struct listing *listing, const struct conflict *conflict)
{
    const struct charter *charter = reader_charter(listing->reader);
    SCOPED_STATE state = { 0 };
    char name[NAMES_SIZE];
    enum ayni_status status = reader_fold(listing->reader, &conflict->key, &state);

    for (size_t i = 0; status == AYNI_OK && i < state.folded.field_count; i++) {
        const struct ayni_folded_field *merged = &state.folded.fields[i];
        if (!merged->merged || conflict_field_since(&state, merged).ms < listing->filter.since.ms)
            continue;
        struct ayni_control_writer *item = outbox_begin(&listing->outbox);
        ayni_control_open_object(item, NULL);
        record_item_key(item, charter, &conflict->key, true);
        names_of_field(charter, conflict->key.type, merged->number, name);
        ayni_control_put_text(item, "field", name);
        put_merge(item, charter, &state, merged);
        ayni_control_close(item);
        outbox_end(&listing->outbox);
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status; /* a row that damage left */
}

static bool put_conflict(void *context, const struct conflict *conflict)
{
    struct listing *listing = context;

    if (listing->mine && !is_mine(listing, conflict))
        return true;
    if (listing->filter.kind == CONFLICT_OPEN)
        put_open(listing, conflict);
    else
        listing->status = put_merged(listing, conflict);
    return listing->status == AYNI_OK && !outbox_is_full(&listing->outbox);
}

static enum ayni_status gather_page(struct listing *listing)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&listing->daemon->records, &reader);

    if (status != AYNI_OK)
        return status;
    listing->reader = reader;
    status = conflicts_each(reader, &listing->filter, &listing->from, put_conflict, listing);
    return status == AYNI_OK ? listing->status : status;
}

static enum ayni_status send_conflicts(struct listing *listing, struct control_call *call)
{
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !listing->from.done) {
        status = gather_page(listing);
        if (status == AYNI_OK)
            status = outbox_send(&listing->outbox, call);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
    }
    outbox_free(&listing->outbox);
    return status;
}

static enum ayni_status handle_conflicts(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct listing listing = { .daemon = daemon };
    bool merged, has_since;
    enum ayni_status status = call_flag(call, "mine", &listing.mine);

    if (status == AYNI_OK)
        status = call_flag(call, "merged", &merged);
    if (status == AYNI_OK)
        status = scope_read(call, charter, &listing.scope);
    if (status == AYNI_OK)
        status = scope_time(call, "since", &has_since, &listing.filter.since);
    if (status != AYNI_OK)
        return status;
    listing.filter.kind = merged ? CONFLICT_MERGED : CONFLICT_OPEN;
    listing.filter.space = scope_space(&listing.scope);
    listing.filter.type = listing.scope.type;
    return send_conflicts(&listing, call);
}

/* --- conflicts.show --- */

static const char *merged_name(const struct charter *charter, const struct record_state *state,
                               const struct ayni_folded_field *field, char name[NAMES_SIZE])
{
    if (!field->merged || state->folded.deleted)
        return NULL;
    names_of_field(charter, state->key.type, field->number, name);
    return name;
}

/* By field: the values that a rule of the catalogue chose from, the rule, and what it shows. */
static void put_all_merged(struct ayni_control_writer *item, const struct charter *charter,
                           const struct record_state *state)
{
    const struct ayni_folded_field *fields = state->folded.fields;
    char name[NAMES_SIZE], rule[RECORD_ITEM_RULE_SIZE];

    ayni_control_open_object(item, "merged");
    for (size_t i = 0; i < state->folded.field_count; i++)
        if (merged_name(charter, state, &fields[i], name) != NULL)
            record_item_alternatives(item, name, charter, state, &fields[i], true);
    ayni_control_close(item);
    ayni_control_open_object(item, "rules");
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_catalogue_field *field = field_of(charter, state, fields[i].number);
        if (field == NULL || merged_name(charter, state, &fields[i], name) == NULL)
            continue;
        record_item_rule_text(&field->merge, rule);
        ayni_control_put_text(item, name, rule);
    }
    ayni_control_close(item);
    ayni_control_open_object(item, "shown");
    for (size_t i = 0; i < state->folded.field_count; i++)
        if (merged_name(charter, state, &fields[i], name) != NULL)
            record_item_value(item, name, field_of(charter, state, fields[i].number),
                              fields[i].shown);
    ayni_control_close(item);
}

/* By field that is contested: what was said of it where all of them agreed. */
static enum ayni_status put_before(struct ayni_control_writer *item, struct reader *reader,
                                   const struct record_state *state)
{
    const struct charter *charter = reader_charter(reader);
    enum ayni_status status = AYNI_OK;
    struct common_point point;
    char name[NAMES_SIZE];

    ayni_control_open_object(item, "before");
    for (size_t i = 0; status == AYNI_OK && i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (!field->contested || state->folded.deleted)
            continue;
        status = common_point_find(reader, state, field, &point);
        if (status != AYNI_OK || point.item == NULL)
            continue;
        names_of_field(charter, state->key.type, field->number, name);
        ayni_control_open_object(item, name);
        record_item_value(item, "value", field_of(charter, state, field->number), point.value);
        record_item_said(item, charter, point.item);
        ayni_control_close(item);
    }
    ayni_control_close(item);
    return status;
}

static void put_later(struct ayni_control_writer *item, const struct charter *charter,
                      const struct record_state *state, uint32_t field,
                      const struct common_since *since)
{
    char name[NAMES_SIZE];

    names_of_field(charter, state->key.type, field, name);
    ayni_control_open_array(item, name);
    for (size_t i = 0; i < since->count; i++) {
        ayni_control_open_object(item, NULL);
        record_item_value(item, "value", field_of(charter, state, field), since->values[i]);
        record_item_said(item, charter, since->items[i]);
        if (since->withdrawn[i])
            ayni_control_put_bool(item, "withdrawn", true);
        ayni_control_close(item);
    }
    ayni_control_close(item);
}

/* By field that is contested: all that was said of it since then, in order. */
static enum ayni_status put_since(struct ayni_control_writer *item, struct reader *reader,
                                  const struct record_state *state)
{
    enum ayni_status status = AYNI_OK;
    struct common_point point;
    struct common_since since;

    ayni_control_open_object(item, "since");
    for (size_t i = 0; status == AYNI_OK && i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (!field->contested || state->folded.deleted)
            continue;
        status = common_point_find(reader, state, field, &point);
        if (status == AYNI_OK)
            status = common_since_find(reader, state, field, &point, &since);
        if (status == AYNI_OK)
            put_later(item, reader_charter(reader), state, field->number, &since);
    }
    ayni_control_close(item);
    return status;
}

static enum ayni_status gather_show(struct daemon *daemon, struct control_call *call,
                                    struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER title = { 0 };
    struct ayni_control_writer *item;
    struct record_key key;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = scope_record(call, reader, &key);
    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    if (status == AYNI_OK)
        status = title_put(reader, &state, &title);
    if (status != AYNI_OK)
        return status;
    item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    record_item_key(item, reader_charter(reader), &key, true);
    ayni_control_put_string(item, "title", ayni_buffer_bytes(&title));
    record_item_contested(item, "fields", reader_charter(reader), &state, true);
    status = put_before(item, reader, &state);
    if (status == AYNI_OK)
        status = put_since(item, reader, &state);
    put_all_merged(item, reader_charter(reader), &state);
    ayni_control_close(item);
    outbox_end(outbox);
    return status;
}

static enum ayni_status handle_show(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_show(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_conflicts_commands[] = {
    { "conflicts", handle_conflicts, CONTROL_NEED_READ },
    { "conflicts.show", handle_show, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
