#ifndef AYNI_DAEMON_RECORDS_IMPORT_MAP_PRIVATE_H
#define AYNI_DAEMON_RECORDS_IMPORT_MAP_PRIVATE_H

#include "daemon/records/import/import_map.h"

/* Between the two ways to make a map: of JSON, and of a header. */

/* The record of an identifier, after the one that it belongs to. `issued_on` may be NULL. */
void import_map_add_identifier(struct import_map *map, const struct import_map_record *holder,
                               const struct import_map_identifier *identifier,
                               const char *issued_on);

#endif
