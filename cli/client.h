#ifndef AYNI_CLI_CLIENT_H
#define AYNI_CLI_CLIENT_H

#include <sys/types.h>

#include "cli/inflow.h"
#include "cli/remote.h"
#include "cli/settings.h"
#include "proto/control.h"

/* A daemon at the other end of its control socket or from afar, or a worker at the other end of a
 * pipe. */
struct client {
    struct inflow in;
    int out;               /* the same for a socket; -1 for a worker */
    pid_t worker;          /* 0: none */
    struct remote *remote; /* NULL: none; else there is neither of the others */
    bool is_watched;       /* standard error is a terminal */
    struct ayni_buffer frame;
    struct ayni_buffer body;
};

/* AYNI_E_STOPPED where no daemon answers. */
AYNI_CHECKED enum ayni_status client_connect(const struct settings *settings, struct client *client,
                                             struct failure *failure);
/* `aynid --worker ...`, the program beside this one, else found by PATH. `arguments` ends with a
 * NULL. */
AYNI_CHECKED enum ayni_status client_start_worker(const char *const *arguments,
                                                  struct client *client, struct failure *failure);
void client_close(struct client *client);
#define SCOPED_CLIENT __attribute__((cleanup(client_close))) struct client

/* What is done with answers; any but `item` may be NULL. A failure ends the exchange. */
struct client_sink {
    void *context;
    enum ayni_status (*item)(void *context, const struct ayni_control_value *value,
                             struct failure *failure);
    /* As progress_show() has it; 0 and 0 while nothing comes, where somebody looks on. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    /* Finishes the next data frame, or the end of the data, in `frame`. */
    enum ayni_status (*want)(void *context, struct ayni_buffer *frame, struct failure *failure);
};

/*
 * A request: begin, put the object of arguments, and exchange it for answers up
 * to their end. The status is that of the end, and `failure` says it in words.
 */
struct ayni_control_writer client_request(struct client *client, const char *command);
AYNI_CHECKED enum ayni_status client_exchange(struct client *client, const struct client_sink *sink,
                                              struct failure *failure);
/* The answers of a worker, which was asked by its arguments. */
AYNI_CHECKED enum ayni_status client_listen(struct client *client, const struct client_sink *sink,
                                            struct failure *failure);

#endif
