/* duplicates: pairs of children who may be one. */
#include "daemon/control/commands.h"

#include <string.h>

#include "daemon/control/duplicate_item.h"
#include "daemon/control/duplicate_side.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "proto/nearest.h"

enum { SCORE_MAX = 100 };

/* --- arguments --- */

static enum ayni_status read_key(struct control_call *call, unsigned *keys)
{
    struct ayni_nearest nearest;
    const char *name;
    enum ayni_status status = call_text_or(call, "key", NULL, &name);

    if (status != AYNI_OK || name == NULL)
        return status;
    nearest = ayni_nearest(ayni_bytes_of_text(name));
    for (unsigned key = 0; key < LIKENESS_KEYS; key++) {
        ayni_nearest_offer(&nearest, likeness_key_names[key]);
        if (strcmp(name, likeness_key_names[key]) == 0)
            *keys |= 1u << key;
    }
    if (*keys != 0)
        return AYNI_OK;
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    else
        call_hint(call, N_("same_id, same_mother, same_names, near_date or near_names"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no key {}"), name, NULL);
}

/* Children are the only ones that are looked for. */
static enum ayni_status check_type(struct control_call *call, const struct scope *scope)
{
    if (scope->type == 0 || scope->type == LIKENESS_TYPE_CHILD)
        return AYNI_OK;
    return call_fail(call, AYNI_E_USAGE, N_("duplicates are looked for among children alone"),
                     NULL);
}

static enum ayni_status read_scope(struct daemon *daemon, struct control_call *call,
                                   struct scope *places, struct duplicates_scope *scope)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    int64_t score;
    enum ayni_status status = scope_read(call, charter, places);

    if (status == AYNI_OK)
        status = check_type(call, places);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &scope->territory);
    if (status == AYNI_OK)
        status = call_int_or(call, "min_score", 0, &score);
    if (status == AYNI_OK)
        status = read_key(call, &scope->keys);
    if (status != AYNI_OK)
        return status;
    if (score < 0 || score > SCORE_MAX)
        return call_fail(call, AYNI_E_USAGE, N_("a score is a number up to 100"), NULL);
    scope->score_min = (int)score;
    scope->space = scope_space(places);
    if (scope->territory[0] == 0)
        scope->territory = NULL;
    return AYNI_OK;
}

/* --- the answer --- */

/* Who it is, by the first space that has it. */
static enum ayni_status put_child(struct ayni_control_writer *item, struct reader *reader,
                                  const struct ayni_record *record, const char *names_key,
                                  const char *date_key)
{
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER names = { 0 };
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, LIKENESS_TYPE_CHILD);
    struct record_key key;
    size_t count = 0;
    enum ayni_status status =
        reader_find(reader, record, LIKENESS_TYPE_CHILD, NULL, &key, 1, &count);

    if (status == AYNI_OK && count > 0)
        status = reader_fold(reader, &key, &state);
    if (status != AYNI_OK || count == 0)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    status = likeness_put_names(&state, &names);
    if (status != AYNI_OK)
        return status;
    ayni_control_put_string(item, names_key, ayni_buffer_bytes(&names));
    if (type != NULL)
        record_item_value(item, date_key, ayni_catalogue_field(type, LIKENESS_CHILD_BIRTH_DATE),
                          record_state_value(&state, LIKENESS_CHILD_BIRTH_DATE));
    return AYNI_OK;
}

/* `last`: there are more, and they aren't listed. */
static enum ayni_status put_duplicate(struct outbox *outbox, struct reader *reader,
                                      const struct duplicate *duplicate, bool last)
{
    struct ayni_control_writer *item = outbox_begin(outbox);
    enum ayni_status status;

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "a", &duplicate->a);
    ayni_control_put_record(item, "b", &duplicate->b);
    duplicate_item_match(item, &duplicate->match);
    status = put_child(item, reader, &duplicate->a, "a_names", "a_birth_date");
    if (status == AYNI_OK)
        status = put_child(item, reader, &duplicate->b, "b_names", "b_birth_date");
    if (duplicate->crowded)
        ayni_control_put_bool(item, "crowded", true);
    if (last)
        ayni_control_put_bool(item, "more", true);
    ayni_control_close(item);
    outbox_end(outbox);
    return status;
}

