#ifndef AYNI_DAEMON_RECORDS_SURVEY_H
#define AYNI_DAEMON_RECORDS_SURVEY_H

#include "daemon/records/reader.h"
#include "daemon/records/rules/checker.h"

/*
 * A look at every record of some types and spaces, one after the other, in
 * pages: each under a reader of its own and no longer than a request may hold
 * one, so that nobody waits for it. What is written meanwhile may be seen or not.
 * Records come by type, then by space and id; those of types that the catalogue
 * doesn't have are left out.
 */
struct survey {
    uint32_t type;                                         /* this one alone; 0: all */
    const struct ayni_space *space;                        /* this one alone; NULL: all */
    bool (*takes)(const struct ayni_catalogue_type *type); /* NULL: whatever the type */

    /* Where it is; all zero at its beginning. */
    bool done;
    uint64_t looked_at; /* records */
    uint32_t at;        /* the type being looked at, from here on */
    bool started;       /* ... and the record of it that was looked at last */
    struct record_key last;
};

/* One record, as it folds; also one that is gone. All is lent for the call. */
struct surveyed {
    struct reader *reader;
    struct checker *checker; /* NULL where the page was asked for without */
    const struct ayni_catalogue_type *type;
    const struct record_state *state;
};
/* Sets `*enough` where the page is to end with this record. A failure ends it, too. */
typedef enum ayni_status survey_visit(void *context, const struct surveyed *record, bool *enough);

/* How many records it will look at, as things stand. */
AYNI_CHECKED enum ayni_status survey_total(const struct records *records,
                                           const struct survey *survey, uint64_t *total);
/* Some more records; with the checks of this node where `with_checks`. */
AYNI_CHECKED enum ayni_status survey_page(const struct records *records, struct survey *survey,
                                          bool with_checks, survey_visit *visit, void *context);

#endif
