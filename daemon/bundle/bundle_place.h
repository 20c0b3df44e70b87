#ifndef AYNI_DAEMON_BUNDLE_BUNDLE_PLACE_H
#define AYNI_DAEMON_BUNDLE_BUNDLE_PLACE_H

#include "daemon/store/log.h"
#include "proto/bundle_item.h"

/* How runs of a bundle stand to what the log holds of their feed, or segment. */
struct bundle_place {
    enum {
        BUNDLE_PLACE_FOLLOWS, /* they may continue it, or what is on its way into it */
        BUNDLE_PLACE_HELD,    /* all of them are there */
        BUNDLE_PLACE_WAITS,   /* for the proof of a fork by which their segment is known */
        BUNDLE_PLACE_OTHER,   /* they are of another history, or of nothing that there is */
    } is;
    bool first;     /* nothing of their feed was known */
    uint64_t count; /* entries that they are */
    uint64_t held;  /* up to where the feed or segment is held */
};

/* Of runs that were verified as they stand. AYNI_E_MALFORMED, AYNI_E_LIMIT where they weren't;
 * AYNI_E_IO. */
AYNI_CHECKED enum ayni_status bundle_place_find(struct log_store *log, const struct ayni_node *root,
                                                const struct ayni_bundle_runs *runs,
                                                struct bundle_place *place);
/* How many entries they are; fails likewise. */
AYNI_CHECKED enum ayni_status bundle_place_count(const struct ayni_bundle_runs *runs,
                                                 uint64_t *count);

#endif
