#ifndef AYNI_DAEMON_VIEW_APPROVAL_ACTS_H
#define AYNI_DAEMON_VIEW_APPROVAL_ACTS_H

#include "daemon/view/act.h"

/*
 * The signed acts of a month in a space, as approvals are about them: all that each shows. Read
 * once for any number of territories. What isn't signed is in no approval: anybody may write a
 * record that says to be an act. docs/protocol.md, section 4.10. All zero: none was read.
 */
struct approval_acts {
    bool known; /* they were read, of: */
    struct ayni_space space;
    month_no month;
    struct ayni_listed *list; /* ascending */
    char (*places)[CONTRIBUTION_PLACE_SIZE];
    size_t count;
};
/* Nothing is read again where it has those of that space and month already. */
AYNI_CHECKED enum ayni_status approval_acts_read(struct reader *reader,
                                                 const struct ayni_space *space, month_no month,
                                                 struct approval_acts *acts);
void approval_acts_free(struct approval_acts *acts); /* all zero again */
#define SCOPED_APPROVAL_ACTS __attribute__((cleanup(approval_acts_free))) struct approval_acts

/* The hash of those of a territory, and how many they are. */
AYNI_CHECKED enum ayni_status approval_acts_content(const struct approval_acts *acts,
                                                    const char *territory,
                                                    struct ayni_hash *content, size_t *count);

#endif
