#ifndef AYNI_PROTO_TEXT_H
#define AYNI_PROTO_TEXT_H

#include "proto/bytes.h"

/*
 * Texts as ids and searches compare them. docs/protocol.md, section 1.1.
 * utf8proc is known here and nowhere else.
 */

/* Well-formed UTF-8: shortest forms, no surrogates, nothing past U+10FFFF. */
bool ayni_text_valid(struct ayni_bytes text);
/* Valid, and without control characters (C0, DEL, C1): what a terminal shows as one line. */
bool ayni_text_is_line(struct ayni_bytes text);
/* Take the first character off `rest`. False at its end, and where it isn't UTF-8. */
bool ayni_text_next(struct ayni_bytes *rest, uint32_t *character);
/*
 * Copy a text and a NUL into `size` bytes: of one that is too long the characters
 * that fit, of one with a NUL inside what is before it. True where it is all there.
 */
bool ayni_text_copy(struct ayni_bytes text, char *to, size_t size);
/* A letter of any script, or a mark that belongs to one. */
bool ayni_text_is_letter(uint32_t character);

/*
 * The form that keys are made of, appended: NFC, white space (Unicode's
 * White_Space) trimmed at both ends and made one space inside; case is kept.
 *
 *   AYNI_E_MALFORMED  not UTF-8
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_text_key(struct ayni_bytes text, struct ayni_buffer *to);

/* The form that searches compare, appended: as above, and without accents or case. Never stored or
 * signed. */
AYNI_CHECKED enum ayni_status ayni_text_fold(struct ayni_bytes text, struct ayni_buffer *to);

#endif
