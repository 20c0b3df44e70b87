#ifndef AYNI_DAEMON_VIEW_APPROVAL_WRITE_H
#define AYNI_DAEMON_VIEW_APPROVAL_WRITE_H

#include "daemon/view/approval.h"
#include "daemon/view/month_write.h"

/* The steps of an approval: docs/month.md. */
enum approval_step {
    APPROVAL_STEP_READY,   /* of the own level */
    APPROVAL_STEP_APPROVE, /* of the own level */
    APPROVAL_STEP_ACCEPT,  /* of the level below */
    APPROVAL_STEP_RETURN,  /* of the level below, with a reason */
    APPROVAL_STEPS,
};

struct approval_request {
    struct approval_scope scope;
    const char *workflow;
    enum approval_step step;
    enum party_level level; /* whose approval it is; PARTY_LEVELS: by this node's organisation */
    /* Answered: */
    struct record_key key;
    struct ayni_hash content; /* as it is now */
    size_t acts;              /* signed ones, which it is about */
    size_t acts_changed;      /* of how many of them the children have changed */
    size_t acts_unsigned;     /* which it isn't about, and which hinder nobody */
    bool written;
    struct complaints warnings;
};

/*
 * Take the step. What has changed since others approved is a warning, and hinders nothing.
 *
 *   AYNI_E_RIGHT      this node's organisation isn't of that level; no right in the space
 *   AYNI_E_NOT_FOUND  there are no such acts, or nothing to accept or return
 *   AYNI_E_INVALID    no act is signed, or the own one isn't; a level below hasn't approved; not
 * the next step AYNI_E_USAGE      its organisation is of several levels; a step back without a
 * reason
 */
AYNI_CHECKED enum ayni_status approval_take(struct records *records,
                                            const struct month_writer *writer,
                                            struct approval_request *request,
                                            struct complaint *complaint);

#endif
