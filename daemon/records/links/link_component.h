#ifndef AYNI_DAEMON_RECORDS_LINK_COMPONENT_H
#define AYNI_DAEMON_RECORDS_LINK_COMPONENT_H

#include "daemon/records/id_set.h"
#include "daemon/records/links/links.h"

/*
 * Who is one with a record: the connected component of `same` verdicts that it is in. Its members
 * read, count and are erased as one; nothing of any of them is changed, so that what was joined can
 * be parted again. A function of the decisions as they fold here, never of the order in which they
 * came.
 */
enum { LINK_MEMBERS_MAX = 64 };
struct link_component {
    struct ayni_record members[LINK_MEMBERS_MAX]; /* by id; the record itself among them */
    size_t count;                                 /* from 1 */
    struct ayni_record child; /* whose id goes on: what the decisions keep, else the lowest */
    bool kept;                /* somebody said which */
    /* A `different` or `twins` stands between two of them, a verdict that joins them has several
     * values, or they are too many. */
    bool contested;
    bool too_many;    /* more than LINK_MEMBERS_MAX would be one: none of them is joined */
    size_t looked_at; /* decisions that were folded for it; 0 where it was remembered */
};
AYNI_CHECKED enum ayni_status links_component(struct reader *reader,
                                              const struct ayni_record *record,
                                              struct link_component *component);
/* That of a record that is taken by itself. */
void link_component_alone(const struct ayni_record *record, struct link_component *component);
bool link_component_has(const struct link_component *component, const struct ayni_record *record);

/*
 * Add to the set all whose answers may be others where what is held of the set has changed, also
 * decisions: both of whom they are, or were, about are in it. Those are all who are one with some
 * of it, and who were; so never more than some LINK_MEMBERS_MAX for each, however many are linked.
 */
AYNI_CHECKED enum ayni_status links_reach(struct reader *reader, struct id_set *set);

#endif
