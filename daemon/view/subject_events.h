#ifndef AYNI_DAEMON_VIEW_SUBJECT_EVENTS_H
#define AYNI_DAEMON_VIEW_SUBJECT_EVENTS_H

#include "daemon/records/links/link_component.h"
#include "daemon/view/contribution.h"
#include "daemon/view/plan.h"

/*
 * What the records about a subject come to. For each condition of the plan, in
 * its order, two events decide: of the records with a day that which meets it
 * first, and one without a day. However many there are, the others say nothing more.
 */
enum { SUBJECT_EVENTS_OF_CONDITION = 2 };
struct subject_events {
    struct event_fact *list; /* of no condition where there is no such record */
};
void subject_events_free(struct subject_events *events);
#define SCOPED_SUBJECT_EVENTS __attribute__((cleanup(subject_events_free))) struct subject_events

/* Of all who are one. `facts` has the birth date; the day of death is filled in. */
AYNI_CHECKED enum ayni_status subject_events_read(struct reader *reader, const struct plan *plan,
                                                  const struct link_component *component,
                                                  struct subject_facts *facts,
                                                  struct subject_events *events);

#endif
