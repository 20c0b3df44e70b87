#include "daemon/bundle/bundles.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/bundle/inbox.h"
#include "daemon/bundle/waiting.h"
#include "daemon/clock.h"
#include "daemon/records/names.h"
#include "daemon/report.h"
#include "proto/limits.h"
#include "proto/registry.h"

/* An import waits so long for another one, as a daemon begins one by itself when it starts. */
enum { WAIT_MS = 20 * 1000 };

struct bundles {
    struct bundles_options options;
    struct inbox *inbox;
    atomic_bool stop;
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t done;
    bool importing;
};

enum ayni_status bundles_open(const struct bundles_options *options, struct bundles **bundles)
{
    struct bundles *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    pthread_mutex_init(&made->mutex, NULL);
    clock_condition_init(&made->done);
    enum ayni_status status = inbox_open(options->home, &made->inbox);
    if (status != AYNI_OK) {
        bundles_close(made);
        return status;
    }
    *bundles = made;
    return AYNI_OK;
}

void bundles_stop(struct bundles *bundles)
{
    if (bundles != NULL)
        bundles->stop = true;
}

void bundles_close(struct bundles *bundles)
{
    if (bundles == NULL)
        return;
    inbox_close(bundles->inbox);
    pthread_cond_destroy(&bundles->done);
    pthread_mutex_destroy(&bundles->mutex);
    free(bundles);
}

/* --- one at a time --- */

/* Waits so long for one that runs; false where it runs on. */
static bool begin(struct bundles *bundles, uint64_t wait_ms)
{
    struct timespec end = clock_after_ms(wait_ms);
    int rc = 0;

    pthread_mutex_lock(&bundles->mutex);
    while (bundles->importing && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&bundles->done, &bundles->mutex, &end);
    bool begun = !bundles->importing;
    bundles->importing = true;
    pthread_mutex_unlock(&bundles->mutex);
    return begun;
}

static void end(struct bundles *bundles)
{
    pthread_mutex_lock(&bundles->mutex);
    bundles->importing = false;
    pthread_cond_signal(&bundles->done);
    pthread_mutex_unlock(&bundles->mutex);
}

/* An import that runs. */
struct importing {
    struct bundles *bundles;
    struct taking *taking;
    struct bundles_result *result;
    struct complaint *complaint;
};

/* --- which volumes are taken --- */

static enum ayni_status refuse_receiver(const struct importing *importing,
                                        const struct charter *charter,
                                        const struct ayni_bundle_head *head)
{
    char name[NAMES_SIZE];

    names_of_node(charter, &head->receiver, name);
    complain_hint(importing->complaint, N_("hand it on: {} alone can read it"), name, NULL);
    return complain(importing->complaint, AYNI_E_RIGHT, N_("the bundle is for {}"), name, NULL);
}

/* For inbox_receive(). */
static enum ayni_status accept_volume(void *context, const struct ayni_bundle_volume *volume)
{
    const struct importing *importing = context;
    SCOPED_CHARTER charter = standing_hold(importing->bundles->options.records->standing);
    const struct ayni_bundle_head *head = &volume->head;
    const struct ayni_member *sender = ayni_registry_member(charter->registry, &head->sender);
    char name[NAMES_SIZE];

    if (!ayni_id_equal(&head->root, &charter->root))
        return complain(importing->complaint, AYNI_E_INVALID,
                        N_("the bundle is of another federation"), NULL);
    if (!volume->readable)
        return refuse_receiver(importing, charter, head);
    if (sender == NULL || !sender->revoked)
        return AYNI_OK;
    names_of_node(charter, &head->sender, name);
    return complain(importing->complaint, AYNI_E_RIGHT, N_("the bundle's sender {} was revoked"),
                    name, NULL);
}

/* --- taking them --- */

static void add_counts(struct taking_counts *to, const struct taking_counts *more)
{
    to->stored += more->stored;
    to->held += more->held;
    to->refused += more->refused;
}

/* One that is kept; it goes where nothing of it waits. */
static enum ayni_status take(const struct importing *importing, const char *name,
                             struct taking_counts *counts)
{
    struct inbox *inbox = importing->bundles->inbox;
    struct ayni_bundle_source source;
    enum ayni_status status = inbox_open_volume(inbox, name, &source);

    if (status != AYNI_OK)
        return status;
    status = taking_volume(importing->taking, &source, counts);
    inbox_close_volume(&source);
    status = inbox_judge(inbox, name, status);
    return status == AYNI_OK && counts->waiting == 0 ? inbox_remove(inbox, name) : status;
}

static enum ayni_status check_room(const struct importing *importing)
{
    SCOPED_BUFFER names = { 0 };
    enum ayni_status status = inbox_list(importing->bundles->inbox, &names);

    if (status != AYNI_OK || names.size / INBOX_NAME_SIZE < AYNI_BUNDLES_WAITING_MAX)
        return status;
    return complain(importing->complaint, AYNI_E_LIMIT, N_("too many volumes wait already"), NULL);
}

