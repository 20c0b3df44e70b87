#ifndef AYNI_TESTS_SUPPORT_LISTENER_H
#define AYNI_TESTS_SUPPORT_LISTENER_H

#include "daemon/store/store_listener.h"

/* Who listens to something long and lets it go on. */
bool test_go_on(void *context, uint64_t done, uint64_t total);
extern const struct store_listener test_quiet;

#endif
