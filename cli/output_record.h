#ifndef AYNI_CLI_OUTPUT_RECORD_H
#define AYNI_CLI_OUTPUT_RECORD_H

#include "cli/output_people.h"

/* A record as `get` answers it: what it is, a line for each field, contested ones with their
 * alternatives below. */
void output_record(const struct people *people, const struct ayni_control_value *record);
/* What `conflicts show` answers: the values of each field side by side, with who set them. */
void output_conflict(const struct people *people, const struct ayni_control_value *conflict);

#endif
