#ifndef AYNI_DAEMON_BUNDLE_BUNDLE_PLACE_H
#define AYNI_DAEMON_BUNDLE_BUNDLE_PLACE_H

#include "daemon/store/log.h"
#include "proto/bundle_item.h"

/* How runs of a bundle stand to what the log holds of their feed. */
struct bundle_place {
    enum {
        BUNDLE_PLACE_FOLLOWS, /* they may continue `segment`, or what is on its way into it */
        BUNDLE_PLACE_HELD,    /* all of them are there */
        BUNDLE_PLACE_WAITS,   /* for what comes before them */
        BUNDLE_PLACE_FORKS,   /* they leave `segment` for a history that nobody has told of */
        BUNDLE_PLACE_OTHER,   /* they are of nothing that there is */
    } is;
    struct ayni_feed segment; /* of the feed, as peers name it */
    bool first;               /* nothing of their feed was known */
    uint64_t count;           /* entries that they are */
    uint64_t held; /* seq up to which the log has them, or the segment, if it is further */
};

/* Of runs that were verified as they stand. AYNI_E_MALFORMED, AYNI_E_LIMIT where they weren't;
 * AYNI_E_IO. */
AYNI_CHECKED enum ayni_status bundle_place_find(struct log_store *log, const struct ayni_node *root,
                                                const struct ayni_bundle_runs *runs,
                                                struct bundle_place *place);
/* How many entries they are; fails likewise. */
AYNI_CHECKED enum ayni_status bundle_place_count(const struct ayni_bundle_runs *runs,
                                                 uint64_t *count);
/*
 * Of runs that fork: what is left of the run in which they do, from the first
 * different entry on, which shows it (daemon/net/fork_evidence.h). Appends.
 */
AYNI_CHECKED enum ayni_status bundle_place_evidence(const struct ayni_bundle_runs *runs,
                                                    const struct bundle_place *place,
                                                    struct ayni_buffer *run);

#endif
