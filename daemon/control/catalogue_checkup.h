#ifndef AYNI_DAEMON_CONTROL_CATALOGUE_CHECKUP_H
#define AYNI_DAEMON_CONTROL_CATALOGUE_CHECKUP_H

#include "daemon/control/checkup.h"

/*
 * One more finding of `ayni doctor`, for which the store is read: whether this program can apply
 * all rules of the federation's catalogue, and, where this node steers, whether the edition that
 * comes with the program has been written. Well where that can't be looked at.
 */
void catalogue_checkup(struct daemon *daemon, struct finding *finding);

#endif