/* The volumes that come, each as soon as it is whole. */
static enum ayni_status take_new(const struct importing *importing,
                                 const struct ayni_bundle_source *source)
{
    const struct bundles_options *options = &importing->bundles->options;
    struct inbox_reader reader = { .node = options->identity->node,
                                   .secret = options->identity->secret,
                                   .accept = accept_volume,
                                   .context = (void *)(uintptr_t)importing };
    struct taking_counts counts;
    char name[INBOX_NAME_SIZE];
    enum ayni_status status = AYNI_OK;

    SCOPED_CHARTER charter = standing_hold(options->records->standing);
    reader.root = charter->root;
    while (status == AYNI_OK) {
        status = check_room(importing);
        if (status == AYNI_OK)
            status = inbox_receive(importing->bundles->inbox, source, &reader, name);
        if (status != AYNI_OK)
            break;
        importing->result->volumes++;
        status = take(importing, name, &counts);
        if (status == AYNI_OK)
            add_counts(&importing->result->counts, &counts);
    }
    return status == AYNI_E_NOT_FOUND && importing->result->volumes > 0 ? AYNI_OK : status;
}

/* All that are kept, once. `*stored`: of what waited, now. */
static enum ayni_status take_kept(const struct importing *importing, uint64_t *stored)
{
    struct bundles_result *result = importing->result;
    SCOPED_BUFFER names = { 0 };
    struct taking_counts counts;
    enum ayni_status status = inbox_list(importing->bundles->inbox, &names);

    *stored = result->counts.waiting = result->waiting_volumes = 0;
    for (size_t at = 0; status == AYNI_OK && at < names.size; at += INBOX_NAME_SIZE) {
        status = take(importing, (const char *)names.data + at, &counts);
        if (status != AYNI_OK)
            break;
        *stored += counts.stored;
        result->counts.stored += counts.stored;
        result->counts.waiting += counts.waiting;
        result->waiting_volumes += counts.waiting > 0;
    }
    return status;
}

/* What one brings may be what another waits for. `source` is NULL where none comes. */
static enum ayni_status take_all(const struct importing *importing,
                                 const struct ayni_bundle_source *source)
{
    uint64_t stored = 1;
    enum ayni_status received = source == NULL ? AYNI_OK : take_new(importing, source);
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && stored > 0)
        status = take_kept(importing, &stored);
    return received == AYNI_OK ? status : received;
}

static enum ayni_status run(struct bundles *bundles, const struct ayni_bundle_source *source,
                            const struct store_listener *listener, struct bundles_result *result,
                            struct complaint *complaint)
{
    struct importing importing = { .bundles = bundles, .result = result, .complaint = complaint };
    struct taking_options options = { .records = bundles->options.records,
                                      .federation = bundles->options.federation,
                                      .identity = bundles->options.identity,
                                      .stop = &bundles->stop,
                                      .listener = listener,
                                      .fork_found = bundles->options.fork_found,
                                      .context = bundles->options.context };
    enum ayni_status status = taking_begin(&options, &importing.taking);

    if (status != AYNI_OK)
        return status;
    status = take_all(&importing, source);
    if (status == AYNI_OK)
        status = taking_settle(importing.taking);
    taking_end(importing.taking);
    return status;
}

static void tell(const struct bundles_result *result, enum ayni_status status)
{
    report(REPORT_INFO, "bundle_imported",
           "status=%s volumes=%" PRIu64 " stored=%" PRIu64 " held=%" PRIu64 " waiting=%" PRIu64
           " refused=%" PRIu64,
           ayni_status_name(status), result->volumes, result->counts.stored, result->counts.held,
           result->counts.waiting, result->counts.refused);
}

enum ayni_status bundles_import(struct bundles *bundles, const struct ayni_bundle_source *source,
                                const struct store_listener *listener,
                                struct bundles_result *result, struct complaint *complaint)
{
    struct bundles_result made = { 0 };

    if (!begin(bundles, WAIT_MS))
        return complain(complaint, AYNI_E_BUSY, N_("another bundle is being imported"), NULL);
    enum ayni_status status = run(bundles, source, listener, &made, complaint);
    end(bundles);
    tell(&made, status);
    if (status == AYNI_OK)
        *result = made;
    return status;
}

static enum ayni_status has_kept(struct bundles *bundles, bool *has)
{
    SCOPED_BUFFER names = { 0 };
    enum ayni_status status = inbox_list(bundles->inbox, &names);

    *has = names.size > 0;
    return status;
}

enum ayni_status bundles_resume(struct bundles *bundles)
{
    struct bundles_result made = { 0 };
    struct complaint complaint = { 0 };
    bool has = false;

    if (!begin(bundles, 0))
        return AYNI_OK;
    enum ayni_status status = has_kept(bundles, &has);
    if (status == AYNI_OK && has)
        status = run(bundles, NULL, NULL, &made, &complaint);
    end(bundles);
    if (made.counts.stored > 0)
        tell(&made, status);
    return status;
}

enum ayni_status bundles_waiting_spaces(struct bundles *bundles, struct ayni_buffer *spaces)
{
    return waiting_spaces(bundles->inbox, bundles->options.identity, spaces);
}

enum ayni_status bundles_give_up(struct bundles *bundles, struct ayni_bytes spaces)
{
    enum ayni_status status = bundles_resume(bundles);

    if (status != AYNI_OK)
        return status;
    if (!begin(bundles, 0))
        return AYNI_E_BUSY;
    status = waiting_give_up(bundles->inbox, bundles->options.identity, spaces);
    end(bundles);
    return status;
}
