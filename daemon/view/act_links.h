#ifndef AYNI_DAEMON_VIEW_ACT_LINKS_H
#define AYNI_DAEMON_VIEW_ACT_LINKS_H

#include "daemon/records/reader.h"

/*
 * Which children are one, by the decisions that stand in one space alone: a list that is signed
 * for is a function of that space (daemon/view/act_list.h). Otherwise as
 * daemon/records/links/link_component.h has it. All zero: nobody is one with another.
 */
struct act_links {
    struct ayni_record *ids; /* of whom some decision says `same`, ascending */
    uint32_t *parents;       /* of each: one that it is one with, or itself */
    uint32_t *sizes;         /* of those that are their own parents: how many are one */
    size_t count;
};
AYNI_CHECKED enum ayni_status act_links_read(struct reader *reader, const struct ayni_space *space,
                                             struct act_links *links);
void act_links_free(struct act_links *links); /* all zero again */
#define SCOPED_ACT_LINKS __attribute__((cleanup(act_links_free))) struct act_links

/* A number that all have who are one with it; false: nobody is. */
bool act_links_group(const struct act_links *links, const struct ayni_record *record,
                     uint32_t *group);

#endif
