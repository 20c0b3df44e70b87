#ifndef AYNI_PROTO_CATALOGUE_ROW_H
#define AYNI_PROTO_CATALOGUE_ROW_H

#include "proto/arena.h"
#include "proto/class.h"
#include "proto/ids.h"
#include "proto/payload.h"

/*
 * What a catalogue is made of, one row for one record of the registry:
 * types 9 to 12 of docs/protocol.md, section 7.1, and 710 (code lists).
 * Everything is a view of somebody's bytes.
 */
enum {
    AYNI_ROW_TYPE = 9,
    AYNI_ROW_FIELD = 10,
    AYNI_ROW_CODE = 11,
    AYNI_ROW_RULE = 12,
    AYNI_ROW_LIST = 710,
};

struct ayni_type_row {
    uint32_t number;
    struct ayni_bytes name;
    struct ayni_bytes label_es;
    struct ayni_bytes label_en;
    struct ayni_bytes subjects; /* names of types, spaces between */
    struct ayni_bytes key; /* field numbers, commas between; "@identifier"; empty: no natural key */
    struct ayni_bytes class; /* the least strict class of a space that can hold a whole record */
    bool retired;
    struct ayni_bytes edition;
};

struct ayni_field_row {
    uint32_t type;
    uint32_t number;
    struct ayni_bytes name;
    struct ayni_bytes kind; /* proto/kind.h */
    struct ayni_bytes unit;
    bool has_minimum;
    int64_t minimum; /* of numbers as they are stored: dec scaled, dates as days */
    bool has_maximum;
    int64_t maximum;
    bool required;
    struct ayni_bytes merge; /* "review", "latest", ..., "authority:ROLE" */
    struct ayni_bytes read;
    struct ayni_bytes codes;   /* words, spaces between, or "@LIST" */
    struct ayni_bytes targets; /* of references: names of types, spaces between, or "any" */
    struct ayni_bytes label_es;
    struct ayni_bytes label_en;
    struct ayni_bytes pattern; /* proto/pattern.h */
    bool retired;
};

/* How a word is shown. Type 0, field 0: wherever no row of its own says otherwise. */
struct ayni_code_row {
    uint32_t type;
    uint32_t field;
    struct ayni_bytes word;
    struct ayni_bytes label_es;
    struct ayni_bytes label_en;
    bool retired;
};

struct ayni_rule_row {
    uint32_t type;
    struct ayni_bytes name;       /* the machine word of what it finds */
    struct ayni_bytes level;      /* "reject" or "warn" */
    struct ayni_bytes expression; /* what must hold; docs/catalogue.md */
    struct ayni_bytes message_es;
    struct ayni_bytes message_en;
    bool retired;
};

/* One member of a code list: fields 1 to 7 of type 710. */
struct ayni_list_row {
    struct ayni_bytes list;
    struct ayni_bytes code;
    struct ayni_bytes label_es;
    struct ayni_bytes label_en;
    struct ayni_bytes external;
    bool has_valid_from;
    int64_t valid_from;
    bool has_valid_to;
    int64_t valid_to;
};

struct ayni_catalogue_row {
    uint32_t kind; /* AYNI_ROW_... : the registry type of its record */
    union {
        struct ayni_type_row type;
        struct ayni_field_row field;
        struct ayni_code_row code;
        struct ayni_rule_row rule;
        struct ayni_list_row list;
    };
};

/* Fields of one row's record; words of its set. */
enum {
    AYNI_KEY_FIELDS_MAX = 8, /* of a natural key */
    AYNI_ROW_FIELDS_MAX = 16,
    AYNI_ROW_WORDS_MAX = 64,
};

/*
 * The fields of the row's record, ascending, absent ones left out. Their
 * values are appended to `values`, from which `fields` borrow: don't append to
 * it while they are in use. `fields` holds AYNI_ROW_FIELDS_MAX.
 */
AYNI_CHECKED enum ayni_status ayni_catalogue_row_fields(const struct ayni_catalogue_row *row,
                                                        struct ayni_buffer *values,
                                                        struct ayni_field *fields, size_t *count);
/*
 * The row that a registry record of type `kind` says, from its fields in any
 * number: absent and null ones are empty, unknown ones are left out. It borrows
 * from the fields and from `scratch`, which is cleared first.
 *
 *   AYNI_E_INVALID  a field of another form than section 7.1 says, or what names the row is absent
 *   AYNI_E_USAGE    `kind` is none of the five
 */
AYNI_CHECKED enum ayni_status
ayni_catalogue_row_from_fields(uint32_t kind, const struct ayni_field *fields, size_t count,
                               struct ayni_buffer *scratch, struct ayni_catalogue_row *row);
/*
 * A copy whose texts are in `arena`, each with a NUL after it.
 *
 *   AYNI_E_INVALID  a text has a NUL inside
 */
AYNI_CHECKED enum ayni_status ayni_catalogue_row_copy(const struct ayni_catalogue_row *row,
                                                      struct ayni_arena *arena,
                                                      struct ayni_catalogue_row *copy);
/* The id of its record, derived with the federation's root public key. */
AYNI_CHECKED enum ayni_status ayni_catalogue_row_id(const uint8_t root_key[32],
                                                    const struct ayni_catalogue_row *row,
                                                    struct ayni_record *record);

#endif
