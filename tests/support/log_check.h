#ifndef AYNI_TESTS_SUPPORT_LOG_CHECK_H
#define AYNI_TESTS_SUPPORT_LOG_CHECK_H

#include "daemon/store/log.h"

/*
 * Fails the test unless all of the log holds together: each feed reads back as
 * runs whose chain and seals verify from the first entry to its head, and the
 * arrival journal names each entry in order, and some again whose payload came
 * later. Answers how many entries there are.
 */
uint64_t test_log_check(struct log_store *store);

#endif
