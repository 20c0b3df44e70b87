#ifndef AYNI_CLI_FILE_H
#define AYNI_CLI_FILE_H

#include "cli/failure.h"

/* All of a file, `-` for standard input, up to `maximum` bytes. In words: it isn't there, or is too
 * large. */
AYNI_CHECKED enum ayni_status file_read(const char *path, size_t maximum, struct ayni_buffer *to,
                                        struct failure *failure);

#endif
