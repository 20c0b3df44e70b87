#ifndef AYNI_DAEMON_RECORDS_REFERENCE_H
#define AYNI_DAEMON_RECORDS_REFERENCE_H

#include "daemon/records/complaint.h"
#include "daemon/records/reference_text.h"

/*
 * Reference tables: what steering loads into the registry's space, and all nodes then have
 * (docs/reference-tables.md). Rows of some are records of their own, imported by a map like other
 * files; others are kept as a text, in parts.
 */
struct reference {
    const char *name;
    const char *type;    /* of the records that its rows become; NULL: it is kept as a text */
    const char *edition; /* of a text, where nobody says another */
    const char *licence; /* likewise */
};

/* Those that this version takes; `*count` of them. */
const struct reference *reference_known(size_t *count);

/*
 * The one of that name, and the registry's space, which it is written to.
 *
 *   AYNI_E_USAGE  no such table in this version; AYNI_E_RIGHT  this node doesn't steer
 */
AYNI_CHECKED enum ayni_status reference_open(const struct records *records, const char *name,
                                             const struct reference **reference,
                                             struct ayni_space *space, struct complaint *complaint);
/*
 * A text of such a table, before it is stored: AYNI_E_INVALID where it is none that is of use, and
 * the complaint says which line is wrong.
 */
AYNI_CHECKED enum ayni_status reference_check_text(const struct reference *reference,
                                                   struct ayni_bytes text,
                                                   struct complaint *complaint);

/* What is here of a table whose rows are records. */
struct reference_rows {
    uint64_t rows;
    struct ayni_node node;    /* who wrote the newest */
    struct ayni_instant time; /* when */
};
AYNI_CHECKED enum ayni_status reference_count(struct reader *reader,
                                              const struct reference *reference,
                                              struct reference_rows *found);

#endif
