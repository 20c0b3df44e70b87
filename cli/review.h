#ifndef AYNI_CLI_REVIEW_H
#define AYNI_CLI_REVIEW_H

#include "cli/review_session.h"

/*
 * A session at the terminal in which one contested field after the other is
 * asked for. What the daemon is asked is in review_ask.c, what is printed in review_print.c,
 * and the questions in cmd_review.c. Plain lines, nothing that moves: for slow lines and screen
 * readers.
 */
enum { REVIEW_FIELD_SIZE = 64, REVIEW_SPACE_SIZE = 256 };

/* A record that waits: it may be held in other spaces as well. */
struct review_waiting {
    char id[AYNI_RECORD_TEXT_SIZE];
    char space[REVIEW_SPACE_SIZE];
    size_t skipped; /* of its fields, when it was asked about last; or it as a whole */
};

struct review {
    struct review_session session;
    struct review_waiting *waiting; /* the conflicts that were open when it began, oldest first */
    size_t waiting_count, waiting_capacity;
    struct ayni_buffer shown; /* what `conflicts.show` says of it, encoded */
    struct ayni_buffer log;   /* its versions, encoded one behind the other */
};

/* One answer of a question: the number of an alternative, or a value. */
struct review_choice {
    const char *field;
    unsigned long pick; /* 0: `value` */
    const char *value;
    unsigned long expect; /* alternatives that the person has seen */
};

/* Who the members are and what waits. */
AYNI_CHECKED enum ayni_status review_ask_waiting(struct review *review, struct failure *failure);
/* `shown` and, of review_ask_log(), `log` of the conflict that is asked about. */
AYNI_CHECKED enum ayni_status review_ask_shown(struct review *review, struct failure *failure);
AYNI_CHECKED enum ayni_status review_ask_log(struct review *review, struct failure *failure);
AYNI_CHECKED enum ayni_status
review_settle(struct review *review, const struct review_choice *choice, struct failure *failure);
/* Take back what was settled last: it is asked about then. AYNI_E_NOT_FOUND: nothing was. */
AYNI_CHECKED enum ayni_status review_undo(struct review *review, struct failure *failure);
void review_free(struct review *review);

void review_print_record(const struct review *review);
/* The alternatives of a field; how many there are. */
size_t review_print_field(const struct review *review, struct ayni_bytes field,
                          const struct ayni_control_value *alternatives);
void review_print_log(const struct review *review);
void review_print_keys(void);
/* What is done, and what is left. */
void review_print_end(const struct review *review);

#endif
