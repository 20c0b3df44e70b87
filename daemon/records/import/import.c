#include "daemon/records/import/import.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/govern.h"
#include "daemon/records/import/import_batch.h"
#include "daemon/records/names.h"
#include "daemon/records/rules/norms.h"
#include "daemon/records/space_access.h"
#include "daemon/records/territory_cache.h"
#include "daemon/records/writing/author_draft.h"
#include "proto/derived_id.h"
#include "proto/registry.h"

enum {
    TRIES_MAX = 8,           /* others write meanwhile: what was read is read again */
    LANE_CURRENT_MAX = 1024, /* rows of a file that still goes before what is large */
};
/* What the rows of a file have said is forgotten over that, so that memory has an end: rows so far
 * apart may then overwrite each other. */
#define OVERLAY_SIZE_MAX (UINT64_C(256) << 20)

struct import {
    struct records *records;
    const struct charter *charter; /* types and rules of the whole import */
    struct import_map map;
    struct import_plan plan;
    struct import_overlay overlay;
    struct import_subjects subjects; /* of what the overlay has */
    struct import_ids ids;
    struct import_batch batch;
    struct import_changes written;     /* of the batch before, while it is written */
    struct author_appending appending; /* the same */
    struct import_counts counts;
    struct ayni_buffer children; /* struct import_child */
    char organisation[NAMES_SIZE];
    char origin_organisation[NAMES_SIZE];
    char roles[NAMES_SIZE];
    char *steward;
    bool dry_run, bulk;
    bool is_writing; /* the projector knows that more will come */
    uint64_t rows;
};

void import_end(struct import *import)
{
    if (import == NULL)
        return;
    (void)!author_append_end(import->records->author, &import->appending);
    if (import->is_writing)
        projector_bulk_end(import->records->projector);
    import_changes_free(&import->written);
    import_batch_done(&import->batch);
    free(import->batch.drafts);
    import_check_done(&import->batch.check, &import->plan);
    check_free(import->batch.check.check);
    import_subjects_free(&import->subjects);
    import_overlay_free(&import->overlay);
    import_ids_free(&import->ids);
    import_plan_free(&import->plan);
    import_map_free(&import->map);
    if (import->charter != NULL)
        charter_release(import->charter);
    ayni_buffer_free(&import->children);
    free(import->steward);
    free(import);
}

/* --- beginning --- */

static enum ayni_status read_map(struct import *import, const struct import_options *options,
                                 struct complaint *complaint)
{
    char why[IMPORT_MAP_WHY_SIZE];
    const struct ayni_catalogue_type *type;
    enum ayni_status status;

    if (options->map.size > 0) {
        status = import_map_read(options->map, &import->map, why);
        if (status == AYNI_E_INVALID)
            return complain(complaint, status, N_("the map can't be read: {}"), why, NULL);
        if (status == AYNI_OK && options->type != NULL &&
            strcmp(options->type, import->map.records[0].type) != 0)
            return complain(complaint, AYNI_E_USAGE, N_("the map is for {}, not for {}"),
                            import->map.records[0].type, options->type, NULL);
        return status;
    }
    status = names_type(import->charter, options->type, &type, complaint);
    return status == AYNI_OK
               ? import_map_of_header(type->name, type->key_is_identifier, options->header,
                                      options->header_count, &import->map)
               : status;
}

/* Nobody's ids can be computed without the identity key. */
static enum ayni_status check_key(const struct import *import, struct complaint *complaint)
{
    bool needs = false;

    for (size_t i = 0; i < import->plan.record_count; i++) {
        const struct plan_record *record = &import->plan.records[i];
        needs =
            needs || record->identifier_count > 0 ||
            (record->type->key_count > 0 && !ayni_derived_id_uses_root_key(record->type->number));
    }
    if (!needs || import->charter->identity_key != NULL)
        return AYNI_OK;
    complain_hint(complaint, N_("it comes with the registry: `ayni sync --wait`"), NULL);
    return complain(complaint, AYNI_E_RIGHT, N_("this node hasn't got the identity key yet"), NULL);
}

static enum ayni_status check_space(struct import *import, const struct ayni_space *space,
                                    struct complaint *complaint)
{
    const struct ayni_registry *registry = import->charter->registry;
    const struct ayni_space_info *info = ayni_registry_space_info(registry, space);
    const struct ayni_catalogue_field *strictest = import_plan_strictest(&import->plan);
    enum ayni_status status = space_access_write(import->charter, space, complaint);

