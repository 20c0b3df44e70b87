#ifndef AYNI_DAEMON_RECORDS_IMPORT_MAP_H
#define AYNI_DAEMON_RECORDS_IMPORT_MAP_H

#include "proto/arena.h"
#include "proto/catalogue.h"

/*
 * How the columns of a file become records: a map, read from JSON, or made of
 * a header that names fields. docs/import-maps.md. A map knows names alone; what
 * they mean in a catalogue and a file says daemon/records/import/import_plan.h.
 */
enum import_dates {
    IMPORT_DATES_ISO,
    IMPORT_DATES_DAY_FIRST,
    IMPORT_DATES_FOUND, /* one of these two, told by where the slashes are */
    IMPORT_DATES_MONTH_FIRST,
};
/* What stands before decimals; FOUND: a point, or one comma where there is no point. */
enum import_decimals { IMPORT_DECIMALS_FOUND, IMPORT_DECIMALS_POINT, IMPORT_DECIMALS_COMMA };

/* A word of the file and the one that is stored. */
struct import_word {
    const char *from, *to;
};

/* What a cell must be: one of the words, in which `*` stands for anything; none: not empty. */
struct import_test {
    const char *column;
    const char *const *words;
    size_t word_count;
};

/* Which rows: those that all tests of `when` fit, but not those that all of `unless` do. */
struct import_condition {
    const struct import_test *when, *unless;
    size_t when_count, unless_count;
};

enum { IMPORT_COLUMNS_MAX = 8, IMPORT_SHIFT_MAX = 9 };

/* Where the value of a field comes from: columns, a fixed text, or another record of the row. */
struct import_source {
    const char *columns[IMPORT_COLUMNS_MAX];
    size_t column_count;
    const char *join; /* stands between their cells; NULL: a space, and empty cells are left out */
    const char *prefix;                /* stands before them where they say something; or NULL */
    struct import_condition condition; /* in other rows it says nothing */
    bool is_alternative; /* to the one before, of the same field: if that says nothing */
    bool unless_shown;   /* not set where the record shows that value already */
    const struct import_word *reasons; /* what a failure is called here instead */
    size_t reason_count;
    const char *constant; /* or NULL */
    bool initial;         /* it is for a record that has no value there yet */
    const char *weeks;    /* a column: the day is so many weeks before that of `columns`; or NULL */
    const char *record;   /* the name of a record of the map, whose id it is; or NULL */
    const char *split;    /* stands between the words of a set; NULL: the cell is one */
    unsigned word;        /* of the words that `split` parts that one alone, from 1; 0: all */
    const struct import_word *words; /* what else a cell says is no value */
    size_t word_count;
    enum import_dates dates;
    enum import_decimals decimals;
    unsigned shift; /* the decimal point goes that many places to the right */
    unsigned first; /* characters taken from the beginning; 0: all */
};

struct import_map_field {
    const char *name;
    struct import_source source;
};

/* A number of a child or person: `name` is dni cnv cui padron or code. */
struct import_map_identifier {
    const char *name;
    struct import_source source;
};

/* A rule of the map, which may name columns of the file in "". It is asked in rows that fit. */
struct import_map_rule {
    struct ayni_catalogue_rule rule; /* without an expression: none such row may be, "0" */
    struct import_condition condition;
};

/*
 * Of a record that lasts, as a pregnancy does: it is the one of the same holder that the row's day
 * falls into, from one of its fields to another, or for some days where that one is empty.
 */
struct import_span {
    const char *of;          /* the record of the map that holds it; NULL: it doesn't last */
    const char *from, *to;   /* fields of its type: its first day and its last */
    unsigned days;           /* that it lasts at most */
    struct import_source on; /* the row's day */
};

/* One record that a row makes or changes. */
struct import_map_record {
    const char *name;
    const char *type;
    struct import_condition condition; /* the row speaks of it */
    bool existing;                     /* it is looked up and never made */
    const char *instead_of; /* looked up where that one, which must exist, is not here; or NULL */
    const char *with;       /* made in rows alone that have that record; or NULL */
    struct import_span span;
    bool main;                                 /* rows are counted by it */
    const char *id;                            /* a column with the record's own id; or NULL */
    struct import_map_identifier *identifiers; /* in the order of use */
    size_t identifier_count;
    struct import_map_field *fields;
    size_t field_count;
    struct import_map_rule *rules;
    size_t rule_count;
    const struct import_word *reasons; /* of one that doesn't exist */
    size_t reason_count;
    const char *holder; /* of an identifier's record: the name of the record it belongs to */
};

struct import_map {
    const char *name;
    const char *origin;              /* what the values are marked with */
    struct import_source source_id;  /* has each value once in a file; without columns: none */
    struct import_source source_day; /* the day on which the row was written; likewise */
    enum import_dates dates;
    enum import_decimals decimals;
    const char **ignored; /* columns that are known and not read; `*` at an end: any text */
    size_t ignored_count;
    bool restates; /* fields that show what the row says already are left as they are */
    struct import_map_record *records; /* rows are counted by the first that is `main` */
    size_t record_count;
    struct ayni_arena memory;
};

/*
 * Read a map. Free it in any case.
 *
 *   AYNI_E_INVALID  `why` says what is wrong, and where
 */
enum { IMPORT_MAP_WHY_SIZE = 240 };
AYNI_CHECKED enum ayni_status import_map_read(struct ayni_bytes json, struct import_map *map,
                                              char why[IMPORT_MAP_WHY_SIZE]);
/*
 * The map of a file whose header names fields of `type`: one record, of origin
 * `csv`. Columns that begin with '_' are passed over, but for `_id`.
 */
AYNI_CHECKED enum ayni_status import_map_of_header(const char *type, bool takes_identifiers,
                                                   const char *const *header, size_t count,
                                                   struct import_map *map);
/*
 * What is declared of the file, instead of the map's own "dates" and "decimals",
 * where it isn't NULL; fields of the map that say otherwise stay as they are.
 *
 *   AYNI_E_USAGE  `*word` is none of those of a map
 */
AYNI_CHECKED enum ayni_status import_map_declare(struct import_map *map, const char *dates,
                                                 const char *decimals, const char **word);
void import_map_free(struct import_map *map);
#define SCOPED_IMPORT_MAP __attribute__((cleanup(import_map_free))) struct import_map

#endif
