#ifndef AYNI_DAEMON_RECORDS_OCCASION_H
#define AYNI_DAEMON_RECORDS_OCCASION_H

#include "daemon/records/tables.h"
#include "proto/catalogue.h"

/*
 * Where and when a record is of, as the indexes of places and months have it: a place by its
 * public code and a day, of the first field of its type that is such a place, and of the first that
 * is a day or a month. Which they are the catalogue says, of any type; most events have `ubigeo`
 * and `date`, a child has `ubigeo` and `birth_date`.
 */
struct occasion_fields {
    uint32_t place; /* numbers of fields; 0: the type has none of the kind */
    uint32_t date;
    bool date_is_month;
};

/* Of a type that has neither, or of NULL, false; then it isn't indexed. Retired fields count: so it
 * changes only where a field is added. */
bool occasion_fields_of(const struct ayni_catalogue_type *type, struct occasion_fields *fields);

enum { OCCASION_PLACE_SIZE = 6, OCCASION_MONTH_MAX = 0xFFFE };

struct occasion {
    uint8_t place[OCCASION_PLACE_SIZE]; /* digits, then zeros; all zero: none */
    uint16_t month;                     /* 12 * year + month; 0: no date */
    uint8_t day;                        /* of the month; 0 of what is a month, or no date */
};

/*
 * Of the values of the two fields, CBOR, empty where there is none. False where one of them isn't
 * of its kind, as a peer may send it: then `occasion` is the odd one.
 */
bool occasion_of(const struct occasion_fields *fields, struct ayni_bytes place,
                 struct ayni_bytes date, struct occasion *occasion);
/* The one that a record of this version alone has. */
bool occasion_of_version(const struct occasion_fields *fields, const struct ayni_version *version,
                         struct occasion *occasion);
/* The odd one, after all others. */
struct occasion occasion_odd(void);
/* Its day as YYYY-MM-DD or YYYY-MM; AYNI_DAY_TEXT_SIZE. Empty where it has none. */
void occasion_date_text(const struct occasion *occasion, char *text);
/* Its place, in a text of OCCASION_PLACE_SIZE + 1. */
void occasion_place_text(const struct occasion *occasion, char *text);

/* Keys. Of the lists of records that have one version each (daemon/records/occasion_list.h): */
enum {
    OCCASION_TYPE_SIZE = COUNT_KEY_SIZE,
    OCCASION_MONTH_KEY_SIZE = OCCASION_TYPE_SIZE + OCCASION_PLACE_SIZE + 2,
    OCCASION_KEY_SIZE = OCCASION_MONTH_KEY_SIZE + VERSION_REF_SIZE,
    REVISED_KEY_SIZE = OCCASION_MONTH_KEY_SIZE + 16,
    OCCASION_SIZE = OCCASION_PLACE_SIZE + 2 + 1, /* one as a value */
};
void occasion_key_encode(const struct ayni_space *space, uint32_t type,
                         const struct occasion *occasion, const struct version_ref *ref,
                         uint8_t to[OCCASION_KEY_SIZE]);
/* ... of those of more versions: */
void revised_key_encode(const struct record_key *key, const struct occasion *occasion,
                        uint8_t to[REVISED_KEY_SIZE]);
/* The place and month in either; the day is in the value. */
void occasion_of_key(const uint8_t *key, struct occasion *occasion);
void occasion_encode(const struct occasion *occasion, uint8_t to[OCCASION_SIZE]);
void occasion_decode(const uint8_t from[OCCASION_SIZE], struct occasion *occasion);

#endif
