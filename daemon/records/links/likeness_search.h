#ifndef AYNI_DAEMON_RECORDS_LIKENESS_SEARCH_H
#define AYNI_DAEMON_RECORDS_LIKENESS_SEARCH_H

#include "daemon/records/links/likeness_child.h"

/*
 * Finds the children that may be the same as one: by its numbers, its mothers
 * and the rows of daemon/records/links/likeness_rows.h, then each looked at whole.
 * What it has read it remembers, for the life of its reader.
 */
struct likeness_search;

/*
 * How far it goes, for one child and each of the four ways to find others: by numbers, by mothers,
 * by equal names and by near ones, those first that say most. What is over it makes a child
 * crowded.
 */
struct likeness_effort {
    size_t candidates; /* children to whom it is compared; LIKENESS_CANDIDATES_MAX at most */
    size_t rows;       /* that begin as its own would and are looked at */
};
enum { LIKENESS_CANDIDATES_MAX = 64, LIKENESS_FOUND_MAX = 4 * LIKENESS_CANDIDATES_MAX };
extern const struct likeness_effort likeness_of_all;   /* who looks for all pairs can wait */
extern const struct likeness_effort likeness_at_entry; /* a millisecond or two, whoever is here */

AYNI_CHECKED enum ayni_status likeness_search_new(struct reader *reader,
                                                  const struct likeness_effort *effort,
                                                  struct likeness_search **search);
void likeness_search_free(struct likeness_search *search); /* NULL is fine */
static inline void likeness_search_free_scoped(struct likeness_search **search)
{
    likeness_search_free(*search);
}
#define SCOPED_LIKENESS_SEARCH                                                                     \
    __attribute__((cleanup(likeness_search_free_scoped))) struct likeness_search

/* What a search has done so far, for all of its children. */
struct likeness_work {
    uint64_t compared; /* pairs of children */
    uint64_t rows;     /* that were looked at to find them */
};
struct likeness_work likeness_search_work(const struct likeness_search *search);

typedef void likeness_visit(void *context, const struct likeness_known *other,
                            const struct likeness_match *match);
/*
 * Every child that a key holds for, decided about or not, in no order. `*crowded`: there are more
 * like it than are ever compared, as where thousands have one name and one day.
 */
AYNI_CHECKED enum ayni_status likeness_find(struct likeness_search *search,
                                            const struct likeness_known *child,
                                            likeness_visit *visit, void *context, bool *crowded);

#endif
