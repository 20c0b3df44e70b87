#include "daemon/bundle/bundle_export.h"

#include "daemon/clock.h"
#include "daemon/report.h"

/* Heads in one item: a volume of the least size has room for it beside all else. */
enum { HEADS_PER_ITEM = 1024 };

struct exporting {
    const struct bundle_export_options *options;
    const struct bundle_plan *plan;
    struct bundle_writer *writer;
    struct ayni_buffer runs, item; /* of the item that is made */
    uint64_t entries;              /* that were written */
};

static enum ayni_status put_item(struct exporting *exporting)
{
    enum ayni_status status = ayni_buffer_status(&exporting->item);

    if (status == AYNI_OK)
        status = bundle_writer_put(exporting->writer, ayni_buffer_bytes(&exporting->item));
    ayni_buffer_clear(&exporting->item);
    return status;
}

static enum ayni_status put_heads(struct exporting *exporting)
{
    const struct bundle_plan *plan = exporting->plan;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < plan->head_count; i += HEADS_PER_ITEM) {
        size_t left = plan->head_count - i;
        ayni_bundle_heads_put(plan->heads + i, left < HEADS_PER_ITEM ? left : HEADS_PER_ITEM,
                              &exporting->item);
        status = put_item(exporting);
    }
    return status;
}

/* --- runs --- */

/* Runs after `*from`, with a short snapshot of their own. */
static enum ayni_status read_runs(struct exporting *exporting, const struct bundle_part *part,
                                  struct ayni_head *from, uint64_t *next)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    size_t size = bundle_writer_item_size(exporting->options->volume_size);

    ayni_buffer_clear(&exporting->runs);
    enum ayni_status status = log_snapshot_begin(exporting->options->log, &snapshot);
    if (status == AYNI_OK)
        status = log_get_chain(snapshot, part->no, from->seq, &from->chain);
    if (status == AYNI_OK)
        status = log_read_runs(snapshot, part->no, from->seq + 1, part->to, size, &exporting->runs,
                               next);
    return status;
}

static bool tell(const struct exporting *exporting)
{
    const struct store_listener *listener = exporting->options->listener;

    return listener == NULL ||
           listener->progress(listener->context, exporting->entries, exporting->plan->entries);
}

static enum ayni_status put_part(struct exporting *exporting, const struct bundle_part *part)
{
    struct ayni_bundle_runs runs = { .feed = part->feed, .descriptor = part->descriptor };
    uint64_t next;

    for (uint64_t at = part->from; at < part->to; at = next - 1) {
        runs.from.seq = at;
        enum ayni_status status = read_runs(exporting, part, &runs.from, &next);
        if (status != AYNI_OK)
            return status;
        if (next == at + 1)
            return AYNI_E_IO; /* what was there when it was planned */
        runs.runs = ayni_buffer_bytes(&exporting->runs);
        ayni_bundle_runs_put(&runs, &exporting->item);
        status = put_item(exporting);
        exporting->entries += (next - 1 < part->to ? next - 1 : part->to) - at;
        if (status == AYNI_OK && !tell(exporting))
            status = AYNI_E_STOPPED;
        if (status != AYNI_OK)
            return status;
    }
    return AYNI_OK;
}

/* --- all of it --- */

static enum ayni_status write_all(struct exporting *exporting, struct bundle_export_result *result)
{
    enum ayni_status status = put_heads(exporting);

    for (size_t i = 0; status == AYNI_OK && i < exporting->plan->part_count; i++)
        status = put_part(exporting, &exporting->plan->parts[i]);
    return status == AYNI_OK ? bundle_writer_end(exporting->writer, &result->volumes, &result->size)
                             : status;
}

static enum ayni_status write_plan(const struct bundle_export_options *options,
                                   struct bundle_export_result *result)
{
    const struct bundle_plan *plan = &result->plan;
    struct exporting exporting = { .options = options, .plan = plan };
    SCOPED_BUFFER contents = { 0 };

    ayni_bundle_contents_put(plan->entries, plan->spaces, plan->space_count, &contents);
    struct bundle_writer_options writing = {
        .head = { .root = options->charter->root,
                  .sender = options->identity->node,
                  .receiver = options->receiver,
                  .bundle = result->bundle,
                  .time = clock_now() },
        .secret = options->identity->secret,
        .volume_size = options->volume_size,
        .contents = ayni_buffer_bytes(&contents),
        .sink = options->sink,
    };
    enum ayni_status status = ayni_buffer_status(&contents);
    if (status == AYNI_OK)
        status = bundle_writer_new(&writing, &exporting.writer);
    if (status == AYNI_OK)
        status = write_all(&exporting, result);
    bundle_writer_free(exporting.writer);
    ayni_buffer_free(&exporting.runs);
    ayni_buffer_free(&exporting.item);
    return status;
}

enum ayni_status bundle_export(const struct bundle_export_options *options,
                               struct bundle_export_result *result)
{
    struct bundle_export_result made = { 0 };
    struct bundle_plan_options planning = {
        .log = options->log,
        .charter = options->charter,
        .self = options->identity->node,
        .receiver = options->receiver,
        .since = options->since,
    };

    ayni_random(made.bundle.bytes, sizeof(made.bundle.bytes));
    enum ayni_status status = bundle_plan_make(&planning, &made.plan);
    if (status == AYNI_OK)
        status = write_plan(options, &made);
    if (status != AYNI_OK) {
        bundle_plan_free(&made.plan);
        return status;
    }
    report(REPORT_INFO, "bundle_exported", "entries=%llu volumes=%u bytes=%llu",
           (unsigned long long)made.plan.entries, made.volumes, (unsigned long long)made.size);
    *result = made;
    return AYNI_OK;
}
