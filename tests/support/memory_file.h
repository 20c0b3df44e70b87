#ifndef AYNI_TESTS_SUPPORT_MEMORY_FILE_H
#define AYNI_TESTS_SUPPORT_MEMORY_FILE_H

#include "proto/bytes.h"

/* A file that is in memory alone, for what reads files by their path. Aborts where that fails. */
enum { MEMORY_FILE_PATH_SIZE = 32 };
struct memory_file {
    int descriptor;
    char path[MEMORY_FILE_PATH_SIZE];
};

/* An empty one. */
void memory_file_make(struct memory_file *file);
/* What it holds from now on. */
void memory_file_write(struct memory_file *file, struct ayni_bytes bytes);
void memory_file_close(struct memory_file *file);
#define SCOPED_MEMORY_FILE __attribute__((cleanup(memory_file_close))) struct memory_file

#endif
