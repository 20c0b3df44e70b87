/* list, export: rows of a type. */
#include <stdlib.h>

#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/past.h"
#include "daemon/control/row.h"
#include "daemon/control/scope.h"
#include "daemon/control/where.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/records/sorting.h"
#include "daemon/records/walk.h"

/* Records looked at under one snapshot, at most. */
enum { PAGE_MAX = 4096 };

struct listing {
    struct daemon *daemon;
    struct control_call *call;
    const struct charter *charter;
    const struct ayni_catalogue_type *type;
    struct row_columns columns;
    bool has_space;
    struct ayni_space space;
    uint64_t limit; /* rows still to be sent */
    struct outbox outbox;
    /* Where it is: in the order of keys, or in an order of its own. */
    bool started, done;
    struct record_key last;
    struct sorting *sorting;
    bool piece_ends;
    bool chosen; /* ... and those that an expression chose */
    struct ayni_buffer keys;
    size_t next;
    /* "as_of" */
    bool past;
    struct reader_limits limits;
};

static enum ayni_status read_scope(struct listing *listing)
{
    struct control_call *call = listing->call;
    const char *type, *space;
    enum ayni_status status = call_text(call, "type", &type);

    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &space);
    if (status == AYNI_OK)
        status = names_type(listing->charter, type, &listing->type, call_complaint(call));
    if (status == AYNI_OK && space != NULL)
        status = names_read_space(listing->charter, space, &listing->space, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    listing->has_space = space != NULL;
    return AYNI_OK;
}

static const struct ayni_space *space_of(const struct listing *listing)
{
    return listing->has_space ? &listing->space : NULL;
}

/* --- rows --- */

static enum ayni_status put_row(struct listing *listing, struct reader *reader,
                                const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status == AYNI_E_NOT_FOUND || (status == AYNI_OK && record_state_gone(&state)))
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    listing->limit--;
    status = row_put(outbox_begin(&listing->outbox), &listing->columns, reader,
                     &listing->daemon->identity.node, &state);
    outbox_end(&listing->outbox);
    return status;
}

static bool page_ends(const struct listing *listing, size_t looked_at)
{
    return listing->limit == 0 || looked_at == PAGE_MAX || outbox_is_full(&listing->outbox);
}

static enum ayni_status walk_page(struct listing *listing, struct reader *reader)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_type(reader, space_of(listing), listing->type->number, &walk);
    if (listing->started)
        walk_after(&walk, &listing->last);
    for (size_t i = 0; status == AYNI_OK && !page_ends(listing, i); i++) {
        if (!walk_next(&walk, &key)) {
            listing->done = true;
            return walk.status;
        }
        status = put_row(listing, reader, &key);
        listing->last = key;
        listing->started = true;
    }
    return status;
}

/* NULL after the last, of the piece of what is sorted. */
static const struct record_key *next_key(struct listing *listing)
{
    size_t index = listing->next++;

    if (!listing->chosen)
        return sorting_key(listing->sorting, index);
    return index < listing->keys.size / sizeof(struct record_key)
               ? (const struct record_key *)listing->keys.data + index
               : NULL;
}

static enum ayni_status ordered_page(struct listing *listing, struct reader *reader)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && !page_ends(listing, i); i++) {
        const struct record_key *key = next_key(listing);
        if (key == NULL) {
            listing->piece_ends = !listing->chosen && sorting_has_more(listing->sorting);
            listing->done = !listing->piece_ends;
            return AYNI_OK;
        }
        status = put_row(listing, reader, key);
    }
    return status;
}

/* What is sorted comes in pieces. */
static enum ayni_status next_piece(struct listing *listing)
{
    if (!listing->piece_ends)
        return AYNI_OK;
    listing->piece_ends = false;
    listing->next = 0;
    return sorting_go_on(listing->sorting);
}

static enum ayni_status gather_page(struct listing *listing)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&listing->daemon->records, &reader);

    if (status != AYNI_OK)
        return status;
    if (listing->past)
        reader_limit(reader, &listing->limits);
    return listing->chosen || listing->sorting != NULL ? ordered_page(listing, reader)
                                                       : walk_page(listing, reader);
}

/* Of the rows as they were: what they lack. */
static enum ayni_status send_lacks(struct listing *listing)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&listing->daemon->records, &reader);

    if (status != AYNI_OK)
        return status;
    reader_limit(reader, &listing->limits);
    status = past_warn(&listing->outbox, reader, space_of(listing), listing->type->number);
    reader_end(reader);
    reader = NULL;
    return status == AYNI_OK ? outbox_send(&listing->outbox, listing->call) : status;
}

static enum ayni_status send_rows(struct listing *listing)
{
    enum ayni_status status;

    row_put_names(outbox_begin(&listing->outbox), &listing->columns);
    outbox_end(&listing->outbox);
    do {
        status = gather_page(listing);
        if (status == AYNI_OK)
            status = outbox_send(&listing->outbox, listing->call);
        if (status == AYNI_OK && call_cancelled(listing->call))
            status = AYNI_E_STOPPED;
        if (status == AYNI_OK)
            status = next_piece(listing);
    } while (status == AYNI_OK && !listing->done && listing->limit > 0);
    return status == AYNI_OK && listing->past ? send_lacks(listing) : status;
}

/* --- order --- */

/* "FIELD", "FIELD desc" or "FIELD asc"; no column where it isn't said. */
struct list_order {
    bool given, descending;
    struct row_column column;
};

