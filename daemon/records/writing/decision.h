#ifndef AYNI_DAEMON_RECORDS_DECISION_H
#define AYNI_DAEMON_RECORDS_DECISION_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/writing/author.h"

/*
 * Why a conflict was settled as it was: a record of type conflict_decision, in
 * the same space and commit as the resolution, which is what counts. It stays what was
 * said then, also where the resolution is taken back. One commit is of one lane: both are
 * in that of decisions.
 */
enum { DECISION_LANE = AYNI_LANE_CONTROL };
struct decision_wish {
    const char *evidence; /* a code of its field `evidence` */
    const char *note;     /* or NULL; kept where the space is strict enough for notes */
};

struct decision {
    struct ayni_record id;
    struct ayni_field fields[4];
    size_t count;
    struct ayni_buffer values[4]; /* of the fields */
};

/*
 * A decision about one field of a record, to be freed whatever is answered.
 *
 *   AYNI_E_USAGE    the catalogue has no such type
 *   AYNI_E_INVALID  no such evidence, a note that is too long, or the deletion of a record, which
 *                   has no number
 *   AYNI_E_RIGHT    the space is the registry, or open to all
 */
AYNI_CHECKED enum ayni_status decision_make(struct reader *reader, const struct decision_wish *wish,
                                            const struct record_key *about, uint32_t field,
                                            struct decision *decision, struct complaint *complaint);
void decision_free(struct decision *decision); /* all zero is fine */

/* What writes it; lends the decision. */
struct author_change decision_change(const struct decision *decision,
                                     const struct record_key *about, const char *steward);

#endif
