#ifndef AYNI_DAEMON_RECORDS_LINK_MEMO_H
#define AYNI_DAEMON_RECORDS_LINK_MEMO_H

#include "daemon/records/id_set.h"

/*
 * What was worked out of links over one reader (reader_link_memo()), where it cost much: so that
 * whoever asks for many children pays for each decision once or twice, however they are linked.
 * What it doesn't know is worked out. All zero is an empty one.
 */
struct link_component;
struct link_memo {
    struct id_set crowd; /* more than LINK_MEMBERS_MAX would be one: each of these is among such */
    struct link_component **costly; /* those for which many decisions were looked at */
    size_t costly_count;
};
void link_memo_free(struct link_memo *memo); /* all zero again */

AYNI_CHECKED enum ayni_status link_memo_add_crowd(struct link_memo *memo,
                                                  const struct id_set *records);
/* The one that a record is in; NULL: not known. Lent. */
const struct link_component *link_memo_find(const struct link_memo *memo,
                                            const struct ayni_record *record);
/* Kept where it cost enough. */
AYNI_CHECKED enum ayni_status link_memo_add(struct link_memo *memo,
                                            const struct link_component *component);

#endif