static enum ayni_status read_order(struct listing *listing, struct list_order *order)
{
    const char *text, *space;
    char name[NAMES_SIZE];
    enum ayni_status status = call_text_or(listing->call, "order_by", NULL, &text);

    *order = (struct list_order){ .given = text != NULL };
    if (status != AYNI_OK || text == NULL)
        return status;
    space = strchr(text, ' ');
    order->descending = space != NULL && strcasecmp(space, " desc") == 0;
    if ((space != NULL && !order->descending && strcasecmp(space, " asc") != 0) ||
        strcspn(text, " ") >= sizeof(name)) {
        call_hint(listing->call, N_("it is FIELD, FIELD asc or FIELD desc"), NULL);
        return call_fail(listing->call, AYNI_E_USAGE, N_("{} is no order"), text, NULL);
    }
    memcpy(name, text, strcspn(text, " "));
    name[strcspn(text, " ")] = 0;
    status = row_column_named(listing->type, name, &order->column, call_complaint(listing->call));
    if (status == AYNI_OK && order->column.kind != ROW_FIELD && order->column.kind != ROW_TIME &&
        order->column.kind != ROW_ID)
        return call_fail(listing->call, AYNI_E_USAGE, N_("rows can't be ordered by {}"), name,
                         NULL);
    return status;
}

static enum ayni_status sort(struct listing *listing, const struct list_order *order)
{
    const struct row_column *column = &order->column;

    if (!order->given || (column->kind == ROW_ID && !order->descending))
        return AYNI_OK; /* ids are in order already */
    const struct sorting_wish wish = {
        .type = listing->type->number,
        .space = space_of(listing),
        .field = column->kind == ROW_FIELD  ? column->field->number
                 : column->kind == ROW_TIME ? SORTING_BY_TIME
                                            : SORTING_BY_ID,
        .descending = order->descending,
    };
    return sorting_new(&listing->daemon->records, &wish, &listing->sorting);
}

/* --- which, and as they were when --- */

static enum ayni_status read_past(struct listing *listing)
{
    SCOPED_READER *reader = NULL;
    struct ayni_instant as_of;
    enum ayni_status status = scope_as_of(listing->call, &listing->past, &as_of);

    if (status == AYNI_OK && listing->past)
        status = reader_begin(&listing->daemon->records, &reader);
    return status == AYNI_OK && listing->past ? reader_limits_find(reader, as_of, &listing->limits)
                                              : status;
}

/* What an expression chooses, and the past, are put in order where they are chosen. */
static enum ayni_status choose(struct listing *listing, const struct list_order *order)
{
    struct where where = { .type = listing->type,
                           .space = space_of(listing),
                           .order_by = order->given ? order->column.name : NULL,
                           .descending = order->descending };
    enum ayni_status status = read_past(listing);

    if (status == AYNI_OK)
        status = call_text_or(listing->call, "where", NULL, &where.expression);
    if (status != AYNI_OK)
        return status;
    listing->chosen = where.expression != NULL || (listing->past && order->given);
    return listing->chosen ? where_choose(listing->daemon, listing->call, &where, &listing->keys)
                           : sort(listing, order);
}

static void listing_done(struct listing *listing)
{
    sorting_free(listing->sorting);
    ayni_buffer_free(&listing->keys);
    reader_limits_free(&listing->limits);
    outbox_free(&listing->outbox);
    charter_release(listing->charter);
}

static struct listing listing_of(struct daemon *daemon, struct control_call *call)
{
    return (struct listing){ .daemon = daemon,
                             .call = call,
                             .charter = standing_hold(daemon->records.standing),
                             .limit = UINT64_MAX };
}

static enum ayni_status handle_list(struct daemon *daemon, struct control_call *call)
{
    struct listing listing = listing_of(daemon, call);
    struct list_order order;
    const char *const *names;
    size_t count;
    int64_t limit;
    enum ayni_status status = read_scope(&listing);

    if (status == AYNI_OK)
        status = call_texts(call, "columns", &names, &count);
    if (status == AYNI_OK)
        status = call_int_or(call, "limit", INT64_MAX, &limit);
    if (status == AYNI_OK && limit < 0)
        status = call_fail(call, AYNI_E_USAGE, N_("--limit is 0 or more"), NULL);
    if (status == AYNI_OK)
        status =
            row_columns_of_list(listing.type, names, count, &listing.columns, call_complaint(call));
    if (status == AYNI_OK)
        status = read_order(&listing, &order);
    if (status == AYNI_OK)
        status = choose(&listing, &order);
    if (status == AYNI_OK) {
        listing.limit = (uint64_t)limit;
        status = send_rows(&listing);
    }
    listing_done(&listing);
    return status;
}

static enum ayni_status handle_export(struct daemon *daemon, struct control_call *call)
{
    struct listing listing = listing_of(daemon, call);
    const struct list_order none = { 0 };
    enum ayni_status status = read_scope(&listing);

    if (status == AYNI_OK)
        status = choose(&listing, &none);
    if (status == AYNI_OK) {
        row_columns_of_export(listing.type, &listing.columns);
        status = send_rows(&listing);
    }
    listing_done(&listing);
    return status;
}

const struct control_command control_lists_commands[] = {
    { "list", handle_list, CONTROL_NEED_READ },
    { "export", handle_export, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
