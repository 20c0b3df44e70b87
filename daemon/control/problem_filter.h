#ifndef AYNI_DAEMON_CONTROL_PROBLEM_FILTER_H
#define AYNI_DAEMON_CONTROL_PROBLEM_FILTER_H

#include "daemon/control/outbox.h"
#include "daemon/control/scope.h"
#include "daemon/view/tally.h"

/*
 * Which problems a request is about, and whether it wants them one by one or
 * counted: "type", "space", "territory", "node", "kind", "summary". Each
 * problem that is found asks problem_filter_lists() before it is put.
 */
struct problem_filter {
    struct scope scope;
    bool has_node;
    struct ayni_node node;
    const char *kind;      /* its reason; NULL: any. Lent by the call, as is: */
    const char *territory; /* the beginning of its place; empty: any */
    bool counts;           /* "summary" */
    struct tally tally;
};

/* In words where an argument is none. To be freed whatever it answers. */
AYNI_CHECKED enum ayni_status problem_filter_read(struct control_call *call,
                                                  const struct charter *charter,
                                                  struct problem_filter *filter);
void problem_filter_free(struct problem_filter *filter);

/* Whether problems of no record, as those of nodes and feeds are, are asked for at all. */
bool problem_filter_takes_nodes(const struct problem_filter *filter);
/* Whether the place of what is found matters; else nobody needs to look it up. */
bool problem_filter_needs_place(const struct problem_filter *filter);

struct problem_found {
    const char *reason;
    const struct ayni_space *space;
    const struct ayni_node *node; /* NULL: not known */
    const char *place;            /* empty: not known, or asked for by nobody */
};
/* True where it is to be put. What is only counted has been. */
bool problem_filter_lists(struct problem_filter *filter, const struct problem_found *found);

/* The counts, if they were asked for: by reason, space, node and place. */
AYNI_CHECKED enum ayni_status problem_filter_put(struct problem_filter *filter,
                                                 const struct charter *charter,
                                                 struct outbox *outbox);

#endif
