#ifndef AYNI_DAEMON_RECORDS_CHARTER_ITEMS_H
#define AYNI_DAEMON_RECORDS_CHARTER_ITEMS_H

#include "daemon/store/log.h"
#include "daemon/store/views.h"
#include "proto/registry.h"

/*
 * What a charter is made of: versions of the space `registry` and cuts,
 * decoded. They borrow from the log's snapshot.
 */
struct charter_items {
    struct log_snapshot *log;
    struct ayni_registry_item *items; /* by type and record, those of one record together */
    size_t count;
    size_t capacity;
    struct ayni_registry_cut *cuts;
    size_t cut_count;
    size_t cut_capacity;
    /* Read from views/: all records of the charter's types, ascending, also those of which no
     * version can be read. */
    struct ayni_record *records;
    size_t record_count;
    size_t record_capacity;
};

/* Start with `log` set and all else zero; free it also after a failure. */
AYNI_CHECKED enum ayni_status charter_items_from_views(const struct ayni_node *root,
                                                       struct views_snapshot *views,
                                                       struct log_snapshot *log,
                                                       struct charter_items *items);
AYNI_CHECKED enum ayni_status charter_items_from_log(const struct ayni_node *root,
                                                     struct log_snapshot *log,
                                                     struct charter_items *items);
void charter_items_free(struct charter_items *items);

/* The index after the last item of the record that items[from] is of. */
size_t charter_items_same(const struct charter_items *items, size_t from);

#endif
