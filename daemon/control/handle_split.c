/* split, unsplit: two children who were entered under one number are parted; and that is taken
 * back. */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/records/links/split.h"
#include "daemon/records/links/unsplit.h"

/* The field of a child or person, as the old record's type names it. */
struct naming {
    const struct charter *charter;
    uint32_t type;
};

static void put_fields(struct ayni_control_writer *item, const char *key,
                       const struct naming *naming, const struct split_fields *fields)
{
    record_item_field_names(item, key, naming->charter, naming->type, fields->numbers,
                            fields->count);
}

static void put_split(struct ayni_control_writer *item, const struct naming *naming,
                      const struct split_result *result, bool dry_run)
{
    ayni_control_open_object(item, NULL);
    if (dry_run)
        ayni_control_put_null(item, "id");
    else
        ayni_control_put_record(item, "id", &result->child);
    ayni_control_put_record(item, "from", &result->from);
    put_fields(item, "changed", naming, &result->changed);
    put_fields(item, "contested", naming, &result->contested);
    put_fields(item, "copied", naming, &result->copied);
    put_fields(item, "role_needed", naming, &result->role_needed);
    ayni_control_put_int(item, "moved", (int64_t)result->moved);
    ayni_control_put_int(item, "rewritten", (int64_t)result->rewritten);
    ayni_control_put_int(item, "references", (int64_t)result->references);
    ayni_control_put_int(item, "stayed", (int64_t)result->stayed);
    ayni_control_put_int(item, "mixed", (int64_t)result->mixed_count);
    ayni_control_open_array(item, "mixed_records");
    for (size_t i = 0; i < result->mixed_count && i < SPLIT_MIXED_MAX; i++)
        ayni_control_put_record(item, NULL, &result->mixed[i]);
    ayni_control_close(item);
    ayni_control_close(item);
}

/* Those of --node and the words after it. */
static enum ayni_status read_nodes(struct control_call *call, struct split_request *request,
                                   const char *nodes[SPLIT_NODES_MAX])
{
    static const char *const arguments[] = { "node", "more" };

    for (size_t i = 0; i < 2; i++) {
        const char *const *words;
        size_t count;
        enum ayni_status status = call_texts(call, arguments[i], &words, &count);
        if (status != AYNI_OK)
            return status;
        if (request->node_count + count > SPLIT_NODES_MAX)
            return call_fail(call, AYNI_E_USAGE, N_("too many nodes"), NULL);
        for (size_t j = 0; j < count; j++)
            nodes[request->node_count++] = words[j];
    }
    request->nodes = nodes;
    return AYNI_OK;
}

static enum ayni_status read_request(struct control_call *call, struct split_request *request)
{
    enum ayni_status status = call_text(call, "id", &request->id);

    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &request->space);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request->reason);
    if (status == AYNI_OK)
        status = call_flag(call, "dry_run", &request->dry_run);
    request->steward = call_steward(call);
    request->by_admin = call_by_admin(call);
    request->english = strcmp(call_language(call), "en") == 0;
    return status;
}

static enum ayni_status handle_split(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    const char *nodes[SPLIT_NODES_MAX];
    struct split_request request = { .node_count = 0 };
    struct split_result result;
    enum ayni_status status = read_request(call, &request);

    if (status == AYNI_OK)
        status = read_nodes(call, &request, nodes);
    if (status == AYNI_OK)
        status = split_record(&daemon->records, &request, &result, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct naming naming = { charter, result.type };
    put_split(outbox_begin(&outbox), &naming, &result, request.dry_run);
    outbox_end(&outbox);
    return outbox_send(&outbox, call);
}

static enum ayni_status handle_unsplit(struct daemon *daemon, struct control_call *call)
{
    struct unsplit_request request = { .steward = call_steward(call),
                                       .by_admin = call_by_admin(call),
                                       .english = strcmp(call_language(call), "en") == 0 };
    struct unsplit_result result;
    enum ayni_status status = call_text(call, "id", &request.id);

    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request.reason);
    if (status == AYNI_OK)
        status = unsplit_record(&daemon->records, &request, &result, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result.child);
    ayni_control_put_record(item, "from", &result.from);
    ayni_control_put_int(item, "restored", (int64_t)result.restored);
    ayni_control_put_int(item, "deleted", (int64_t)result.deleted);
    ayni_control_put_int(item, "stayed", (int64_t)result.kept);
    ayni_control_close(item);
    return call_send(call);
}

const struct control_command control_split_commands[] = {
    { "split", handle_split, CONTROL_NEED_REVIEW },
    { "unsplit", handle_unsplit, CONTROL_NEED_REVIEW },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
