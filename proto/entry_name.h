#ifndef AYNI_PROTO_ENTRY_NAME_H
#define AYNI_PROTO_ENTRY_NAME_H

#include "proto/cbor.h"
#include "proto/ids.h"

/*
 * How entries name another one wherever segments may exist: [feed id, seq,
 * first 8 bytes of chain(seq)]. docs/protocol.md, section 2.
 */
struct ayni_entry_name {
    struct ayni_feed feed; /* the original feed id, also in a segment */
    uint64_t seq;          /* from 1 */
    struct ayni_chain_prefix chain;
};

void ayni_entry_name_put(const struct ayni_entry_name *name, struct ayni_buffer *to);
/* seq 0 is malformed. */
void ayni_entry_name_read(struct ayni_cbor_reader *reader, struct ayni_entry_name *name);
/* By feed, seq, chain: the order of lists of names. <0, 0, >0 */
int ayni_entry_name_compare(const struct ayni_entry_name *a, const struct ayni_entry_name *b);

#endif
