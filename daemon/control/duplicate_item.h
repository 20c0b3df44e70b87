#ifndef AYNI_DAEMON_CONTROL_DUPLICATE_ITEM_H
#define AYNI_DAEMON_CONTROL_DUPLICATE_ITEM_H

#include "daemon/records/links/alike.h"
#include "daemon/records/writing/edit.h"
#include "proto/control.h"

/* How alike two children are, in the object that is open: "score", "reasons", "verdict". */
void duplicate_item_match(struct ayni_control_writer *item, const struct likeness_match *match);

/*
 * Who is here already that a child which was just written may be: a warning for each of the
 * strongest, and what duplicate_item_alike() puts. Nothing where the change was of nothing by
 * which children are told. It was written all the same, so a search that fails is none.
 */
void duplicate_item_warn(const struct records *records, struct edit_result *result,
                         struct alike_list *list);
/* The array "alike" of {"id","score","reasons","verdict"}; nothing where there is none. */
void duplicate_item_alike(struct ayni_control_writer *item, const struct alike_list *list);

#endif