    if (status != AYNI_OK)
        return status;
    if (strictest != NULL && strictest->read > info->class) {
        complain_hint(complaint, N_("write it into a space that is at least {}"),
                      ayni_class_name(strictest->read), NULL);
        return complain(complaint, AYNI_E_RIGHT, N_("{} is stricter than the space"),
                        strictest->name, NULL);
    }
    import->batch.check.space_class = info->class;
    return AYNI_OK;
}

static enum ayni_status prepare_batch(struct import *import, const struct ayni_space *space,
                                      struct complaint *complaint)
{
    struct import_batch *batch = &import->batch;
    const struct ayni_node *own = &import->records->node;

    names_of_org(import->charter, own, import->organisation);
    if (import->organisation[0] == 0)
        names_of_node(import->charter, own, import->organisation);
    author_organisation(import->charter, own, import->origin_organisation);
    if (names_of_roles(import->charter, own, import->roles))
        batch->check.roles = import->roles;
    batch->reading = (struct import_reading){
        .plan = &import->plan,
        .space = *space,
        .own = own,
        .organisation = import->organisation,
        .origin_organisation = ayni_bytes_of_text(import->origin_organisation),
        .origin = ayni_bytes_of_text(import->map.origin),
        .overlay = &import->overlay,
        .memory = &batch->changes.memory,
    };
    if (identifier_type_of(import->charter->catalogue, &batch->reading.identifier) != AYNI_OK)
        batch->reading.identifier.type = NULL;
    batch->overlay = &import->overlay;
    batch->check.subjects = batch->subjects = &import->subjects;
    batch->ids = &import->ids;
    batch->steward = import->steward;
    batch->drafts = calloc(import->plan.record_count, sizeof(*batch->drafts));
    if (batch->drafts == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < import->plan.record_count; i++)
        batch->drafts[i].plan = &import->plan.records[i];
    enum ayni_status status = check_new(import->charter->catalogue, &batch->check.check);
    return status == AYNI_OK ? import_check_prepare(&batch->check, &import->plan, complaint)
                             : status;
}

/* What is said of the file goes before what the map says of such files. */
static enum ayni_status declare(struct import *import, const struct import_options *options,
                                struct complaint *complaint)
{
    const char *word;

    if (import_map_declare(&import->map, options->dates, options->decimals, &word) == AYNI_OK)
        return AYNI_OK;
    complain_hint(complaint,
                  N_("days are YYYY-MM-DD, DD/MM/YYYY, MM/DD/YYYY or found; before decimals "
                     "stands a point, a comma, or what is found"),
                  NULL);
    return complain(complaint, AYNI_E_USAGE, N_("{} is no form of days or decimals"), word, NULL);
}

static enum ayni_status begin(struct import *import, const struct import_options *options,
                              struct complaint *complaint)
{
    enum ayni_status status = read_map(import, options, complaint);

    if (status == AYNI_OK)
        status = declare(import, options, complaint);
    if (status == AYNI_OK)
        status = import_plan_make(&import->map, import->charter->catalogue, options->header,
                                  options->header_count, &import->plan, complaint);
    if (status == AYNI_OK)
        status = govern_check(import->charter, options->space, options->by_admin, complaint);
    if (status == AYNI_OK)
        status = check_space(import, options->space, complaint);
    if (status == AYNI_OK)
        status = check_key(import, complaint);
    return status == AYNI_OK ? prepare_batch(import, options->space, complaint) : status;
}

enum ayni_status import_begin(const struct import_options *options, struct import **import,
                              struct complaint *complaint)
{
    struct import *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->records = options->records;
    made->charter = standing_hold(options->records->standing);
    made->dry_run = options->dry_run;
    made->bulk = options->bulk;
    made->rows = options->rows;
    made->steward = strdup(options->steward);
    status = made->steward == NULL ? AYNI_E_MEMORY : begin(made, options, complaint);
    if (status != AYNI_OK) {
        import_end(made);
        return status;
    }
    *import = made;
    return AYNI_OK;
}

/* --- rows --- */

/* Judge a batch by one state of what is held. Nobody waits for a write while she reads. */
static enum ayni_status judge(struct import *import, const struct import_line *lines, size_t count)
{
    struct import_batch *batch = &import->batch;
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    SCOPED_NORMS *norms = NULL;
    SCOPED_FACTS facts = { 0 };
    enum ayni_status status = reader_begin(import->records, &reader);

