#include "daemon/records/erasure/drop.h"

#include <string.h>

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/sealed.h"

/* One commit's worth: a drop rewrites a page or two. */
enum { DROPS_MAX = 2000 };

struct drop {
    struct version_ref ref;
    uint8_t reason; /* enum ayni_hollow */
};

struct drop_job {
    struct log_job job; /* first */
    const struct epoch_keys *epoch_keys;
    const struct drop *drops;
    size_t count;
    bool caught_up;
};

static bool is_drop(struct ayni_bytes key, struct ayni_bytes value)
{
    return key.size == VERSION_REF_SIZE && value.size == 1 &&
           (value.data[0] == AYNI_HOLLOW_ERASED || value.data[0] == AYNI_HOLLOW_LOST);
}

/* `wrong` gets the key of a row that is none: what damage left. */
static enum ayni_status read_drops(struct views_snapshot *views, struct ayni_buffer *drops,
                                   struct ayni_buffer *wrong)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    struct drop drop;

    views_cursor_open(views, RECORDS_TABLE_DROPS, (struct ayni_bytes){ 0 }, &cursor);
    while (drops->size < DROPS_MAX * sizeof(drop) && views_cursor_next(&cursor, &key, &value)) {
        if (!is_drop(key, value)) {
            ayni_buffer_clear(wrong);
            ayni_buffer_append(wrong, key.data, key.size);
            continue;
        }
        memset(&drop, 0, sizeof(drop));
        drop.ref = version_ref_decode(key.data);
        drop.reason = value.data[0];
        ayni_buffer_append(drops, &drop, sizeof(drop));
    }
    if (cursor.status != AYNI_OK)
        return cursor.status;
    return wrong->failed ? AYNI_E_MEMORY : ayni_buffer_status(drops);
}

/* --- the log --- */

/* What is to be known of it later. Of what was no version, or can't be read, nothing is. */
static enum ayni_status keep(const struct epoch_keys *keys, const struct log_feed *feed,
                             const struct ayni_entry *entry, struct ayni_buffer *kept)
{
    SCOPED_BUFFER room = { 0 };
    struct ayni_version version = { 0 };
    struct ayni_bytes plain;
    enum ayni_status status = payload_open(keys, feed, entry->kind, entry->payload, &room, &plain);

    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    status = ayni_version_decode(plain, &version);
    if (status == AYNI_E_MEMORY)
        return status;
    if (status == AYNI_OK || ayni_version_peek(plain, &version.record, &version.type) == AYNI_OK)
        erasure_stub_encode(&version, kept);
    if (status == AYNI_OK)
        ayni_version_free(&version);
    return ayni_buffer_status(kept);
}

static enum ayni_status make_hollow(struct log_txn *txn, const struct drop *drop,
                                    const struct drop_job *of)
{
    SCOPED_BUFFER kept = { 0 };
    struct log_entry entry;
    struct log_feed feed;
    enum ayni_status status =
        log_get_entry(log_txn_snapshot(txn), drop->ref.feed, drop->ref.seq, &entry);

    if (status == AYNI_OK)
        status = log_get_feed(log_txn_snapshot(txn), drop->ref.feed, &feed);
    if (status != AYNI_OK)
        return status;
    if (drop->reason != AYNI_HOLLOW_ERASED && !of->caught_up)
        return AYNI_E_EXISTS;
    if (entry.entry.hollow != AYNI_HOLLOW_NONE)
        return log_txn_set_reason(txn, drop->ref.feed, drop->ref.seq, drop->reason);
    if (drop->reason != AYNI_HOLLOW_ERASED)
        return AYNI_E_EXISTS; /* its payload has come again */
    status = keep(of->epoch_keys, &feed, &entry.entry, &kept);
    return status == AYNI_OK ? log_txn_drop(txn, drop->ref.feed, drop->ref.seq, drop->reason,
                                            ayni_buffer_bytes(&kept))
                             : status;
}

static enum ayni_status make_all_hollow(struct log_job *job, struct log_txn *txn)
{
    const struct drop_job *drops = (const struct drop_job *)job;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < drops->count; i++) {
        status = make_hollow(txn, &drops->drops[i], drops);
        if (status == AYNI_E_EXISTS || status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    return status;
}

enum ayni_status drops_run(struct views *views, struct log_writer *writer,
                           const struct epoch_keys *keys, bool caught_up)
{
    SCOPED_BUFFER drops = { 0 }, wrong = { 0 };
    struct views_snapshot *snapshot;
    enum ayni_status status = views_snapshot_begin(views, &snapshot);

    if (status != AYNI_OK)
        return status;
    status = read_drops(snapshot, &drops, &wrong);
    views_snapshot_end(snapshot);
    struct drop_job job = { { .run = make_all_hollow, .urgent = true },
                            keys,
                            (const struct drop *)drops.data,
                            drops.size / sizeof(struct drop),
                            caught_up };
    return status == AYNI_OK && job.count > 0 ? log_writer_run(writer, &job.job) : status;
}

/* --- views/ --- */

/* Whether the log says so, or has nothing to say of it: what is lost isn't, where it has come
 * again.
 */
static bool is_settled(const struct drop *drop, const struct log_entry *entry)
{
    return entry->entry.hollow == drop->reason ||
           (drop->reason == AYNI_HOLLOW_LOST && entry->entry.hollow == AYNI_HOLLOW_NONE);
}

enum ayni_status drops_settle(struct views_txn *txn, struct log_snapshot *log)
{
    SCOPED_BUFFER list = { 0 }, wrong = { 0 };
    enum ayni_status status = read_drops(views_txn_snapshot(txn), &list, &wrong);
    const struct drop *drops = (const struct drop *)list.data;

    if (status == AYNI_OK && wrong.size > 0)
        status = views_delete(txn, RECORDS_TABLE_DROPS, ayni_buffer_bytes(&wrong));
    for (size_t i = 0; status == AYNI_OK && i < list.size / sizeof(*drops); i++) {
        uint8_t key[VERSION_REF_SIZE];
        struct log_entry entry;
        status = log_get_entry(log, drops[i].ref.feed, drops[i].ref.seq, &entry);
        if (status == AYNI_OK ? !is_settled(&drops[i], &entry) : status != AYNI_E_NOT_FOUND)
            continue;
        version_ref_encode(&drops[i].ref, key);
        status = views_delete(txn, RECORDS_TABLE_DROPS, (struct ayni_bytes){ key, sizeof(key) });
        if (status == AYNI_OK)
            status = sealed_remove(txn, &drops[i].ref);
    }
    return status;
}
