#ifndef AYNI_DAEMON_VIEW_ACT_JOIN_H
#define AYNI_DAEMON_VIEW_ACT_JOIN_H

#include "daemon/records/reader.h"

/*
 * Children of one district whom links of the space join are one in the list of an act
 * (daemon/view/act_list.h): the lowest id stands for all, and its digest is of all. `children` are
 * struct ayni_listed, ascending; `places` their districts, CONTRIBUTION_PLACE_SIZE each.
 */
AYNI_CHECKED enum ayni_status act_join(struct reader *reader, const struct ayni_space *space,
                                       struct ayni_buffer *children, struct ayni_buffer *places);

#endif
