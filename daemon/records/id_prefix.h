#ifndef AYNI_DAEMON_RECORDS_ID_PREFIX_H
#define AYNI_DAEMON_RECORDS_ID_PREFIX_H

#include "proto/bytes.h"
#include "proto/ids.h"

/* The begin of a record's id as people write it: hexadecimal digits, with or without hyphens. */
struct id_prefix {
    uint8_t bytes[16]; /* whole bytes, and perhaps half of one more */
    size_t digits;
};
enum { ID_PREFIX_DIGITS_MIN = 6 };
/* AYNI_E_MALFORMED: none. AYNI_E_TRUNCATED: of too few digits. */
AYNI_CHECKED enum ayni_status id_prefix_parse(struct ayni_bytes text, struct id_prefix *prefix);
bool id_prefix_begins(const struct ayni_record *record, const struct id_prefix *prefix);

#endif
