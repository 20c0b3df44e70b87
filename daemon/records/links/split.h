#ifndef AYNI_DAEMON_RECORDS_SPLIT_H
#define AYNI_DAEMON_RECORDS_SPLIT_H

#include "daemon/records/complaint.h"
#include "daemon/records/records.h"
#include "daemon/records/state.h"
#include "daemon/records/writing/edit.h"

/*
 * Part two children (or persons) who were entered under one number: what some nodes wrote goes over
 * to a new record with an id of its own, the rest stays. docs/decisions/0012-splitting.md.
 *
 * Nothing is taken out of any history: what changes are resolutions, which can be withdrawn one by
 * one, and new records. In each space:
 *
 *   the child     the new record gets what those nodes' versions alone come to; the old one what
 * the others' alone come to, or is deleted where they wrote none about it      records of which
 * those nodes wrote all versions change their subject; those whose key has the child in it are
 * written anew and deleted. What both wrote stays naming it     such references of records that
 * those nodes alone wrote name the new one its number    the identifier that the old id is derived
 * of stays
 *
 * Decisions on links stay; the two are decided to be `different`.
 */
struct split_request {
    const char *id;           /* as names_record() has it */
    const char *space;        /* there alone; NULL: wherever it is */
    const char *const *nodes; /* names or ids of members, also of those who are revoked */
    size_t node_count;
    const char *reason; /* or NULL */
    const char *steward;
    bool by_admin;
    bool dry_run; /* say what it would come to, and write nothing */
    bool english;
};

enum { SPLIT_NODES_MAX = 16, SPLIT_MIXED_MAX = 64 };
struct split_fields { /* of the child, by number */
    uint32_t numbers[EDIT_CHANGED_MAX];
    size_t count;
};
struct split_result {
    struct ayni_record from, child; /* the old one, and the new one; of a dry run nobody's id */
    uint32_t type;
    struct split_fields changed;     /* of the old one: they are the others' again */
    struct split_fields contested;   /* several values are left, to be settled */
    struct split_fields copied;      /* what the new one needs and those nodes didn't write */
    struct split_fields role_needed; /* of the old one: not given back, since their rule is
                                      * authority:ROLE and this node's organisation hasn't got it */
    size_t moved;                    /* records about it, those written anew included */
    size_t rewritten;
    size_t references; /* records that name it */
    size_t stayed;     /* records about it that others wrote */
    struct ayni_record
        mixed[SPLIT_MIXED_MAX]; /* both wrote them: they stay, for somebody to look at
                                 */
    size_t mixed_count;         /* may be larger */
};

/*
 * Answers when a reader sees it.
 *
 *   AYNI_E_NOT_FOUND  no such record, or those nodes wrote nothing of it
 *   AYNI_E_USAGE      a node or space that nobody knows, or no node
 *   AYNI_E_INVALID    no child or person; or all of it was written by those nodes: nobody is parted
 *   AYNI_E_RIGHT      no right to write in one of the spaces
 */
AYNI_CHECKED enum ayni_status split_record(struct records *records,
                                           const struct split_request *request,
                                           struct split_result *result,
                                           struct complaint *complaint);

/* Whether what some nodes wrote of the record has gone over to another, and that wasn't taken back:
 * the last of them. */
bool split_of(const struct record_state *state, struct ayni_record *child);

#endif
