#ifndef AYNI_DAEMON_RECORDS_IMPORT_H
#define AYNI_DAEMON_RECORDS_IMPORT_H

#include "daemon/records/complaint.h"
#include "daemon/records/import/import_row.h"
#include "daemon/records/records.h"

/*
 * A file of rows on its way into a space: docs/import-maps.md. Rows come in batches, each is
 * judged and written as one call of the author; what was answered for stays, whatever becomes of
 * the rest. One thread for an import; any number of imports at once.
 */
struct import;

struct import_options {
    struct records *records; /* lent for the import's life, as the texts are for the call */
    const struct ayni_space *space;
    const char *type;             /* without a map: the header names its fields */
    struct ayni_bytes map;        /* JSON; or empty */
    const char *dates, *decimals; /* declared of the file, in the words of maps; or NULL */
    const char *const *header;
    size_t header_count;
    const char *steward;
    bool by_admin; /* she may write in the registry, too */
    bool dry_run;  /* say what would happen, and write nothing */
    bool bulk;     /* lane 2, however few the rows are */
    uint64_t rows; /* how many will come, as far as is known */
};

/* A row; cells as they stand in the file. */
struct import_line {
    uint64_t line;
    const struct ayni_bytes *cells;
    size_t cell_count;
};

/*
 * Rows by what became of them. A row is counted by its first record: created
 * where that is new; else updated where anything of the row was written.
 */
struct import_counts {
    uint64_t read, created, updated, unchanged, rejected;
    uint64_t conflicts; /* rows of which something written stands against what others wrote */
    uint64_t warnings;
};

/*
 *   AYNI_E_USAGE    a type, field or column that nobody knows
 *   AYNI_E_INVALID  the map or the header is of no use
 *   AYNI_E_RIGHT    no right to write there, the registry and not by an admin, stricter than the
 * space, or no identity key yet
 */
AYNI_CHECKED enum ayni_status import_begin(const struct import_options *options,
                                           struct import **import, struct complaint *complaint);
void import_end(struct import *import); /* NULL is fine */

/*
 * Judge rows and write them, all that aren't rejected: they are on their way on AYNI_OK, and
 * durable with the next batch or the end, which fail where they couldn't be written. What was
 * found of them is lent until the next batch.
 */
AYNI_CHECKED enum ayni_status import_rows(struct import *import, const struct import_line *lines,
                                          size_t count);
/* No more rows come: answers when a reader sees all of them. */
AYNI_CHECKED enum ayni_status import_finish(struct import *import);
const struct import_finding *import_findings(const struct import *import, size_t *count);
const struct import_counts *import_counts(const struct import *import);
/* Children that weren't here before, for who looks for the same child twice; the first
 * IMPORT_CHILDREN_MAX. */
enum { IMPORT_CHILDREN_MAX = 10000 };
struct import_child {
    struct ayni_record record;
    uint64_t line;
};
const struct import_child *import_children(const struct import *import, size_t *count);
/* What was found of days and decimals. */
struct import_forms import_forms(const struct import *import);
/* Columns of the file that nothing was read from, by name; NULL after the last. */
const char *import_unused_column(const struct import *import, size_t index);

#endif
