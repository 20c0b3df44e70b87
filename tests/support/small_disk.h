#ifndef AYNI_TESTS_SUPPORT_SMALL_DISK_H
#define AYNI_TESTS_SUPPORT_SMALL_DISK_H

#include <stdbool.h>

#include "tests/support/folder.h"
#include "tests/support/suite.h"

/*
 * A file system of 4 MiB, mounted where only the test's own process sees it: so
 * root alone can have one. Made in checked fixtures.
 */
enum { SMALL_DISK_SIZE = 4 * 1024 * 1024 };

/* Tried in a child, so that this process keeps its own view of the world. */
bool small_disk_possible(void);
/* In main(), where it isn't: says why, and answers what to exit with. The suite is used up. */
int small_disk_skip(Suite *suite);

void small_disk_make(struct test_folder *folder);
void small_disk_remove(struct test_folder *folder);
/* Something else that takes room, and can be deleted. */
void small_disk_fill(const struct test_folder *folder, size_t size);
void small_disk_make_room(const struct test_folder *folder);

#endif
