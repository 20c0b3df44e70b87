#ifndef AYNI_DAEMON_NET_PEER_BOOK_H
#define AYNI_DAEMON_NET_PEER_BOOK_H

#include "proto/limits.h"
#include "proto/registry.h"

struct federation;
struct log_snapshot;

/*
 * Whom to dial, and where: what `peer add` said, the steering node, and of the
 * members with whom this node shares a space the `wanted` ones with endpoints
 * and the lowest H(own key, their key); each at what `peer add` said, then at the
 * endpoints of its card. Pure but for the list of `peer add`.
 * docs/protocol.md, section 5.
 */
struct peer_address {
    struct ayni_node node;
    uint8_t transport_key[32];
    char endpoints[AYNI_CARD_ENDPOINTS_MAX][AYNI_ENDPOINT_SIZE_MAX + 1]; /* to be dialled in turn */
    size_t endpoint_count;
};

/* What `peer add` said, one endpoint a node. */
struct peer_added {
    struct ayni_node node;
    char endpoint[AYNI_ENDPOINT_SIZE_MAX + 1];
};
struct peer_book {
    struct peer_added *added;
    size_t added_count;
};

/* One more, unless it is there, or there are as many as a card may have. */
void peer_address_add(struct peer_address *address, struct ayni_bytes endpoint);

/* In the settings of the log as `[[node, endpoint], ...]`. */
void peer_book_encode(const struct peer_book *book, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status peer_book_decode(struct ayni_bytes bytes, struct peer_book *book);
void peer_book_free(struct peer_book *book);
/* AYNI_E_MEMORY; a node that is there gets the new endpoint. */
AYNI_CHECKED enum ayni_status peer_book_add(struct peer_book *book, const struct ayni_node *node,
                                            const char *endpoint);
bool peer_book_remove(struct peer_book *book, const struct ayni_node *node);

/*
 * The addresses to dial now, each node once; `*addresses` is the caller's to
 * free(). `steering` is the card of the ticket, for before the registry is known; may be NULL.
 */
struct peer_book_view {
    const struct ayni_registry *registry;
    const struct ayni_node *self;
    const struct peer_address *steering; /* by the ticket; NULL if there is none */
    uint64_t wanted;
};
AYNI_CHECKED enum ayni_status peer_book_targets(const struct peer_book *book,
                                                const struct peer_book_view *view,
                                                struct peer_address **addresses, size_t *count);

/* H("ayni-dial-1", own key, their key): members are dialled in the order of this. */
struct ayni_hash peer_book_rank(const struct ayni_node *self, const struct ayni_node *other);

#endif
