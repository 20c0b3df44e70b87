#ifndef AYNI_DAEMON_RECORDS_LANE_H
#define AYNI_DAEMON_RECORDS_LANE_H

#include <stdint.h>

/*
 * In which lane a person's change of a record of some type travels: what changes how all else is
 * read, or whether it may be, overtakes what is large.
 */
uint8_t lane_of_type(uint32_t type);

#endif
