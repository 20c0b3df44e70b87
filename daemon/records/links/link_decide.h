#ifndef AYNI_DAEMON_RECORDS_LINK_DECIDE_H
#define AYNI_DAEMON_RECORDS_LINK_DECIDE_H

#include "daemon/records/complaint.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/records.h"

/*
 * Deciding whether two children, or two persons, are one: an ordinary version of a link decision,
 * which supersedes what was decided before and leaves it in the history. docs/links.md.
 *
 * It is written in each space that holds both, and where a decision on them stands already; where
 * none holds both, in the strictest that holds either, so that who reads a laxer one hears of no
 * record that isn't there.
 */
struct link_request {
    const char *one, *other; /* as names_record() has it */
    const char *space;       /* its name or id: there alone; or NULL */
    enum link_verdict verdict;
    const char *reasons; /* codes with commas between; or NULL */
    const char *keep;    /* of LINK_SAME: which of the two goes on; or NULL */
    const char *why;     /* a text, signed with the change; or NULL */
    const char *steward;
    bool by_admin;
    bool english; /* rules of the catalogue speak English, else Spanish */
};

enum { LINK_CHANGED_MAX = 5, LINK_SPACES_MAX = 16 };
struct link_result {
    struct ayni_record one; /* the first of the two */
    struct ayni_record decision;
    uint32_t
        changed[LINK_CHANGED_MAX]; /* fields that differ now in some space; none: it stood so */
    size_t changed_count;
    struct link link;                /* what counts of the two now */
    struct link_component component; /* who is one with the first of them now */
    struct complaints warnings;
};

/*
 * Answers when a reader sees it.
 *
 *   AYNI_E_NOT_FOUND  no such record, or an erased one; of LINK_UNDECIDED nothing stands that could
 *                     be taken back
 *   AYNI_E_USAGE      a name that means several, or a space that nobody knows or that holds neither
 *   AYNI_E_INVALID    one and the same record, two of different types, of a type that isn't linked,
 *                     a `keep` that is neither, or more than LINK_MEMBERS_MAX would be one; else as
 *                     edit_put()
 *   AYNI_E_RIGHT      no right to write there
 */
AYNI_CHECKED enum ayni_status link_decide(struct records *records,
                                          const struct link_request *request,
                                          struct link_result *result, struct complaint *complaint);

#endif
