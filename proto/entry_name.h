#ifndef AYNI_PROTO_ENTRY_NAME_H
#define AYNI_PROTO_ENTRY_NAME_H

#include "proto/cbor.h"
#include "proto/payload.h"

/*
 * The name of an entry as other entries say it: [feed id, seq, first 8 bytes
 * of chain(seq)], struct ayni_entry_name. docs/protocol.md, section 2.
 */
void ayni_entry_name_put(const struct ayni_entry_name *name, struct ayni_buffer *to);
/* seq 0 is malformed. */
void ayni_entry_name_read(struct ayni_cbor_reader *reader, struct ayni_entry_name *name);
/* By feed, seq, chain: the order of lists of names. <0, 0, >0 */
int ayni_entry_name_compare(const struct ayni_entry_name *a, const struct ayni_entry_name *b);

#endif
