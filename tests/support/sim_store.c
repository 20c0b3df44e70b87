#include "tests/support/sim_store.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "daemon/net/batch.h"
#include "daemon/report.h"
#include "proto/limits.h"

enum { MAP_SIZE = 256 * 1024 };

/* --- the folder --- */

static void path_of(const struct sim_store *store, const char *name, char *path, size_t size)
{
    test_folder_path(&store->folder, name, path, size);
}

struct sim_store *sim_store_new(const struct ayni_node *root, const struct ayni_node *self,
                                void (*tell)(void *context, struct ayni_sync_event *event),
                                void *context)
{
    struct sim_store *store = calloc(1, sizeof(*store));

    report_set_level(REPORT_NOTHING);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that can't grow is an error, and no signal */
    test_folder_make(&store->folder);
    store->root = *root;
    store->self = *self;
    store->heads = (struct head_teller){ .tell = tell, .context = context };
    return store;
}

void sim_store_free(struct sim_store *store)
{
    if (store == NULL)
        return;
    sim_store_close(store);
    test_folder_remove(&store->folder);
    free(store->forked);
    free(store);
}

/* Whoever wrote it elsewhere, the simulator knows. */
static enum ayni_status own_came(void *context, const struct ayni_feed *feed,
                                 const struct ayni_feed_descriptor *descriptor)
{
    (void)context, (void)feed, (void)descriptor;
    return AYNI_OK;
}

static void wake(void *context)
{
    (void)context; /* what is done is asked for */
}

static void renew(struct sim_store *store)
{
    struct log_txn *txn;

    if (log_txn_begin(store->log, &txn) != AYNI_OK || log_txn_renew_instance(txn) != AYNI_OK ||
        log_txn_commit(txn) != AYNI_OK)
        abort();
    store->renews = false;
}

void sim_store_open(struct sim_store *store)
{
    char path[512], why[256];
    struct log_options options = { path, MAP_SIZE };

    path_of(store, "log", path, sizeof(path));
    if (log_store_open(&options, &store->log, why, sizeof(why)) != AYNI_OK) {
        fprintf(stderr, "%s: %s\n", path, why);
        abort();
    }
    if (store->renews)
        renew(store);
    struct intake_options intake = { .log = store->log,
                                     .root = store->root,
                                     .self = store->self,
                                     .own_came = own_came,
                                     .wake = wake };
    store->heads.log = store->log;
    if (log_writer_new(store->log, NULL, &store->writer) != AYNI_OK)
        abort();
    intake.writer = store->writer;
    if (intake_new(&intake, &store->intake) != AYNI_OK)
        abort();
}

void sim_store_close(struct sim_store *store)
{
    if (store->log == NULL)
        return;
    intake_free(store->intake);
    log_writer_free(store->writer);
    log_store_close(store->log);
    store->log = NULL;
    store->forked_count = 0;
}

/* --- the engine is told --- */

void sim_store_tell_all(struct sim_store *store)
{
    if (head_teller_tell_all(&store->heads) != AYNI_OK)
        abort();
}

void sim_store_tell(struct sim_store *store)
{
    head_teller_tell_moved(&store->heads);
    for (size_t i = 0; i < store->forked_count; i++)
        head_teller_tell_fork(&store->heads, &store->forked[i]);
    store->forked_count = 0;
}

static void has_forked(struct sim_store *store, const struct ayni_feed *feed)
{
    store->forked = realloc(store->forked, (store->forked_count + 1) * sizeof(*feed));
    store->forked[store->forked_count++] = *feed;
}

/* --- what comes --- */

/* From now on the file may not grow; or it may again. */
static void limit_file(const struct sim_store *store, bool full)
{
    struct rlimit limit;
    struct log_space space;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || log_measure(store->log, &space) != AYNI_OK)
        abort();
    limit.rlim_cur = full ? (rlim_t)space.file_bytes : limit.rlim_max;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        abort();
}

enum ayni_status sim_store_take(struct sim_store *store, enum ayni_sync_action_type type,
                                const struct ayni_sync_store *batch, bool full)
{
    struct intake_result result = { .status = AYNI_E_IO };
    enum ayni_status status = type == AYNI_SYNC_FORK ? intake_take_fork(store->intake, batch)
                                                     : intake_take(store->intake, batch);

    if (status != AYNI_OK)
        return status;
    if (full)
        limit_file(store, true);
    log_writer_turn(store->writer);
    if (full)
        limit_file(store, false);
    if (!intake_next(store->intake, &result))
        abort();
    if (result.status == AYNI_OK && result.is_fork)
        has_forked(store, &result.feed);
    return result.status;
}

void sim_store_tear(struct sim_store *store, const struct ayni_sync_store *from)
{
    struct ayni_feed feed = ayni_feed_of(&store->root, &from->descriptor);
    struct ayni_head head = { 0, ayni_chain_start(&feed) };
    struct ayni_instant last_time = { 0 };
    struct log_segment segment;
    struct batch *batch;
    struct log_txn *txn;

    if (log_txn_begin(store->log, &txn) != AYNI_OK ||
        batch_new(from, &store->root, &batch) != AYNI_OK)
        abort();
    if (log_find_segment(log_txn_snapshot(txn), &from->feed, &segment) == AYNI_OK) {
        head = segment.head;
        last_time = segment.last_time;
    }
    if (from->from <= head.seq &&
        batch_verify(batch, head.seq - from->from, &head, &last_time) == AYNI_OK)
        (void)!batch_store(&batch->job, txn);
    batch_free(batch);
    log_txn_abort(txn);
}

