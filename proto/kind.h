#ifndef AYNI_PROTO_KIND_H
#define AYNI_PROTO_KIND_H

#include "proto/bytes.h"

/* The kinds of values. docs/protocol.md, section 4.5, has the CBOR of each. */
enum ayni_kind_type {
    AYNI_KIND_TEXT,  /* at most `size` characters */
    AYNI_KIND_CODE,  /* one word of a list */
    AYNI_KIND_SET,   /* any of them */
    AYNI_KIND_INT,   /* a whole number in the field's unit */
    AYNI_KIND_DEC,   /* a whole number of 10^-`scale` units */
    AYNI_KIND_DATE,  /* a day, counted from 1970-01-01 */
    AYNI_KIND_MONTH, /* the day of its first */
    AYNI_KIND_TIME,  /* seconds since 1970-01-01T00:00:00Z */
    AYNI_KIND_BOOL,
    AYNI_KIND_POINT, /* latitude, longitude, altitude, accuracy */
    AYNI_KIND_ID,    /* an identifier of `scheme` */
    AYNI_KIND_IDS,   /* a set of them */
    AYNI_KIND_REF,   /* the id of a record */
    AYNI_KIND_REFS,  /* a set of them */
    AYNI_KIND_HASH,  /* 32 bytes */
    AYNI_KIND_NODE,  /* a node's key */
    AYNI_KIND_BYTES, /* exactly `size` of them, or any number where it is 0 */
};

/* The last second of the year 9999. */
#define AYNI_TIME_MAX INT64_C(253402300799)

/* What an identifier must look like. `any`: the record says its scheme in another field. */
enum ayni_scheme {
    AYNI_SCHEME_ANY,    /* 1 to 60 characters; spelled `scheme` */
    AYNI_SCHEME_DNI,    /* 8 digits */
    AYNI_SCHEME_CUI,    /* 8 digits */
    AYNI_SCHEME_CNV,    /* 6 to 15 digits */
    AYNI_SCHEME_PADRON, /* 6 to 12 digits */
    AYNI_SCHEME_UBIGEO, /* a place by its public code: 2, 4 or 6 digits */
};

struct ayni_kind {
    enum ayni_kind_type type;
    uint32_t size;  /* of TEXT in characters, of BYTES in bytes */
    uint32_t scale; /* of DEC: 0 to 9 */
    enum ayni_scheme scheme;
};

/* As the catalogue spells it: "text 80", "dec 1", "id dni", "bytes 16", "code" ... AYNI_E_INVALID
 * for anything else. */
AYNI_CHECKED enum ayni_status ayni_kind_parse(struct ayni_bytes text, struct ayni_kind *kind);
/* The way back; `text` holds AYNI_KIND_TEXT_SIZE. */
enum { AYNI_KIND_TEXT_SIZE = 24 };
void ayni_kind_text(const struct ayni_kind *kind, char *text);
/* Whether `value` has the form of an identifier of the scheme. */
bool ayni_scheme_fits(enum ayni_scheme scheme, struct ayni_bytes value);
/* The scheme of that name ("dni", "cnv", ...), or ANY for one without a form of its own. */
enum ayni_scheme ayni_scheme_of(struct ayni_bytes name);

#endif