    if (status == AYNI_OK)
        status = territory_cache_hold(import->records->territories, reader, &territories);
    if (status == AYNI_OK)
        status = norm_cache_hold(import->records->norms, reader, &norms);
    if (status != AYNI_OK)
        return status;
    import_batch_reset(batch);
    batch->reading.reader = reader;
    batch->reading.values = names_values(reader);
    batch->reading.memo = (struct import_memo){ 0 };
    facts_begin(&facts, reader, &batch->reading.space);
    batch->check.facts = &facts;
    batch->check.territories = territories;
    batch->check.norms = norms;
    batch->check.today = clock_today();
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = import_batch_row(batch, &lines[i]);
    for (size_t i = 0; i < import->plan.record_count; i++)
        import_draft_forget(&batch->drafts[i]);
    batch->reading.reader = NULL;
    batch->check.territories = NULL;
    batch->check.norms = NULL;
    batch->check.facts = NULL;
    return status;
}

static uint8_t lane_of(const struct import *import)
{
    uint64_t rows = import->counts.read + import->batch.counts.read;

    if (rows < import->rows)
        rows = import->rows;
    return import->bulk || rows > LANE_CURRENT_MAX ? AYNI_LANE_BULK : AYNI_LANE_CURRENT;
}

static enum ayni_status catch_up(struct import *import)
{
    enum ayni_status status = author_append_end(import->records->author, &import->appending);

    return status == AYNI_OK ? projector_catch_up(import->records->projector, UINT64_MAX) : status;
}

static enum ayni_status forget(struct import *import)
{
    enum ayni_status status = catch_up(import);

    import_subjects_free(&import->subjects);
    import_overlay_free(&import->overlay);
    return status;
}

/* While it is written the next batch is judged: what it says is in the overlay. */
static enum ayni_status write(struct import *import)
{
    struct author *author = import->records->author;
    struct import_changes changes = import->batch.changes;
    enum ayni_status status;

    if (import->dry_run)
        return AYNI_OK;
    if (!import->is_writing)
        projector_bulk_begin(import->records->projector);
    import->is_writing = true;
    status = author_append_end(author, &import->appending);
    if (status == AYNI_OK)
        status = author_append_begin(author, changes.items, changes.count, lane_of(import),
                                     &import->appending);
    if (status != AYNI_OK)
        return status;
    import->batch.changes = import->written;
    import->written = changes;
    return AYNI_OK;
}

/* Those of a dry run aren't there. */
static void keep_children(struct import *import)
{
    const struct ayni_buffer *more = &import->batch.children;
    size_t room = IMPORT_CHILDREN_MAX * sizeof(struct import_child) - import->children.size;

    if (!import->dry_run)
        ayni_buffer_append(&import->children, more->data, more->size < room ? more->size : room);
}

static void count(struct import *import)
{
    const struct import_counts *more = &import->batch.counts;
    struct import_counts *counts = &import->counts;

    counts->read += more->read;
    counts->created += more->created;
    counts->updated += more->updated;
    counts->unchanged += more->unchanged;
    counts->rejected += more->rejected;
    counts->conflicts += more->conflicts;
    counts->warnings += more->warnings;
}

enum ayni_status import_rows(struct import *import, const struct import_line *lines,
                             size_t line_count)
{
    enum ayni_status status = judge(import, lines, line_count);

    if (status == AYNI_OK)
        status = write(import);
    for (int try = 1; status == AYNI_E_CHANGED && try < TRIES_MAX; try++) {
        status = forget(import);
        if (status == AYNI_OK)
            status = judge(import, lines, line_count);
        if (status == AYNI_OK)
            status = write(import);
    }
    if (status != AYNI_OK)
        return status;
    count(import);
    keep_children(import);
    return import->overlay.size + import->subjects.size > OVERLAY_SIZE_MAX ? forget(import)
                                                                           : AYNI_OK;
}

enum ayni_status import_finish(struct import *import)
{
    return import->dry_run ? AYNI_OK : catch_up(import);
}

const struct import_finding *import_findings(const struct import *import, size_t *count)
{
    *count = import->batch.finding_count;
    return import->batch.findings;
}

const struct import_child *import_children(const struct import *import, size_t *count)
{
    *count = import->children.size / sizeof(struct import_child);
    return (const struct import_child *)import->children.data;
}

const struct import_counts *import_counts(const struct import *import)
{
    return &import->counts;
}

struct import_forms import_forms(const struct import *import)
{
    return import->batch.reading.forms;
}

const char *import_unused_column(const struct import *import, size_t index)
{
    for (size_t i = 0; i < import->plan.column_count; i++)
        if (!import->plan.used[i] && import->plan.header[i][0] != '_' && index-- == 0)
            return import->plan.header[i];
    return NULL;
}
