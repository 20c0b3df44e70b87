#ifndef AYNI_DAEMON_BUNDLE_BUNDLES_H
#define AYNI_DAEMON_BUNDLE_BUNDLES_H

#include "daemon/bundle/taking.h"
#include "daemon/records/complaint.h"

/*
 * Bundles that come in: volumes are kept in the home first, then taken into
 * the log, and what can't be taken yet stays and is tried again whenever
 * another one comes, or the registry changes. One at a time; any thread. docs/protocol.md,
 * section 6.3.
 */
struct bundles;

/* Spaces are handed over as struct ayni_space, ascending, each once. */

struct bundles_options {
    const char *home;
    const struct identity *identity;
    struct federation *federation;
    const struct records *records;
    /* A bundle has shown that a feed forked, and the log has the proof. */
    void (*fork_found)(void *context, const struct ayni_feed *feed);
    void *context;
}; /* all lent */
AYNI_CHECKED enum ayni_status bundles_open(const struct bundles_options *options,
                                           struct bundles **bundles);
/* What runs is given up: it goes on after the next start. NULL is fine. */
void bundles_stop(struct bundles *bundles);
void bundles_close(struct bundles *bundles); /* NULL is fine */

struct bundles_result {
    uint64_t volumes;            /* that came */
    struct taking_counts counts; /* of them, and of those that waited and could be taken now */
    uint64_t waiting_volumes;    /* that are still kept for what they wait for */
};
/*
 * Import all volumes that the source has; `listener` (or NULL) hears of each how many bytes of it
 * are taken, and may end it. Answers when what was stored can be read. Again, or cut off at any
 * point and begun again, it changes nothing twice.
 *
 *   AYNI_E_BUSY   another import runs
 *   AYNI_E_RIGHT  not for this node, or of who was revoked; AYNI_E_INVALID: of another federation;
 *                 both with a complaint
 *   AYNI_E_LIMIT  as many volumes wait as may; with a complaint
 *   and those of inbox_receive() and taking_volume(): volumes before the one that failed are taken
 */
AYNI_CHECKED enum ayni_status bundles_import(struct bundles *bundles,
                                             const struct ayni_bundle_source *source,
                                             const struct store_listener *listener,
                                             struct bundles_result *result,
                                             struct complaint *complaint);
/*
 * Take what was kept and can be taken by now: of an import that a crash cut
 * off, or what waited for something that came by a connection. Where an import runs, that does it.
 */
AYNI_CHECKED enum ayni_status bundles_resume(struct bundles *bundles);

/* The spaces of which volumes that are kept may bring something: what was erased there may be in
 * them still. Begins `spaces` anew. */
AYNI_CHECKED enum ayni_status bundles_waiting_spaces(struct bundles *bundles,
                                                     struct ayni_buffer *spaces);
/*
 * Let go of the volumes that may bring something of these spaces and can't be
 * taken: their senders don't hear that they came, and so bring it again.
 *
 *   AYNI_E_BUSY  an import runs
 *   and those of bundles_import()
 */
AYNI_CHECKED enum ayni_status bundles_give_up(struct bundles *bundles, struct ayni_bytes spaces);

#endif
