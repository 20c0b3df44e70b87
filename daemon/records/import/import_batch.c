#include "daemon/records/import/import_batch.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/import/import_cell.h"
#include "daemon/records/import/import_doubt.h"
#include "daemon/records/import/import_place.h"
#include "daemon/records/import/import_span.h"
#include "daemon/records/links/likeness_child.h"

enum { SOURCE_ID_SIZE_MAX = 1024 };

/* One row on its way. */
struct row {
    struct import_batch *batch;
    const struct import_line *line;
    int64_t source_day;
    bool has_source_day;
    struct import_finding finding; /* why it is rejected */
    struct import_warnings warnings;
};

void import_changes_free(struct import_changes *changes)
{
    ayni_arena_free(&changes->memory);
    free(changes->items);
    *changes = (struct import_changes){ 0 };
}

void import_batch_reset(struct import_batch *batch)
{
    batch->counts = (struct import_counts){ 0 };
    batch->finding_count = 0;
    batch->changes.count = 0;
    ayni_arena_free(&batch->changes.memory);
    ayni_buffer_clear(&batch->children);
}

void import_batch_done(struct import_batch *batch)
{
    import_batch_reset(batch);
    free(batch->findings);
    ayni_buffer_free(&batch->children);
    import_changes_free(&batch->changes);
    ayni_buffer_free(&batch->reading.text);
    ayni_buffer_free(&batch->reading.cbor);
}