static enum ayni_status gather_page(struct daemon *daemon, const struct duplicates *duplicates,
                                    size_t end, struct outbox *outbox, size_t *at)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    while (status == AYNI_OK && *at < end && !outbox_is_full(outbox)) {
        bool last = duplicates->more && *at + 1 == duplicates->count;
        status = put_duplicate(outbox, reader, &duplicates->list[*at], last);
        ++*at;
    }
    return status;
}

static enum ayni_status send(struct daemon *daemon, struct control_call *call,
                             const struct duplicates *duplicates, int64_t limit)
{
    SCOPED_OUTBOX outbox = { 0 };
    size_t end =
        limit > 0 && (uint64_t)limit < duplicates->count ? (size_t)limit : duplicates->count;
    enum ayni_status status = AYNI_OK;

    for (size_t at = 0; status == AYNI_OK && at < end;) {
        status = gather_page(daemon, duplicates, end, &outbox, &at);
        if (status == AYNI_OK)
            status = outbox_send(&outbox, call);
    }
    return status;
}

static bool went_on(void *context, uint64_t done, uint64_t total)
{
    struct control_call *call = context;

    return call_progress(call, done, total) == AYNI_OK && !call_cancelled(call);
}

static enum ayni_status handle_duplicates(struct daemon *daemon, struct control_call *call)
{
    SCOPED_DUPLICATES duplicates = { 0 };
    const struct duplicates_listener listener = { went_on, call };
    struct duplicates_scope scope = { 0 };
    struct scope places;
    int64_t limit = 0;
    enum ayni_status status = read_scope(daemon, call, &places, &scope);

    if (status == AYNI_OK)
        status = call_int_or(call, "limit", 0, &limit);
    if (status == AYNI_OK)
        status = duplicates_find(&daemon->records, &scope, &listener, &duplicates);
    return status == AYNI_OK ? send(daemon, call, &duplicates, limit) : status;
}

/* --- duplicates.show --- */

static enum ayni_status read_child(struct control_call *call, struct reader *reader,
                                   const char *name, struct ayni_record *record)
{
    const char *id;
    enum ayni_status status = call_text(call, name, &id);

    return status == AYNI_OK ? names_record(reader, id, NULL, record, call_complaint(call))
                             : status;
}

/* How alike they are; nothing where no key holds any more. */
static enum ayni_status put_match(struct ayni_control_writer *item, struct reader *reader,
                                  const struct ayni_record pair[2])
{
    SCOPED_LIKENESS a = { 0 };
    SCOPED_LIKENESS b = { 0 };
    struct likeness_match match;
    enum ayni_status status = likeness_read(reader, &pair[0], &a);

    if (status == AYNI_OK)
        status = likeness_read(reader, &pair[1], &b);
    if (status == AYNI_OK && likeness_compare(&a.child, &b.child, &match))
        duplicate_item_match(item, &match);
    return status;
}

static enum ayni_status gather_pair(struct daemon *daemon, struct control_call *call,
                                    struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    struct ayni_record pair[2];
    bool decided = false;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = read_child(call, reader, "a", &pair[0]);
    if (status == AYNI_OK)
        status = read_child(call, reader, "b", &pair[1]);
    if (status == AYNI_OK)
        status = duplicates_decided(reader, &pair[0], &pair[1], &decided);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    status = put_match(item, reader, pair);
    ayni_control_put_bool(item, "decided", decided);
    ayni_control_close(item);
    outbox_end(outbox);
    for (size_t i = 0; status == AYNI_OK && i < 2; i++)
        status = duplicate_side_put(outbox, reader, &pair[i]);
    return status;
}

/* Two children side by side. */
static enum ayni_status handle_show(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_pair(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_duplicates_commands[] = {
    { "duplicates", handle_duplicates, CONTROL_NEED_READ },
    { "duplicates.show", handle_show, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
