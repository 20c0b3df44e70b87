#ifndef AYNI_DAEMON_RECORDS_IMPORT_GUESS_H
#define AYNI_DAEMON_RECORDS_IMPORT_GUESS_H

#include "daemon/records/complaint.h"
#include "proto/catalogue.h"

/*
 * A first map for a file, by the names of its columns alone: that of the
 * program which knows most of them, if it knows them nearly all; else one of
 * `type`, by columns that maps of the program read into its fields, and by names like its
 * fields'. To be read and corrected by a person. JSON, appended.
 *
 *   AYNI_E_USAGE     there is no such type
 *   AYNI_E_INVALID   no map of the program is for such a file, and `type` is NULL
 */
AYNI_CHECKED enum ayni_status import_guess(const struct ayni_catalogue *catalogue, const char *type,
                                           const char *const *header, size_t count,
                                           struct ayni_buffer *json, struct complaint *complaint);

#endif
