#ifndef AYNI_DAEMON_VIEW_VIEW_QUERY_H
#define AYNI_DAEMON_VIEW_VIEW_QUERY_H

#include "daemon/records/territories.h"
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
    const struct indicator *edition; /* of the plan (plan_edition()); NULL: all, of view_past_page()
                                        and view_trace() */
    const char *territory;           /* 2, 4 or 6 digits, or "" for the nation */
    enum view_level level;           /* a row for each place of it */
    month_no month;
    bool by_sex, by_language;
    /* A place that moved counts under the code that it has on `day`; NULL: under that of its time.
     */
    const struct territories *successors;
    int64_t day;
};

struct view_row {
    char place[CONTRIBUTION_PLACE_SIZE]; /* as many digits as the level says; "" for unknown or the
                                            nation */
    char sex[CONTRIBUTION_VALUE_SIZE],
        language[CONTRIBUTION_VALUE_SIZE]; /* "" where not asked, or unknown */
    struct counts counts;
};

/* Rows that are added up from contributions, and what they come to; `*rows` is the caller's to
 * free(). */
void view_add(struct tally *tally, const struct view_request *request,
              const struct indicator *indicator, const struct subject_facts *facts,
              const struct contribution *contribution);
AYNI_CHECKED enum ayni_status view_rows(struct tally *tally, struct view_row **rows, size_t *count);

/* Rows of one edition by place, sex and language. `*rows` is the caller's to free(). None is
 * AYNI_OK. */
AYNI_CHECKED enum ayni_status view_ask(struct reader *reader, const struct plan *plan,
                                       const struct view_request *request, struct view_row **rows,
                                       size_t *count);

/* A record that is counted in a cell: whom, and how. */
typedef bool view_visit(void *context, const struct indicator *indicator,
                        const struct ayni_record *subject, uint32_t type,
                        const struct subject_facts *facts, const struct contribution *contribution);
/* Those of a subject's shares that the request asks for; false where `visit` has had enough. */
bool view_visit_subject(const struct plan *plan, const struct view_request *request,
                        const struct ayni_record *record, uint32_t type,
                        const struct subject_result *subject, view_visit *visit, void *context);

struct view_place { /* where a trace is; all zero: at the beginning */
    bool started, done;
    uint8_t last[CONTRIBUTION_KEY_SIZE]; /* the subject that was looked at last */
};
/* Each subject behind the request's rows, from the place on; `visit` returns false to stop after
 * that one. */
AYNI_CHECKED enum ayni_status view_trace(struct reader *reader, const struct plan *plan,
                                         const struct view_request *request,
                                         struct view_place *place, view_visit *visit,
                                         void *context);

#endif
