#ifndef AYNI_TESTS_SUPPORT_BENCH_NETWORK_H
#define AYNI_TESTS_SUPPORT_BENCH_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A network of this process's own, for it and what it starts from here on: a
 * loopback whose bytes are nobody else's. False where the system doesn't allow it.
 */
bool bench_network_own(void);
/* Bytes that went over it, headers of TCP and IP included. */
uint64_t bench_network_bytes(void);

#endif