static enum ayni_status add_finding(struct import_batch *batch,
                                    const struct import_finding *finding)
{
    size_t wider = batch->finding_capacity == 0 ? 64 : batch->finding_capacity * 2;
    struct import_finding *grown = batch->findings;

    if (batch->finding_count == batch->finding_capacity) {
        grown = reallocarray(grown, wider, sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        batch->findings = grown;
        batch->finding_capacity = wider;
    }
    grown[batch->finding_count++] = *finding;
    return AYNI_OK;
}

/* --- rejecting --- */

static enum ayni_status reject(struct row *row, const char *column, const char *code,
                               const char *message, struct ayni_bytes arg)
{
    row->finding.column = column;
    ayni_reason_set(&row->finding.reason, code, message);
    if (strstr(message, "{}") != NULL)
        ayni_reason_arg(&row->finding.reason, arg);
    return AYNI_E_INVALID;
}

/* --- the row as a whole --- */

static enum ayni_status check_cells(struct row *row)
{
    const struct import_plan *plan = row->batch->reading.plan;

    if (row->line->cell_count == plan->column_count)
        return AYNI_OK;
    (void)reject(row, NULL, "wrong_cell_count", N_("{} cells where the header has {}"),
                 ayni_bytes_of_text(""));
    row->finding.reason.arg_count = 0;
    ayni_reason_arg_int(&row->finding.reason, (int64_t)row->line->cell_count);
    ayni_reason_arg_int(&row->finding.reason, (int64_t)plan->column_count);
    return AYNI_E_INVALID;
}

/* An id that a row before had, whether or not it says the same. */
static enum ayni_status check_id(struct row *row, const char *column, struct ayni_bytes id)
{
    uint64_t first;
    enum ayni_status status;

    if (id.size > SOURCE_ID_SIZE_MAX)
        return reject(row, column, "too_long", N_("'{}' is too long"), id);
    status = import_ids_add(row->batch->ids, id, row->line->line, &first);
    if (status != AYNI_OK || first == row->line->line)
        return status;
    (void)reject(row, column, "duplicate_source_id", N_("the row of line {} has the same id"), id);
    row->finding.reason.arg_count = 0;
    ayni_reason_arg_int(&row->finding.reason, (int64_t)first);
    return AYNI_E_INVALID;
}

static enum ayni_status check_source_id(struct row *row)
{
    struct import_reading *reading = &row->batch->reading;
    const struct plan_field *from = &reading->plan->source_id;

    if (from->source == NULL)
        return AYNI_OK;
    import_cell_text(from, row->line->cells, &reading->text);
    if (reading->text.failed)
        return AYNI_E_MEMORY;
    return reading->text.size == 0 ? AYNI_OK
                                   : check_id(row, import_plan_column(reading->plan, from),
                                              ayni_buffer_bytes(&reading->text));
}

static enum ayni_status read_source_day(struct row *row)
{
    struct import_reading *reading = &row->batch->reading;
    const struct plan_field *from = &reading->plan->source_day;
    struct ayni_bytes text;

    if (from->source == NULL)
        return AYNI_OK;
    import_cell_text(from, row->line->cells, &reading->text);
    text = ayni_buffer_bytes(&reading->text);
    if (reading->text.failed)
        return AYNI_E_MEMORY;
    if (text.size == 0)
        return AYNI_OK;
    row->has_source_day = true;
    if (import_cell_day(from->source->dates, text, &row->source_day) == AYNI_OK)
        return AYNI_OK;
    return reject(row, import_plan_column(reading->plan, from), "bad_date", N_("'{}' is not a day"),
                  text);
}

/* --- its records --- */

/* A number of nobody, or of one who was deleted. */
static enum ayni_status reject_unknown(struct row *row, const struct import_draft *draft)
{
    enum ayni_status status =
        import_check_unknown(&row->batch->check, &row->batch->reading, draft, &row->finding);

    return status == AYNI_OK ? AYNI_E_INVALID : status;
}

/* One that must exist isn't here: another one may be meant. */
static enum ayni_status pass_on(struct row *row, struct import_draft *draft)
{
    draft->present = false;
    return draft->plan->has_stand_in ? AYNI_OK : reject_unknown(row, draft);
}

/* No import brings back what was erased. */
static enum ayni_status check_erased(struct row *row, const struct import_draft *draft)
{
    const struct import_reading *reading = &row->batch->reading;
    bool erased = false;
    enum ayni_status status = AYNI_OK;

    if (draft->is_new)
        status = erasure_stands(reading->reader, &draft->key, reading->own, &erased);
    return erased ? reject(row, NULL, "erased",
                           N_("its record was erased ({}); a person can enter it anew"),
                           ayni_bytes_of_text(draft->plan->type->name))
                  : status;
}

/* The day that the row was written, if it says so. */
static int64_t today_of(const struct row *row)
{
    return row->has_source_day ? row->source_day : row->batch->check.today;
}

static enum ayni_status draft_record(struct row *row, size_t index)
{
    struct import_batch *batch = row->batch;
    struct import_draft *draft = &batch->drafts[index];
    enum ayni_status status =
        import_row_read(&batch->reading, batch->drafts, index, row->line->cells, &row->finding);

    if (status != AYNI_OK || !draft->present)
        return status;
    status = import_place_move(&batch->reading, batch->check.territories, today_of(row), draft);
    if (status == AYNI_OK)
        status =
            import_find(&batch->reading, batch->drafts, index, row->line->cells, &row->finding);
    if (status == AYNI_E_NOT_FOUND)
        return pass_on(row, draft);
    if (status != AYNI_OK || !draft->present)
        return status;
    if (draft->plan->from->main && batch->reading.plan->source_id.source == NULL)
        status = check_id(
            row, NULL,
            (struct ayni_bytes){ draft->key.record.bytes, sizeof(draft->key.record.bytes) });
    if (status == AYNI_OK)
        status = import_decide(&batch->reading, draft);
    if (status == AYNI_OK && draft->plan->from->existing && record_state_gone(&draft->state))
        return pass_on(row, draft);
    return status == AYNI_OK ? check_erased(row, draft) : status;
}

static enum ayni_status check_record(struct row *row, size_t index)
{
    struct import_batch *batch = row->batch;
    const struct import_draft *draft = &batch->drafts[index];
    struct import_check check = batch->check;
    bool rejected = false;
    enum ayni_status status;

    if (!draft->present)
        return AYNI_OK;
    import_doubt_draft(&batch->reading, draft, &row->warnings);
    if (!draft->is_new && draft->change_count == 0 && draft->disputed == 0 &&
        !draft->plan->from->existing)
        return AYNI_OK;
    check.today = today_of(row);
    status = import_check_draft(&check, &batch->reading, batch->drafts, index, row->line->cells,
                                &row->finding, &rejected, row->warnings.items, IMPORT_WARNINGS_MAX,
                                &row->warnings.count);
    return status == AYNI_OK && rejected ? AYNI_E_INVALID : status;
}

/* --- what is written --- */

static enum ayni_status add_change(struct row *row, const struct import_draft *draft)
{
    const struct import_batch *batch = row->batch;
    struct import_changes *changes = &row->batch->changes;
    size_t wider = changes->capacity == 0 ? 1024 : changes->capacity * 2;
    struct author_change *grown = changes->items;
    struct ayni_field *fields =
        ayni_arena_take(&changes->memory, draft->change_count, sizeof(*fields));

    if (fields == NULL)
        return AYNI_E_MEMORY;
    memcpy(fields, draft->changes, draft->change_count * sizeof(*fields));
    if (changes->count == changes->capacity) {
        grown = reallocarray(grown, wider, sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        changes->items = grown;
        changes->capacity = wider;
    }
    grown[changes->count++] = (struct author_change){
        .space = draft->key.space,
        .record = draft->key.record,
        .type = draft->key.type,
        .fields = fields,
        .field_count = draft->change_count,
        .steward = ayni_bytes_of_text(batch->steward),
        .origin = batch->reading.origin,
        .has_source_day = row->has_source_day,
        .source_day = row->source_day,
        .expects = draft->earlier == NULL,
        .expected = draft->state.total,
    };
    return AYNI_OK;
}

/* What later rows find said: all that is to be written, and what was there already, which of a new
 * record is nothing. */
static enum ayni_status remember(struct import_batch *batch, const struct import_draft *draft)
{
    struct ayni_field said[PLAN_FIELDS_MAX];
    struct overlay_entry *entry;
    size_t count = 0;
    enum ayni_status status =
        import_overlay_add(batch->overlay, &draft->key, draft->changes, draft->change_count);

    for (size_t i = 0; i < draft->says_count && !draft->is_new; i++)
        if (!draft->from[i]->source->initial)
            said[count++] = draft->says[i];
    if (status == AYNI_OK && !draft->is_new)
        status = import_overlay_add(batch->overlay, &draft->key, said, count);
    entry = status == AYNI_OK ? import_overlay_find(batch->overlay, &draft->key) : NULL;
    if (entry != NULL && draft->is_new)
        entry->made = true;
    return status == AYNI_OK ? import_subjects_note(batch->subjects, draft, entry) : status;
}

/* The one that the row is counted by. */
static const struct import_draft *main_draft(const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->reading.plan->record_count; i++)
        if (batch->drafts[i].present && batch->drafts[i].plan->from->main)
            return &batch->drafts[i];
    return &batch->drafts[0];
}

static void note_child(struct row *row, const struct import_draft *draft)
{
    struct import_child child;

    if (!draft->is_new || draft->plan->type->number != LIKENESS_TYPE_CHILD)
        return;
    memset(&child, 0, sizeof(child));
    child.record = draft->key.record;
    child.line = row->line->line;
    ayni_buffer_append(&row->batch->children, &child, sizeof(child));
}

static enum ayni_status accept(struct row *row)
{
    struct import_batch *batch = row->batch;
    size_t count = batch->reading.plan->record_count;
    bool writes = false, conflicts = false;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        const struct import_draft *draft = &batch->drafts[i];
        if (!draft->present)
            continue;
        writes = writes || draft->change_count > 0;
        conflicts = conflicts || draft->conflicts;
        if (draft->change_count > 0)
            status = add_change(row, draft);
        note_child(row, draft);
        if (status == AYNI_OK)
            status = remember(batch, draft);
        if (status == AYNI_OK && draft->is_new && draft->plan->span.of != PLAN_NOWHERE)
            status = import_span_note(batch->overlay, batch->drafts, draft);
    }
    if (writes)
        import_doubt_split(&batch->reading, batch->drafts, &row->warnings);
    for (size_t i = 0; status == AYNI_OK && i < row->warnings.count; i++) {
        row->warnings.items[i].line = row->line->line;
        row->warnings.items[i].warning = true;
        status = add_finding(batch, &row->warnings.items[i]);
    }
    batch->counts.warnings += row->warnings.count;
    batch->counts.conflicts += conflicts;
    if (main_draft(batch)->is_new)
        batch->counts.created++;
    else if (writes)
        batch->counts.updated++;
    else
        batch->counts.unchanged++;
    return status;
}

static enum ayni_status judge(struct row *row)
{
    size_t count = row->batch->reading.plan->record_count;
    enum ayni_status status = check_cells(row);

    if (status == AYNI_OK)
        status = check_source_id(row);
    if (status == AYNI_OK)
        status = read_source_day(row);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = draft_record(row, i);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = check_record(row, i);
    return status == AYNI_OK ? accept(row) : status;
}

enum ayni_status import_batch_row(struct import_batch *batch, const struct import_line *line)
{
    struct row row = { .batch = batch, .line = line };
    size_t count = batch->reading.plan->record_count;
    enum ayni_status status;

    batch->counts.read++;
    status = judge(&row); /* its drafts are empty */
    for (size_t i = 0; i < count; i++)
        import_draft_clear(&batch->drafts[i]);
    if (status != AYNI_E_INVALID)
        return status;
    batch->counts.rejected++;
    row.finding.line = line->line;
    row.finding.warning = false;
    return add_finding(batch, &row.finding);
}
