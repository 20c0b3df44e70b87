/* proof, verify, rebuild. */
#include "daemon/control/commands.h"
#include "daemon/control/named_item.h"
#include "daemon/control/outbox.h"
#include "daemon/control/scope.h"
#include "daemon/daemon.h"
#include "daemon/records/audit.h"
#include "daemon/records/prove.h"
#include "daemon/records/tables.h"

/* --- proof --- */

static enum ayni_status put_proof(struct outbox *outbox, struct reader *reader,
                                  const struct record_state *state)
{
    const struct ayni_fold_item *newest = record_state_newest(state);
    size_t index = (size_t)(newest - state->items);
    struct ayni_control_writer *item;
    SCOPED_BUFFER proof = { 0 }, text = { 0 };
    enum ayni_status status = prove_entry(reader, state->versions[index].feed, newest->seq, &proof);

    if (status != AYNI_OK)
        return status;
    ayni_base32_append(&text, ayni_buffer_bytes(&proof));
    item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &state->key.record);
    ayni_control_put_node(item, "node", &newest->node);
    ayni_control_put_int(item, "seq", (int64_t)newest->seq);
    ayni_control_put_string(item, "proof", ayni_buffer_bytes(&text));
    ayni_control_close(item);
    outbox_end(outbox);
    return ayni_buffer_status(&text);
}

static enum ayni_status gather_proof(struct daemon *daemon, struct control_call *call,
                                     struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct record_key key;
    char text[AYNI_RECORD_TEXT_SIZE];
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = scope_record(call, reader, &key);
    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    if (status != AYNI_OK)
        return status;
    if (record_state_newest(&state) != NULL)
        return put_proof(outbox, reader, &state);
    ayni_record_text(&key.record, text);
    return call_fail(call, AYNI_E_NOT_FOUND, N_("no version of {} counts"), text, NULL);
}

static enum ayni_status handle_proof(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_proof(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

/* --- verify --- */

struct verifying {
    struct control_call *call;
    const struct charter *charter;
    struct ayni_buffer failures; /* struct audit_failure */
};

static void keep_failure(void *context, const struct audit_failure *failure)
{
    struct verifying *verifying = context;

    ayni_buffer_append(&verifying->failures, failure, sizeof(*failure));
}

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    struct verifying *verifying = context;

    return call_progress(verifying->call, done, total) == AYNI_OK &&
           !call_cancelled(verifying->call);
}

static void put_failure(struct ayni_control_writer *item, const struct charter *charter,
                        const struct audit_failure *failure)
{
    ayni_control_open_object(item, NULL);
    ayni_control_put_hash(item, "feed",
                          (struct ayni_bytes){ failure->feed.id.bytes, sizeof(failure->feed.id) });
    ayni_control_put_node(item, "node", &failure->feed.descriptor.node);
    named_item_space(item, charter, &failure->feed.descriptor.space);
    ayni_control_put_int(item, "seq", (int64_t)failure->seq);
    ayni_control_put_text(item, "reason", ayni_status_name(failure->reason));
    ayni_control_close(item);
}

static enum ayni_status send_audit(struct verifying *verifying, const struct audit_counts *counts)
{
    const struct audit_failure *failures = (const struct audit_failure *)verifying->failures.data;
    struct ayni_control_writer *item = call_item(verifying->call);
    enum ayni_status status;

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "ok", counts->failures == 0);
    ayni_control_put_int(item, "feeds", (int64_t)counts->feeds);
    ayni_control_put_int(item, "entries", (int64_t)counts->entries);
    ayni_control_put_int(item, "seals", (int64_t)counts->seals);
    ayni_control_open_array(item, "failures");
    for (size_t i = 0; i < verifying->failures.size / sizeof(*failures); i++)
        put_failure(item, verifying->charter, &failures[i]);
    ayni_control_close(item);
    ayni_control_close(item);
    status = call_send(verifying->call);
    return status == AYNI_OK && counts->failures > 0 ? call_answer_no(verifying->call) : status;
}

static enum ayni_status handle_verify(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct verifying verifying = { .call = call, .charter = charter };
    struct audit_listener listener = { .context = &verifying,
                                       .failed = keep_failure,
                                       .progress = show_progress };
    struct audit_counts counts;
    bool full;
    enum ayni_status status = call_flag(call, "full", &full);

    if (status == AYNI_OK)
        status = audit_run(&daemon->records, full, &listener, &counts);
    if (status == AYNI_OK)
        status = send_audit(&verifying, &counts);
    ayni_buffer_free(&verifying.failures);
    return status;
}

/* --- rebuild --- */

static bool show_rebuilding(void *context, uint64_t done, uint64_t total)
{
    struct control_call *call = context;

    return call_progress(call, done, total) == AYNI_OK && !call_cancelled(call);
}

static enum ayni_status rebuild(struct daemon *daemon, struct control_call *call)
{
    const struct store_listener listener = { call, show_rebuilding };
    enum ayni_status status = projector_rebuild(daemon->records.projector, &listener);

    if (status == AYNI_E_FULL) {
        (void)call_fail(call, status, N_("there is no room on the disk for derived data anew"),
                        NULL);
        call_hint(call,
                  N_("make room for as much as views/ takes there; what is there is still "
                     "good"),
                  NULL);
    } else if (status == AYNI_E_BUSY) {
        (void)call_fail(call, status, N_("it is being rebuilt already, or read for too long"),
                        NULL);
        call_hint(call, N_("try again in a while"), NULL);
    }
    return status;
}

static enum ayni_status count_all(struct daemon *daemon, uint64_t *records, uint64_t *entries)
{
    SCOPED_READER *reader = NULL;
    struct log_space space;
    enum ayni_status status = log_measure(daemon->log, &space);

    if (status == AYNI_OK)
        status = reader_begin(&daemon->records, &reader);
    if (status != AYNI_OK)
        return status;
    *entries = space.entries;
    return views_count(reader_views(reader), RECORDS_TABLE_RECORDS, records);
}

static enum ayni_status handle_rebuild(struct daemon *daemon, struct control_call *call)
{
    struct ayni_control_writer *item;
    uint64_t records, entries;
    enum ayni_status status = rebuild(daemon, call);

    if (status == AYNI_OK)
        status = count_all(daemon, &records, &entries);
    if (status != AYNI_OK)
        return status;
    item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_int(item, "records", (int64_t)records);
    ayni_control_put_int(item, "entries", (int64_t)entries);
    ayni_control_close(item);
    return call_send(call);
}

const struct control_command control_upkeep_commands[] = {
    { "proof", handle_proof, CONTROL_NEED_READ },
    { "verify", handle_verify, CONTROL_NEED_LOOK },
    { "rebuild", handle_rebuild, CONTROL_NEED_TEND },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
