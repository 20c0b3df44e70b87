#ifndef AYNI_DAEMON_VIEW_ACT_SIGN_H
#define AYNI_DAEMON_VIEW_ACT_SIGN_H

#include "daemon/view/act_compare.h"
#include "daemon/view/month_write.h"

/* Signing an act that was drafted: for the facility, or once more the municipality. docs/month.md.
 */
struct act_sign {
    struct record_key key;
    bool anyway; /* also where the list here is another one */
    /* Answered: */
    bool differs; /* and so it wasn't signed; `act show` says in what */
    bool changed;
    struct complaints warnings;
};
/*
 *   AYNI_E_RIGHT      this node's organisation is neither party; no right in the space
 *   AYNI_E_NOT_FOUND  there is no such act
 *   AYNI_E_INVALID    the act itself is contested
 */
AYNI_CHECKED enum ayni_status act_sign(struct records *records, const struct month_writer *writer,
                                       struct act_sign *sign, struct complaint *complaint);

#endif
