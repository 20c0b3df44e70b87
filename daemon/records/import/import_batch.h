#ifndef AYNI_DAEMON_RECORDS_IMPORT_BATCH_H
#define AYNI_DAEMON_RECORDS_IMPORT_BATCH_H

#include "daemon/records/import/import.h"
#include "daemon/records/import/import_check.h"
#include "daemon/records/writing/author.h"

/* What is to be written. */
struct import_changes {
    struct author_change *items;
    size_t count, capacity;
    struct ayni_arena memory; /* of their values */
};
void import_changes_free(struct import_changes *changes);

/*
 * Rows that are judged and written together. The batch gathers changes for the
 * author, and what it found; nothing is written here.
 */
struct import_batch {
    /* Given, for the import's life: */
    struct import_reading reading;
    struct import_check check;
    struct import_overlay *overlay;   /* what accepted rows say is added */
    struct import_subjects *subjects; /* likewise */
    struct import_ids *ids;
    struct import_draft *drafts; /* one for each record of the plan */
    const char *steward;
    /* Made, for the batch: */
    struct import_counts counts;
    struct import_finding *findings;
    size_t finding_count, finding_capacity;
    struct import_changes changes;
    struct ayni_buffer children; /* struct import_child: those that are new */
};

/* Nothing of rows before; what was allocated stays. */
void import_batch_reset(struct import_batch *batch);
void import_batch_done(struct import_batch *batch);

/* Judge one row. A failure isn't the row's: the batch is of no use then. */
AYNI_CHECKED enum ayni_status import_batch_row(struct import_batch *batch,
                                               const struct import_line *line);

#endif
