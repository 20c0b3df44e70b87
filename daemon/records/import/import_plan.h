#ifndef AYNI_DAEMON_RECORDS_IMPORT_PLAN_H
#define AYNI_DAEMON_RECORDS_IMPORT_PLAN_H

#include "daemon/records/complaint.h"
#include "daemon/records/import/import_condition.h"
#include "proto/catalogue.h"

/*
 * A map against a catalogue and the header of a file: names have become types,
 * fields and columns, and what can't be is refused before the first row.
 */
enum {
    PLAN_NOWHERE = -1,          /* the file hasn't got that column */
    PLAN_RECORDS_MAX = 64,      /* of one row */
    PLAN_FIELDS_MAX = 128,      /* of one record */
    PLAN_COLUMNS_MAX = 1024,    /* of a file */
    PLAN_RULE_COLUMNS_MAX = 32, /* that the rules of a record of the map name */
};

struct plan_field {
    const struct ayni_catalogue_field *field; /* NULL: of the row itself */
    const struct import_source *source;       /* lent by the map */
    struct plan_condition condition;
    int columns[IMPORT_COLUMNS_MAX];
    int weeks;    /* likewise: how many weeks the day is before; or PLAN_NOWHERE */
    int record;   /* index of the record whose id it is; or PLAN_NOWHERE */
    size_t place; /* among those of the record in the map */
    /* Of a reference: the first one of the plan that gives the same text the same meaning. */
    const struct plan_field *reads_as;
};

struct plan_identifier {
    const char *name; /* dni cnv cui padron code */
    struct plan_field value;
};

/* Of a record that lasts: struct import_span. */
struct plan_span {
    int of;                    /* index of the record that holds it; or PLAN_NOWHERE */
    uint32_t holder, from, to; /* numbers of its fields; `holder` names that record */
    struct plan_field on;      /* the row's day */
};

struct plan_record {
    const struct ayni_catalogue_type *type;
    const struct import_map_record *from; /* lent by the map */
    struct plan_field *fields;            /* by number, alternatives in the order of the map */
    size_t field_count;
    struct plan_identifier *identifiers;
    size_t identifier_count;
    struct plan_condition condition; /* the row speaks of it */
    int id;                          /* column; or PLAN_NOWHERE */
    int instead_of, with;            /* indexes of records; or PLAN_NOWHERE */
    bool has_stand_in;               /* another one is looked up where it is not here */
    struct plan_span span;
    struct ayni_catalogue_type ruled;       /* its type, with the rules of the map and no others */
    struct plan_condition *rule_conditions; /* of each, in which rows it is asked */
    const char **rule_columns; /* that rules of the map name, as they do: "edad" in quotes */
    int *rule_places;          /* and where they are; or PLAN_NOWHERE */
    size_t rule_column_count;
    int holder; /* of an identifier's record: index of whom it belongs to; else PLAN_NOWHERE */
    const char *identifier; /* likewise: dni cnv cui padron code */
};

struct import_plan {
    const struct import_map *map;
    const struct ayni_catalogue *catalogue;
    const char **header; /* column names */
    size_t column_count;
    bool *used; /* of each column */
    struct plan_record *records;
    size_t record_count;
    struct plan_field source_id, source_day; /* `source` is NULL where the file hasn't got them */
    struct ayni_arena memory;
};

/*
 * `map` and `catalogue` are lent for the plan's life, the header is copied. Free it in any case.
 *
 *   AYNI_E_USAGE    a type or field that the catalogue hasn't got
 *   AYNI_E_INVALID  a column twice, none that is known, or one missing that every record needs
 */
AYNI_CHECKED enum ayni_status import_plan_make(const struct import_map *map,
                                               const struct ayni_catalogue *catalogue,
                                               const char *const *header, size_t count,
                                               struct import_plan *plan,
                                               struct complaint *complaint);
void import_plan_free(struct import_plan *plan);
/* The name of the column that a field is read from; NULL where there is none. */
const char *import_plan_column(const struct import_plan *plan, const struct plan_field *field);
/* What a failure is called: by a map that calls it otherwise, else `code` itself. */
const char *import_plan_reason(const struct import_word *reasons, size_t count, const char *code);
/* The field of those that may be set which is the strictest to read; NULL where nothing is. */
const struct ayni_catalogue_field *import_plan_strictest(const struct import_plan *plan);

#endif
