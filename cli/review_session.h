#ifndef AYNI_CLI_REVIEW_SESSION_H
#define AYNI_CLI_REVIEW_SESSION_H

#include "cli/arguments.h"
#include "cli/output_people.h"

/*
 * What reviews of every kind are: a list of what waits, one of which is asked
 * about, and what was decided here, to be taken back one by one. Each request
 * is made on a connection of its own: a person may think for an hour.
 */
struct review_session {
    const struct settings *settings;
    const struct arguments *arguments;
    struct people people;
    size_t at;       /* of what waits, the one that is asked about */
    size_t *decided; /* what `at` was for what was decided here, the last one last */
    size_t decided_count, decided_capacity;
};

/* Puts a request's arguments into the object that is open; `review` is the caller's. */
typedef void review_put(struct ayni_control_writer *writer, const void *review);

/* Ask, and keep the items of the answer in `kept`, encoded one behind the other; NULL: none. */
AYNI_CHECKED enum ayni_status review_session_ask(const struct review_session *session,
                                                 const char *request, review_put *put,
                                                 const void *review, struct ayni_buffer *kept,
                                                 struct failure *failure);
/* Decide what is asked about by this request; it can be taken back then. */
AYNI_CHECKED enum ayni_status review_session_decide(struct review_session *session,
                                                    const char *request, review_put *put,
                                                    const void *review, struct failure *failure);
/* Take back what was decided last; `at` is that again. AYNI_E_NOT_FOUND: nothing was. */
AYNI_CHECKED enum ayni_status review_session_undo(struct review_session *session,
                                                  const char *request, review_put *put,
                                                  const void *review, struct failure *failure);
/* An argument of the command, if it was given. */
void review_session_put(const struct review_session *session, const char *name,
                        struct ayni_control_writer *writer);
void review_session_free(struct review_session *session);

#endif
