#ifndef AYNI_DAEMON_VIEW_VIEW_QUERY_H
#define AYNI_DAEMON_VIEW_VIEW_QUERY_H

#include "daemon/view/counters.h"

/*
 * Asking the view: one indicator in one month, by places and dimensions.
 * A number holds what this node holds, and nothing of what it may not read.
 */
enum view_level {
    VIEW_NATION = 0,
    VIEW_DEPARTMENT = 2,
    VIEW_PROVINCE = 4,
    VIEW_DISTRICT = 6
}; /* digits of a code */

struct view_request {
    const char *indicator;
    const char *rules;     /* the rule set's name, or NULL: all that are valid in that month */
    const char *territory; /* 2, 4 or 6 digits, or "" for the nation */
    enum view_level level; /* a row for each place of it */
    month_no month;
    bool by_sex, by_language;
};

struct view_row {
    char place[CONTRIBUTION_PLACE_SIZE]; /* as many digits as the level says; "" for unknown or the
                                            nation */
    char sex[CONTRIBUTION_VALUE_SIZE],
        language[CONTRIBUTION_VALUE_SIZE]; /* "" where not asked, or unknown */
    struct counts counts;
};

/* Rows by place, sex and language. `*rows` is the caller's to free(). None is AYNI_OK. */
AYNI_CHECKED enum ayni_status view_ask(struct reader *reader, const struct plan *plan,
                                       const struct view_request *request, struct view_row **rows,
                                       size_t *count);

/* A record that is counted in a cell: whom, and how. */
typedef bool view_traced(void *context, const struct indicator *indicator,
                         const struct ayni_record *subject, uint32_t type,
                         const struct subject_facts *facts,
                         const struct contribution *contribution);
/* Each subject behind the request's rows; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status view_trace(struct reader *reader, const struct plan *plan,
                                         const struct view_request *request, view_traced *visit,
                                         void *context);

#endif
