#ifndef AYNI_DAEMON_FEDERATION_PLACE_H
#define AYNI_DAEMON_FEDERATION_PLACE_H

#include <stdint.h>

enum { PLACE_SIZE = 16 };

/*
 * Where an open file lives, in 16 bytes: a hash of the machine's id, of the
 * serial numbers of its board and of the disk, of the file's inode and birth
 * time. A copy is elsewhere: on the same machine for its inode and time, on
 * another one for the id, and a whole disk that was cloned for its serial
 * number. What the system doesn't tell counts as empty. A disk that was rolled
 * back to an earlier state is where it was.
 */
void place_of(int file, uint8_t place[PLACE_SIZE]);

#endif
