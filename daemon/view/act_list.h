#ifndef AYNI_DAEMON_VIEW_ACT_LIST_H
#define AYNI_DAEMON_VIEW_ACT_LIST_H

#include "daemon/records/reader.h"
#include "daemon/view/contribution.h"
#include "proto/sketch.h"

/*
 * The children whom a monthly act is about: those that the space in which the act stands shows to
 * live in a district at the month's end, and that the indicator `children` counts then. A pure
 * function of the space's versions, the catalogue and the registry: docs/protocol.md, section 4.9.
 */
enum { ACT_LIST_TYPE = 101 }; /* a child */
struct act_scope {
    struct ayni_space space;
    char place[CONTRIBUTION_PLACE_SIZE]; /* the district, or whatever its children's begin with */
    month_no month;
};

struct act_list {
    struct ayni_listed *children;            /* ascending */
    char (*places)[CONTRIBUTION_PLACE_SIZE]; /* where each lives */
    size_t count;
    struct ayni_hash root;
};
void act_list_free(struct act_list *list); /* all zero again */
#define SCOPED_ACT_LIST __attribute__((cleanup(act_list_free))) struct act_list

/*
 * As the reader shows it, within its limits. AYNI_E_NOT_FOUND: no edition of the indicator counts
 * in that month.
 */
AYNI_CHECKED enum ayni_status act_list_make(struct reader *reader, const struct act_scope *scope,
                                            struct act_list *list);

/* Of a list of many districts that of one, with its own hash. */
AYNI_CHECKED enum ayni_status act_list_part(const struct act_list *whole, const char *place,
                                            month_no month, struct act_list *part);

/* How many are in `list` and not in `other`, by their ids. */
size_t act_list_missing(const struct act_list *list, const struct act_list *other);
void act_list_sketch(const struct act_list *list, struct ayni_sketch *sketch);

#endif
