#ifndef AYNI_DAEMON_FEDERATION_FEDERATION_H
#define AYNI_DAEMON_FEDERATION_FEDERATION_H

#include "daemon/federation/identity.h"
#include "daemon/store/log_writer.h"
#include "proto/card.h"

struct records;

/*
 * What this node knows of itself and of its federation before it has read any
 * registry: its name, its card, and the ticket it founded or joined with. Kept
 * in the settings of log/. Any thread may ask.
 */
struct federation;

AYNI_CHECKED enum ayni_status federation_open(struct log_store *log, struct log_writer *writer,
                                              const struct identity *identity,
                                              struct federation **federation);
void federation_close(struct federation *federation); /* NULL is fine */

/* The node's own name; set once, by `init`. Up to AYNI_NAME_SIZE_MAX bytes. */
const char *federation_node_name(const struct federation *federation);
AYNI_CHECKED enum ayni_status federation_set_node_name(struct federation *federation,
                                                       const char *name);
/* The local user who ran `init`: an admin of this node. */
const char *federation_founder(const struct federation *federation);
AYNI_CHECKED enum ayni_status federation_set_founder(struct federation *federation,
                                                     const char *user);

/* The ticket of the federation that this node founded or joined; false where there is none yet. Borrowed
 * for the life of `federation`: a ticket never changes once it is there. */
bool federation_ticket(const struct federation *federation, const struct ayni_ticket **ticket);
/*
 * Keep a ticket, as founder or joiner.
 *
 *   AYNI_E_EXISTS  there is another federation's already
 */
AYNI_CHECKED enum ayni_status federation_set_ticket(struct federation *federation,
                                                    struct ayni_bytes ticket);

/*
 * This node's card (COSE_Sign1), with the endpoints it has now: a new one with the next serial is
 * signed and kept if they, the name or the transport key differ from the last.
 * `endpoints` are texts, commas between; may be empty.
 */
AYNI_CHECKED enum ayni_status federation_card(struct federation *federation, const char *endpoints,
                                              struct ayni_buffer *card);

#endif
