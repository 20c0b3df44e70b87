#ifndef AYNI_DAEMON_RECORDS_IMPORT_MAP_H
#define AYNI_DAEMON_RECORDS_IMPORT_MAP_H

#include "proto/arena.h"

/*
 * How the columns of a file become records: a map, read from JSON, or made of
 * a header that names fields. docs/import-maps.md. A map knows names alone; what
 * they mean in a catalogue and a file says daemon/records/import_plan.h.
 */
enum import_dates { IMPORT_DATES_ISO, IMPORT_DATES_DAY_FIRST };

/* A word of the file and the one that is stored. */
struct import_word {
    const char *from, *to;
};

enum { IMPORT_COLUMNS_MAX = 4, IMPORT_SHIFT_MAX = 9 };

/* Where the value of a field comes from: columns, a fixed text, or another record of the row. */
struct import_source {
    const char *columns[IMPORT_COLUMNS_MAX]; /* their cells, with a space between */
    size_t column_count;
    const char *constant;            /* or NULL */
    bool initial;                    /* `constant` is for a record that has no value there yet */
    const char *record;              /* the name of a record of the map, whose id it is; or NULL */
    const struct import_word *words; /* what else a cell says is no value */
    size_t word_count;
    enum import_dates dates;
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

/* One record that a row makes or changes. */
struct import_map_record {
    const char *name;
    const char *type;
    const char *when; /* a column: only where its cell isn't empty; or NULL */
    const char *id;   /* a column with the record's own id; or NULL */
    struct import_map_identifier *identifiers; /* in the order of use */
    size_t identifier_count;
    struct import_map_field *fields;
    size_t field_count;
    const char *holder; /* of an identifier's record: the name of the record it belongs to */
};

struct import_map {
    const char *name;
    const char *origin;     /* what the values are marked with */
    const char *source_id;  /* a column that has each value once in a file; or NULL */
    const char *source_day; /* a column with the day on which the row was written; or NULL */
    enum import_dates dates;
    bool restates; /* fields that show what the row says already are left as they are */
    struct import_map_record *records; /* the first is the one that rows are counted by */
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
void import_map_free(struct import_map *map);
#define SCOPED_IMPORT_MAP __attribute__((cleanup(import_map_free))) struct import_map

#endif
