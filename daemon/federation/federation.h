#ifndef AYNI_DAEMON_FEDERATION_FEDERATION_H
#define AYNI_DAEMON_FEDERATION_FEDERATION_H

#include "daemon/federation/identity.h"
#include "daemon/store/log_writer.h"
#include "proto/ticket.h"

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

/* The node's own name and the local user who ran `init`, an admin of this node; set once, by
 * `init`. */
const char *federation_node_name(const struct federation *federation);
const char *federation_founder(const struct federation *federation);
/* AYNI_E_INVALID for a name that a card can't have. */
AYNI_CHECKED enum ayni_status federation_name_node(struct federation *federation, const char *name,
                                                   const char *founder);

/* Whose card is kept here; false where none is yet. */
bool federation_card_node(const struct federation *federation, struct ayni_node *node);

/*
 * The ticket of the federation that this node founded or joined, decoded; NULL
 * where there is none yet. It never changes once it is there, and lives as long
 * as `federation`.
 */
const struct ayni_ticket *federation_ticket(struct federation *federation);
/*
 * Keep a ticket's bytes, as founder or joiner. The same federation's again is AYNI_OK.
 *
 *   AYNI_E_EXISTS  there is another federation's already
 *   and those of ayni_ticket_decode()
 */
AYNI_CHECKED enum ayni_status federation_set_ticket(struct federation *federation,
                                                    struct ayni_bytes ticket);

/*
 * This node's card (COSE_Sign1), appended: signed anew with the next serial
 * and kept if the endpoints (texts, commas between; may be empty) or the
 * transport key aren't those of the last one.
 */
AYNI_CHECKED enum ayni_status federation_card(struct federation *federation, const char *endpoints,
                                              struct ayni_buffer *card);
/* The same with a serial above `serial`, which the registry has: a node that was put back forgot
 * its last cards. */
AYNI_CHECKED enum ayni_status federation_card_above(struct federation *federation,
                                                    const char *endpoints, uint64_t serial,
                                                    struct ayni_buffer *card);

#endif
