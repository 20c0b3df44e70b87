#ifndef AYNI_PROTO_COMPRESS_H
#define AYNI_PROTO_COMPRESS_H

#include "proto/bytes.h"

/*
 * Zstandard (RFC 8878) for batches and bundles: one frame that declares its
 * size. docs/protocol.md, section 5. zstd is known here and nowhere else.
 */

/* Appends one frame that holds `plain`. AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_compress(struct ayni_bytes plain, struct ayni_buffer *to);

/*
 * Appends what the one frame in `frame` holds. Nothing is allocated before its
 * declared size has been checked, and what is allocated then is that size: the
 * frame is taken at once, so its window needs no memory of its own.
 *
 *   AYNI_E_LIMIT      it declares more than `size_max`
 *   AYNI_E_MALFORMED  not one whole frame, no size declared, another size inside
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_decompress(struct ayni_bytes frame, size_t size_max,
                                              struct ayni_buffer *to);

#endif
