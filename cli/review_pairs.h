#ifndef AYNI_CLI_REVIEW_PAIRS_H
#define AYNI_CLI_REVIEW_PAIRS_H

#include "cli/review_session.h"

/*
 * `ayni review --duplicates`: pairs of children who may be one, asked about one after the other.
 * What the daemon is asked is in review_pairs_ask.c, what is printed in review_pairs_print.c, and
 * the questions in review_pairs.c. Plain lines, as in cli/review.h.
 */
struct pair {
    char a[AYNI_RECORD_TEXT_SIZE], b[AYNI_RECORD_TEXT_SIZE];
};

struct pairs {
    struct review_session session;
    struct pair *list; /* that were open when it began, the strongest first */
    size_t count, capacity, skipped;
    struct ayni_buffer shown; /* items of `duplicates.show`, encoded one behind the other */
};

AYNI_CHECKED enum ayni_status review_pairs(const struct settings *settings,
                                           const struct arguments *arguments,
                                           struct failure *failure);

/* --- asking the daemon --- */

/* Who the members are and which pairs wait. */
AYNI_CHECKED enum ayni_status pairs_ask_waiting(struct pairs *pairs, struct failure *failure);
/* `shown` of the pair that is asked about. */
AYNI_CHECKED enum ayni_status pairs_ask_shown(struct pairs *pairs, struct failure *failure);
/* Its first item: how alike they are. False where there is none. */
bool pairs_shown(const struct pairs *pairs, struct ayni_control_value *shown);
/* As `ayni link` and `ayni distinct` do it: same, different or twins. */
AYNI_CHECKED enum ayni_status pairs_decide(struct pairs *pairs, const char *verdict,
                                           struct failure *failure);
/* Take back what was decided last: it is asked about then. AYNI_E_NOT_FOUND: nothing was. */
AYNI_CHECKED enum ayni_status pairs_undo(struct pairs *pairs, struct failure *failure);
void pairs_free(struct pairs *pairs);

/* --- printing --- */

/* Whether the pair is still one to be asked about, by what is shown. */
bool pairs_is_open(const struct pairs *pairs);
/* Both, a line for each field: what they agree on once, where they differ with a mark. */
void pairs_print(const struct pairs *pairs);
/* The same with who says so, where, and when. */
void pairs_print_sources(const struct pairs *pairs);
void pairs_print_keys(void);
/* What is done, and what is left. */
void pairs_print_end(const struct pairs *pairs);

#endif
