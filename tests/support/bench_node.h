#ifndef AYNI_TESTS_SUPPORT_BENCH_NODE_H
#define AYNI_TESTS_SUPPORT_BENCH_NODE_H

#include "cli/client.h"

/*
 * A real daemon for a bench: `aynid` from beside the bench program, a home in the
 * bench's folder, and one connection to its control socket. Whatever fails ends
 * the program with the daemon's own words; daemons end with the bench.
 */
struct bench_node {
    char name[32];
    char home[320];
    char endpoint[64];
    pid_t process;
    struct client client;
    struct ayni_buffer items; /* of the last answer, one after the other */
    struct ayni_cbor_reader unread;
};

/* Make the home; the first one steers. */
void bench_node_init(struct bench_node *node, const char *folder, const char *name, bool steering);
/* Start the daemon and wait until it answers. */
void bench_node_start(struct bench_node *node);
void bench_node_stop(struct bench_node *node);
/* The same without a word of warning. */
void bench_node_kill(struct bench_node *node);
/* One more connection to a daemon that runs, for a thread of its own; bench_node_free() ends it. */
void bench_node_connect(struct bench_node *more, const struct bench_node *node);
/* Stops it if it runs; the home is the folder's. */
void bench_node_free(struct bench_node *node);
/* `node` joins the federation that `steering` steers, and has heard that it is a member. */
void bench_node_join(struct bench_node *node, struct bench_node *steering);

/* A request with texts as arguments: name, value, name, value, NULL. */
void bench_node_ask(struct bench_node *node, const char *command, ...) __attribute__((sentinel));
/* A request whose object of arguments is put by the caller. */
struct ayni_control_writer bench_node_request(struct bench_node *node, const char *command);
/* Its exchange. False where the answer is AYNI_E_NOT_FOUND. */
bool bench_node_exchange(struct bench_node *node);
/* Likewise, of a request that asks for data: `want` finishes each frame of it. */
bool bench_node_upload(struct bench_node *node,
                       enum ayni_status (*want)(void *context, struct ayni_buffer *frame,
                                                struct failure *failure),
                       void *context);
/* The next item of the last answer; false: no more. */
bool bench_node_item(struct bench_node *node, struct ayni_control_value *item);
/* A number in an item; the program ends if there is none. */
uint64_t bench_item_number(const struct ayni_control_value *item, const char *key);

/* Until it says that it is in sync with all its peers. */
void bench_node_await_sync(struct bench_node *node);
/* What `space.list` says of a space; false where it isn't known here. */
bool bench_node_space(struct bench_node *node, const char *space, struct ayni_control_value *item);
/* Until it is known with that role: owner, writer, reader. */
void bench_node_await_role(struct bench_node *node, const char *space, const char *role);
/* Bytes of log and views on the disk. */
uint64_t bench_node_disk(const struct bench_node *node);
/* Bytes of messages with all peers together, since the daemon's start. */
struct bench_traffic {
    uint64_t sent, received;
};
struct bench_traffic bench_node_traffic(struct bench_node *node);

#endif
