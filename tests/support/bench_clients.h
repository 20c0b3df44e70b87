#ifndef AYNI_TESTS_SUPPORT_BENCH_CLIENTS_H
#define AYNI_TESTS_SUPPORT_BENCH_CLIENTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What no daemon can do without, by hand: clients that ask over sockets, a thread
 * for each that answers, one thread that commits what has gathered to a first LMDB
 * store, and one that commits it to a second. Nothing is encoded, hashed, signed, checked,
 * folded or looked up. So many clients can't be served quicker on this machine by two durable
 * commits each, as long as clients and daemon share its cores.
 */
struct bench_clients {
    double per_s;
    double group; /* asked for in one commit of the first store */
};

/* `count` requests by `clients` of them (up to 64), in two new stores inside of `folder`. */
struct bench_clients bench_clients_run(const char *folder, size_t clients, uint64_t count);

#endif
