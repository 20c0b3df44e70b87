#ifndef AYNI_DAEMON_RECORDS_REFERENCE_H
#define AYNI_DAEMON_RECORDS_REFERENCE_H

#include "daemon/records/complaint.h"
#include "daemon/records/records.h"

/*
 * Reference tables: what steering loads into the registry's space, and all
 * nodes then have. They are records like others, imported by a map like other
 * files. This version knows one of them, `ubigeo`.
 */
enum { REFERENCE_TABLES_MAX = 8 };

struct reference_table {
    const char *name;
    uint64_t rows;            /* records */
    struct ayni_node node;    /* who wrote the newest */
    struct ayni_instant time; /* when */
};

/*
 * Where a table of that name is imported to, and the JSON of its map.
 *
 *   AYNI_E_USAGE  no such table in this version; AYNI_E_RIGHT  this node doesn't steer
 */
AYNI_CHECKED enum ayni_status reference_open(const struct records *records, const char *name,
                                             struct ayni_space *space, struct ayni_bytes *map,
                                             struct complaint *complaint);
/* Those that are here. */
AYNI_CHECKED enum ayni_status reference_list(struct reader *reader,
                                             struct reference_table tables[REFERENCE_TABLES_MAX],
                                             size_t *count);

#endif
