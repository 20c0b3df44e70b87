/* Runs of a bundle: whether they are taken, and into which history of their feed they go. */
#include "daemon/bundle/bundle_place.h"
#include "daemon/bundle/taking_private.h"
#include "proto/limits.h"

/* Where what is under way, or a fork that is proven, may change the answer, it is looked at again.
 */
enum { LOOKS_MAX = 4 };

/* --- whether they are taken --- */

/* If need be after what this bundle has brought. */
static enum ayni_status admit(struct taking *taking, const struct ayni_feed_descriptor *descriptor,
                              bool *admitted)
{
    enum ayni_status status = AYNI_OK;

    *admitted = rights_admit(&taking->rights, descriptor);
    if (*admitted)
        return AYNI_OK;
    status = taking_drain(taking);
    if (status == AYNI_OK && taking->rights.registry_moved) {
        status = rights_renew(&taking->rights);
        *admitted = rights_admit(&taking->rights, descriptor);
    }
    return status;
}

/* Whether so many more feeds of the author would be too many; those that are on their way into the
 * log count, too. */
static enum ayni_status check_quota(const struct taking *taking,
                                    const struct ayni_feed_descriptor *descriptor, size_t more,
                                    bool *used_up)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    const struct under_way *sent = (const struct under_way *)taking->sent.data;
    size_t count = 0;
    enum ayni_status status = log_snapshot_begin(taking->options.records->log, &snapshot);

    if (status == AYNI_OK)
        status = rights_count_feeds(snapshot, descriptor, &count);
    for (size_t i = 0; i < taking->sent.size / sizeof(*sent); i++)
        count += sent[i].first && rights_are_alike(&sent[i].descriptor, descriptor);
    *used_up = count + more > AYNI_FEEDS_PER_AUTHOR_MAX;
    return status;
}

/* --- where they belong --- */

static enum ayni_status note_sent(struct taking *taking, const struct ayni_bundle_runs *runs,
                                  bool first, uint64_t entries, uint64_t *number)
{
    struct under_way sent = { runs->descriptor, first, entries };

    *number = taking->sent.size / sizeof(sent);
    ayni_buffer_append(&taking->sent, &sent, sizeof(sent));
    return ayni_buffer_status(&taking->sent);
}

static enum ayni_status hand_over(struct taking *taking, const struct ayni_bundle_runs *runs,
                                  const struct bundle_place *place)
{
    uint64_t skipped = place->held > runs->from.seq ? place->held - runs->from.seq : 0;
    struct ayni_sync_store batch = {
        .feed = place->segment,
        .descriptor = runs->descriptor,
        .from = runs->from.seq,
        .runs = runs->runs,
    };
    enum ayni_status status =
        note_sent(taking, runs, place->first, place->count - skipped, &batch.number);

    if (status == AYNI_OK)
        status = intake_take(taking->intake, &batch);
    if (status == AYNI_OK) {
        taking->counts->held += skipped;
        taking->handed++;
    }
    return status;
}

/* The proof comes first; then the branch is known, and they go into it. */
static enum ayni_status prove_fork(struct taking *taking, const struct ayni_bundle_runs *runs,
                                   const struct bundle_place *place)
{
    SCOPED_BUFFER run = { 0 };
    struct ayni_sync_store evidence = {
        .feed = place->segment,
        .descriptor = runs->descriptor,
        .from = place->held,
    };
    enum ayni_status status = bundle_place_evidence(runs, place, &run);

    evidence.runs = ayni_buffer_bytes(&run);
    if (status == AYNI_OK)
        status = note_sent(taking, runs, false, 0, &evidence.number);
    if (status == AYNI_OK)
        status = intake_take_fork(taking->intake, &evidence);
    if (status != AYNI_OK)
        return status;
    taking->handed++;
    return taking_drain(taking);
}

/* What they would make anew: a feed; or the two branches after a fork. */
static enum ayni_status refuse_too_many(const struct taking *taking,
                                        const struct ayni_bundle_runs *runs,
                                        struct bundle_place *place)
{
    bool is_fork = place->is == BUNDLE_PLACE_FORKS, used_up = false;
    enum ayni_status status = AYNI_OK;

    if (is_fork || (place->is == BUNDLE_PLACE_FOLLOWS && place->first))
        status = check_quota(taking, &runs->descriptor, is_fork ? 2 : 1, &used_up);
    if (used_up)
        place->is = BUNDLE_PLACE_OTHER;
    return status;
}

/* One look at the log: `*again` where another one may find more. */
static enum ayni_status look(struct taking *taking, const struct ayni_bundle_runs *runs,
                             struct bundle_place *place, bool *again)
{
    bool under_way = taking->sent.size > 0;
    enum ayni_status status =
        bundle_place_find(taking->options.records->log, &taking->rights.charter->root, runs, place);

    *again = false;
    if (status == AYNI_OK)
        status = refuse_too_many(taking, runs, place);
    if (status != AYNI_OK)
        return status;
    *again = place->is == BUNDLE_PLACE_FORKS || (place->is == BUNDLE_PLACE_WAITS && under_way);
    if (place->is == BUNDLE_PLACE_FOLLOWS) {
        status = hand_over(taking, runs, place);
        /* It was verified as it stands: the feed goes on otherwise with what is under way. */
        *again = under_way && (status == AYNI_E_SIGNATURE || status == AYNI_E_INVALID);
    }
    if (!*again)
        return status;
    return place->is == BUNDLE_PLACE_FORKS ? prove_fork(taking, runs, place) : taking_drain(taking);
}

static enum ayni_status place_runs(struct taking *taking, const struct ayni_bundle_runs *runs)
{
    struct bundle_place place = { .is = BUNDLE_PLACE_OTHER };
    enum ayni_status status = AYNI_OK;
    bool again = true;

    for (int i = 0; status == AYNI_OK && again && i < LOOKS_MAX; i++)
        status = look(taking, runs, &place, &again);
    switch (status) {
    case AYNI_OK:
        taking->counts->held += place.is == BUNDLE_PLACE_HELD ? place.count : 0;
        taking->counts->refused += place.is == BUNDLE_PLACE_OTHER ? place.count : 0;
        taking->counts->waiting += place.is == BUNDLE_PLACE_WAITS || again ? place.count : 0;
        return AYNI_OK;
    case AYNI_E_CHAIN:
        taking->counts->waiting += place.count;
        return AYNI_OK;
    case AYNI_E_SIGNATURE:
    case AYNI_E_INVALID:
        taking->counts->refused += place.count;
        return AYNI_OK;
    default:
        return status;
    }
}

enum ayni_status taking_runs(struct taking *taking, const struct ayni_bundle_runs *runs)
{
    uint64_t count;
    bool admitted;
    enum ayni_status status = admit(taking, &runs->descriptor, &admitted);

    if (status == AYNI_OK && admitted)
        return place_runs(taking, runs);
    if (status == AYNI_OK)
        status = bundle_place_count(runs, &count);
    if (status == AYNI_OK)
        taking->counts->waiting += count;
    return status;
}
