#ifndef AYNI_DAEMON_RECORDS_IMPORT_MAPS_H
#define AYNI_DAEMON_RECORDS_IMPORT_MAPS_H

#include "proto/bytes.h"

/*
 * Names of the maps for records that come with the program, NULL at the end; `ubigeo` is for
 * reference tables, as are others that aren't named here (daemon/records/reference.h).
 */
extern const char *const import_map_names[];
/* The JSON of one of all of them; empty where there is none of that name. */
struct ayni_bytes import_map_text(const char *name);

#endif
