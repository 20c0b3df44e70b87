#include "tests/support/import_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/names.h"

enum { CELLS_MAX = 64, BATCH_ROWS = 100 };

/* Cells of the line at `text`, in place; answers where the next line begins, NULL after the last.
 */
static char *cut_line(char *text, char *cells[CELLS_MAX], size_t *count)
{
    char *end = strchr(text, '\n');

    if (end != NULL)
        *end = 0;
    *count = 0;
    for (char *cell = text; cell != NULL;) {
        char *next = strchr(cell, ';');
        if (next != NULL)
            *next++ = 0;
        ck_assert_uint_lt(*count, CELLS_MAX);
        cells[(*count)++] = cell;
        cell = next;
    }
    return end == NULL || end[1] == 0 ? NULL : end + 1;
}

static void note_findings(const struct import *import, struct test_imported *imported)
{
    size_t count;
    const struct import_finding *findings = import_findings(import, &count);

    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(imported->findings);
        snprintf(imported->findings + used, sizeof(imported->findings) - used, "%s%u %s %s/",
                 findings[i].warning ? "!" : "", (unsigned)findings[i].line,
                 findings[i].column == NULL ? "-" : findings[i].column, findings[i].reason.code);
    }
}

static void load(struct import *import, char *text, struct test_imported *imported)
{
    static struct ayni_bytes cells[BATCH_ROWS][CELLS_MAX];
    static struct import_line lines[BATCH_ROWS];
    uint64_t line = 2;

    while (text != NULL) {
        size_t rows = 0;
        for (; text != NULL && rows < BATCH_ROWS; rows++, line++) {
            char *parts[CELLS_MAX];
            size_t count;
            text = cut_line(text, parts, &count);
            for (size_t i = 0; i < count; i++)
                cells[rows][i] = ayni_bytes_of_text(parts[i]);
            lines[rows] = (struct import_line){ line, cells[rows], count };
        }
        test_must(import_rows(import, lines, rows), "rows");
        note_findings(import, imported);
    }
    test_must(import_finish(import), "finish");
    imported->counts = *import_counts(import);
}

static struct ayni_space space_named(struct test_node *node, const char *name)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    struct complaint complaint = { 0 };
    struct ayni_space space = { { 0 } };

    test_must(names_space(charter, name, &space, &complaint), name);
    return space;
}

enum ayni_status test_import(struct test_node *node, const struct test_import *how,
                             const char *text, struct test_imported *imported,
                             struct complaint *complaint)
{
    struct ayni_space space = space_named(node, how->space);
    char *copy = strdup(text), *header[CELLS_MAX];
    struct import_options options = { .records = &node->records,
                                      .by_admin = true,
                                      .space = &space,
                                      .type = how->type,
                                      .steward = "maria",
                                      .dry_run = how->dry_run,
                                      .rows = how->rows };
    struct import *import;
    char *rows = cut_line(copy, header, &options.header_count);
    enum ayni_status status;

    *imported = (struct test_imported){ 0 };
    *complaint = (struct complaint){ 0 };
    options.header = (const char *const *)header;
    if (how->map != NULL)
        options.map = ayni_bytes_of_text(how->map);
    status = import_begin(&options, &import, complaint);
    if (status == AYNI_OK) {
        load(import, rows, imported);
        import_end(import);
    }
    free(copy);
    return status;
}

struct lane_count {
    const struct ayni_space *space;
    uint8_t lane;
    uint64_t count;
};

static bool count_feed(void *context, const struct log_feed *feed)
{
    struct lane_count *count = context;

    if (feed->descriptor.lane == count->lane &&
        ayni_id_equal(&feed->descriptor.space, count->space))
        count->count += feed->head.seq;
    return true;
}

uint64_t test_entries(struct test_node *node, const char *name, uint8_t lane)
{
    struct ayni_space space = space_named(node, name);
    struct lane_count count = { &space, lane, 0 };
    struct log_snapshot *log;

    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    test_must(log_each_feed(log, count_feed, &count), "feeds");
    log_snapshot_end(log);
    return count.count;
}
