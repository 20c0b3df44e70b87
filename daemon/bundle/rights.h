#ifndef AYNI_DAEMON_BUNDLE_RIGHTS_H
#define AYNI_DAEMON_BUNDLE_RIGHTS_H

#include "daemon/records/records.h"
#include "proto/ticket.h"

/*
 * Whose feeds are taken out of a bundle: as in gossip by the registry, which
 * the bundle itself may bring, and in the registry by who is or was somebody
 * there, since a file comes from anywhere. docs/protocol.md, section 6.3.
 */
struct rights {
    const struct records *records;    /* lent */
    const struct ayni_ticket *ticket; /* lent; NULL: none */
    const struct charter *charter;    /* held */
    bool registry_moved;              /* since it is held: the caller's to say */
    struct ayni_node sender;          /* of the volume that is taken: the caller's to say */
};

void rights_begin(struct rights *rights, const struct records *records,
                  const struct ayni_ticket *ticket);
void rights_end(struct rights *rights);
/* Hold the charter of all that is in the log now. As projector_wait(). */
AYNI_CHECKED enum ayni_status rights_renew(struct rights *rights);

/* The sender is a member, not revoked. */
bool rights_has_sender(const struct rights *rights);
/* Whether entries of that feed are taken, by the charter that is held. */
bool rights_admit(const struct rights *rights, const struct ayni_feed_descriptor *descriptor);

/* How many feeds the author has in that space and lane, up to AYNI_FEEDS_PER_AUTHOR_MAX. */
AYNI_CHECKED enum ayni_status rights_count_feeds(struct log_snapshot *snapshot,
                                                 const struct ayni_feed_descriptor *descriptor,
                                                 size_t *count);
/* Whether the two are of one author, space and lane. */
bool rights_are_alike(const struct ayni_feed_descriptor *a, const struct ayni_feed_descriptor *b);

#endif
