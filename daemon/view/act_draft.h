#ifndef AYNI_DAEMON_VIEW_ACT_DRAFT_H
#define AYNI_DAEMON_VIEW_ACT_DRAFT_H

#include "daemon/view/act.h"
#include "daemon/view/month_write.h"

/* Drafting the monthly act, which is the municipality's signature. docs/month.md. */
struct act_draft {
    struct ayni_space space;
    month_no month;           /* that has begun */
    const char *facility;     /* as people name a record of that type: `renaes:1234` */
    const char *municipality; /* likewise; NULL: this node's organisation */
    bool again;               /* also where others have signed: they are asked anew */
    /* Answered: */
    struct record_key key;
    bool created, changed;
    struct complaints warnings;
};
/*
 *   AYNI_E_RIGHT      this node is of no municipality, or of another one; no right in the space
 *   AYNI_E_NOT_FOUND  no such facility; no rules that say who is in the list
 *   AYNI_E_INVALID    somebody else has signed, and not `again`
 */
AYNI_CHECKED enum ayni_status act_draft(struct records *records, const struct month_writer *writer,
                                        struct act_draft *draft, struct complaint *complaint);

#endif