/* --- what the node itself puts --- */

struct put {
    struct log_job job;
    const struct sim_feed *feed; /* its last run; or */
    const struct ayni_fork_proof *proof;
    struct ayni_bytes bytes; /* of the proof; or */
    const struct sim_change *change;
};

static enum ayni_status put_run(struct log_job *job, struct log_txn *txn)
{
    const struct sim_feed *feed = ((const struct put *)job)->feed;
    const struct sim_run *run = feed->runs[feed->run_count - 1];
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content = { .entries = room };
    struct log_feed stored;
    size_t used;

    if (ayni_run_read(ayni_buffer_bytes(&run->bytes), &used, &content) != AYNI_OK)
        abort();
    enum ayni_status status = log_txn_feed(txn, &feed->id, &feed->descriptor, &stored);
    return status != AYNI_OK ? status
                             : log_txn_append(txn, stored.no, &run->before, &content, run->chains,
                                              &run->after, run->last_time);
}

static enum ayni_status put_proof(struct log_job *job, struct log_txn *txn)
{
    const struct put *put = (const struct put *)job;
    const struct ayni_instant now = { 1 };

    enum ayni_status status = log_txn_put_fork(txn, put->proof, put->bytes, now);
    return status == AYNI_E_EXISTS ? AYNI_OK : status;
}

/* The history that keeps the entry under its own number. */
static enum ayni_status find_keeper(struct log_txn *txn, const struct sim_change *change,
                                    struct log_feed *history)
{
    struct ayni_hash chain;

    if (!sim_log_chain(change->history, change->seq, &chain))
        abort();
    enum ayni_status status =
        log_find_history(log_txn_snapshot(txn), &change->history->id, change->seq,
                         (struct ayni_bytes){ chain.bytes, sizeof(chain.bytes) }, history);
    while (status == AYNI_OK && history->first > change->seq)
        status = log_get_feed(log_txn_snapshot(txn), history->parent, history);
    return status;
}

static enum ayni_status change_payload(struct log_job *job, struct log_txn *txn)
{
    const struct sim_change *change = ((const struct put *)job)->change;
    const struct ayni_instant now = { 1 };
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct log_feed history;
    struct ayni_run run;

    enum ayni_status status = find_keeper(txn, change, &history);
    if (status != AYNI_OK)
        return status;
    const struct ayni_entry *entry = sim_feed_entry(change->history, change->seq, room, &run);
    if (entry->hollow != AYNI_HOLLOW_NONE)
        status =
            log_txn_drop(txn, history.no, change->seq, entry->hollow, (struct ayni_bytes){ 0 });
    else
        status = log_txn_fill(txn, history.no, change->seq, entry->payload, now);
    return status == AYNI_E_EXISTS ? AYNI_OK : status;
}

static void do_put(struct sim_store *store, struct put *put)
{
    if (log_writer_submit(store->writer, &put->job) != AYNI_OK)
        abort();
    log_writer_turn(store->writer);
    if (put->job.status != AYNI_OK)
        fprintf(stderr, "%s\n", ayni_status_name(put->job.status));
    assert(put->job.status == AYNI_OK);
}

void sim_store_write(struct sim_store *store, const struct sim_feed *feed)
{
    struct put put = { .job = { .run = put_run }, .feed = feed };

    do_put(store, &put);
}

void sim_store_put_fork(struct sim_store *store, const struct ayni_fork_proof *proof,
                        struct ayni_bytes bytes)
{
    struct put put = { .job = { .run = put_proof }, .proof = proof, .bytes = bytes };

    do_put(store, &put);
    has_forked(store, &proof->feed);
}

void sim_store_change(struct sim_store *store, const struct sim_change *change)
{
    struct put put = { .job = { .run = change_payload }, .change = change };

    do_put(store, &put);
}

/* --- copies --- */

static void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    uint8_t room[65536];

    if (in == NULL || out == NULL)
        abort();
    for (size_t size; (size = fread(room, 1, sizeof(room), in)) > 0;)
        if (fwrite(room, 1, size, out) != size)
            abort();
    if (ferror(in) || fclose(out) != 0)
        abort();
    fclose(in);
}

/* What LMDB keeps beside the data are locks. */
static void copy_log(const struct sim_store *store, const char *from, const char *to)
{
    char source[512], target[512];

    path_of(store, from, source, sizeof(source));
    path_of(store, to, target, sizeof(target));
    copy_file(source, target);
}

void sim_store_copy(struct sim_store *store)
{
    copy_log(store, "log/data.mdb", "copy");
    store->has_copy = true;
}

void sim_store_put_back(struct sim_store *store)
{
    assert(store->log == NULL && store->has_copy);
    copy_log(store, "copy", "log/data.mdb");
}
