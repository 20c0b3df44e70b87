#ifndef AYNI_PROTO_ARMOR_H
#define AYNI_PROTO_ARMOR_H

#include "proto/bytes.h"

/*
 * Bytes as one line of text that survives mails and QR codes: a prefix that
 * says what it is, a colon, and base32. docs/protocol.md, section 2.
 */
void ayni_armor_append(struct ayni_buffer *to, const char *prefix, struct ayni_bytes bytes);

/*
 * The bytes of such a line, appended. White space around it and upper case are accepted.
 *
 *   AYNI_E_MALFORMED  another prefix, or no base32
 *   AYNI_E_LIMIT      more than `size_max` bytes
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_armor_parse(struct ayni_bytes text, const char *prefix,
                                               size_t size_max, struct ayni_buffer *to);

#endif
