#ifndef AYNI_PROTO_BUNDLE_VOLUME_H
#define AYNI_PROTO_BUNDLE_VOLUME_H

#include "proto/bundle.h"

/*
 * A volume of a bundle, read from its first byte to its last, once, by who
 * gives its bytes piece by piece: a file, a socket, memory. Only when
 * ayni_bundle_volume_next() has answered AYNI_E_NOT_FOUND is it known to be whole
 * and the sender's. docs/protocol.md, section 6.1.
 */
struct ayni_bundle_source {
    void *context;
    /*
     * Exactly `size` bytes. AYNI_E_NOT_FOUND: there are no more; AYNI_E_TRUNCATED: there are
     * fewer; any other failure is handed on.
     */
    enum ayni_status (*read)(void *context, void *to, size_t size);
};

struct ayni_bundle_volume {
    struct ayni_bundle_source source;
    struct ayni_bundle_head head;
    bool readable; /* this node is the receiver */
    struct ayni_buffer
        plain;        /* items of the chunk that was read last; empty if it isn't readable */
    uint64_t size;    /* bytes read */
    uint32_t volumes; /* of the bundle; known at the end */
    /* How far it is read. */
    struct ayni_buffer head_bytes, frame;
    struct ayni_bundle_key key;
    struct ayni_hash sum;
    uint64_t chunks;
};

/*
 * Read the head. `node` is who reads, `secret` its key; they are lent for the call.
 *
 *   AYNI_E_NOT_FOUND  there is nothing to read: no volume follows
 *   AYNI_E_VERSION    it is no bundle, or one of a newer kind
 *   AYNI_E_TRUNCATED, AYNI_E_MALFORMED
 *   AYNI_E_SIGNATURE  it is for this node, and its key isn't
 *   and those of the source
 *
 * ayni_bundle_volume_done() follows in any case.
 */
AYNI_CHECKED enum ayni_status ayni_bundle_volume_begin(struct ayni_bundle_volume *volume,
                                                       const struct ayni_bundle_source *source,
                                                       const struct ayni_node *node,
                                                       const struct ayni_signing_key *secret);
/*
 * Read the next chunk into `plain`.
 *
 *   AYNI_E_NOT_FOUND  that was the last: the volume is whole, and signed by its sender
 *   AYNI_E_TRUNCATED, AYNI_E_MALFORMED, AYNI_E_LIMIT
 *   AYNI_E_SIGNATURE, AYNI_E_CHAIN  it was changed, or is another's
 *   and those of the source
 */
AYNI_CHECKED enum ayni_status ayni_bundle_volume_next(struct ayni_bundle_volume *volume);
void ayni_bundle_volume_done(struct ayni_bundle_volume *volume);
/* One that is done at the end of its scope; begin with { 0 }. */
#define SCOPED_BUNDLE_VOLUME                                                                       \
    __attribute__((cleanup(ayni_bundle_volume_done))) struct ayni_bundle_volume

#endif
