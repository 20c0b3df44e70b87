#ifndef AYNI_DAEMON_RECORDS_LOCATE_H
#define AYNI_DAEMON_RECORDS_LOCATE_H

#include "daemon/records/reader.h"

/*
 * Where a record belongs on the map: the public code that its own field of that
 * kind holds; else that of whom it is about, of whom that one is about, and so on. An
 * identifier is where its holder lives, a visit where it was made.
 */
enum { LOCATE_CODE_SIZE = 7 };

/* `code` is 2, 4 or 6 digits, or empty where that isn't known here. */
AYNI_CHECKED enum ayni_status locate_record(struct reader *reader, const struct record_state *state,
                                            char code[LOCATE_CODE_SIZE]);
/* Whether the code lies in a territory of as many digits or fewer; all do in the empty one. */
bool locate_within(const char *code, const char *territory);

#endif
