#ifndef AYNI_TESTS_SUPPORT_FOLDER_H
#define AYNI_TESTS_SUPPORT_FOLDER_H

#include "proto/bytes.h"

/* A new folder of a test's own, under TMPDIR or /tmp. */
struct test_folder {
    char path[256];
};

void test_folder_make(struct test_folder *folder);
/* With all that is in it. */
void test_folder_remove(struct test_folder *folder);
/* "FOLDER/name" */
void test_folder_path(const struct test_folder *folder, const char *name, char *path, size_t size);
/* Write a file; fails the test where that can't be done. */
void test_folder_write(const struct test_folder *folder, const char *name, const void *data,
                       size_t size);
/* Whether some bytes are anywhere in the file. */
bool test_file_holds(const char *path, struct ayni_bytes bytes);

#endif
