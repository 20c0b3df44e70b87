#ifndef AYNI_DAEMON_CONTROL_FEDERATION_WORDS_H
#define AYNI_DAEMON_CONTROL_FEDERATION_WORDS_H

#include "daemon/control/call.h"
#include "daemon/records/standing.h"
#include "proto/registry.h"

/* What the handlers of members, spaces and stewards have in common: finding by name, and saying no.
 */

/* Fails the call: this node is no member of a federation yet. */
enum ayni_status federation_fail_no_federation(struct control_call *call);
/* By name, id or prefix; fails the call where none or several fit. */
AYNI_CHECKED enum ayni_status federation_find_member(struct control_call *call,
                                                     const struct charter *charter,
                                                     const char *text,
                                                     const struct ayni_member **member);
AYNI_CHECKED enum ayni_status federation_find_space(struct control_call *call,
                                                    const struct charter *charter, const char *text,
                                                    const struct ayni_space_info **space);
/* The one item {"id"}, with "done" where `done`. */
AYNI_CHECKED enum ayni_status federation_answer_id(struct control_call *call,
                                                   const struct ayni_record *record, bool done);

#endif
