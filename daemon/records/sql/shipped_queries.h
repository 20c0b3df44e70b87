#ifndef AYNI_DAEMON_RECORDS_SHIPPED_QUERIES_H
#define AYNI_DAEMON_RECORDS_SHIPPED_QUERIES_H

#include "proto/bytes.h"

/* The name of one of the saved queries that come with the program, ascending; NULL after the last.
 */
const char *shipped_query_name(size_t index);
/* The file of one of them; empty where there is none of that name. */
struct ayni_bytes shipped_query_text(const char *name);

#endif
