#include "daemon/view/month_write.h"

#include <assert.h>

#include "daemon/records/space_access.h"
#include "daemon/records/writing/attempts.h"
#include "daemon/records/writing/edit_check.h"
#include "proto/cbor.h"

enum { FIELDS_MAX = 16 };

void month_change_free(struct month_change *change)
{
    record_state_free(&change->state);
    for (size_t i = 0; i < FIELDS_MAX; i++)
        ayni_buffer_free(&change->values[i]);
    ayni_buffer_free(&change->meta);
    *change = (struct month_change){ 0 };
}

enum ayni_status month_change_begin(struct month_change *change, struct reader *reader)
{
    enum ayni_status status = reader_fold(reader, &change->key, &change->state);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    change->exists = record_state_newest(&change->state) != NULL;
    if (change->state.folded.deleted || change->state.folded.delete_contested)
        ayni_cbor_put_null(month_change_field(change, 0)); /* it is there again */
    return AYNI_OK;
}

struct ayni_buffer *month_change_field(struct month_change *change, uint32_t number)
{
    size_t at = change->field_count++;

    assert(at < FIELDS_MAX);
    change->fields[at] = (struct ayni_field){ .number = number };
    return &change->values[at];
}

/* What the buffers hold doesn't move any more. */
static enum ayni_status close_fields(struct month_change *change)
{
    for (size_t i = 0; i < change->field_count; i++) {
        if (ayni_buffer_status(&change->values[i]) != AYNI_OK)
            return ayni_buffer_status(&change->values[i]);
        change->fields[i].value = ayni_buffer_bytes(&change->values[i]);
    }
    return ayni_buffer_status(&change->meta);
}

static enum ayni_status check(const struct records *records, struct reader *reader,
                              const struct month_change *change, const struct month_writer *writer,
                              struct complaint *complaint, struct complaints *warnings)
{
    const struct edit_change checked = {
        .type = ayni_catalogue_type(reader_charter(reader)->catalogue, change->key.type),
        .key = &change->key,
        .before = change->exists ? &change->state : NULL,
        .fields = change->fields,
        .count = change->field_count,
        .english = writer->english,
    };

    return edit_check(records, reader, &checked, complaint, warnings);
}

static enum ayni_status write_out(struct records *records, const struct month_change *change,
                                  size_t total, const struct month_writer *writer,
                                  struct complaint *complaint)
{
    const struct author_change written = {
        .space = change->key.space,
        .record = change->key.record,
        .type = change->key.type,
        .fields = change->fields,
        .field_count = change->field_count,
        .steward = ayni_bytes_of_text(writer->steward),
        .reason = ayni_bytes_of_text(writer->reason == NULL ? "" : writer->reason),
        .more_meta = ayni_buffer_bytes(&change->meta),
        .more_meta_count = change->meta_count,
        .expects = true,
        .expected = total,
    };
    enum ayni_status status = author_write(records->author, &written, 1, AYNI_LANE_CURRENT, NULL);

    return status == AYNI_E_RIGHT
               ? space_access_explain(records->standing, &change->key.space, complaint)
               : status;
}

struct asked {
    struct records *records;
    const struct month_writer *writer;
    month_decide *decide;
    void *context;
    bool *written;
    struct complaints *warnings;
    struct complaint *complaint;
};

static enum ayni_status attempt_one(void *context)
{
    const struct asked *asked = context;
    SCOPED_MONTH_CHANGE change = { .exists = false };
    struct reader *reader = NULL;
    enum ayni_status status = reader_begin(asked->records, &reader);

    asked->warnings->count = 0;
    if (status != AYNI_OK)
        return status;
    status = asked->decide(asked->context, reader, &change, asked->complaint);
    if (status == AYNI_OK)
        status = close_fields(&change);
    *asked->written = change.field_count > 0;
    if (status == AYNI_OK && *asked->written)
        status = check(asked->records, reader, &change, asked->writer, asked->complaint,
                       asked->warnings);
    size_t total = change.state.total;
    record_state_free(&change.state); /* nobody waits for a write while she reads */
    reader_end(reader);
    if (status != AYNI_OK || !*asked->written)
        return status;
    return write_out(asked->records, &change, total, asked->writer, asked->complaint);
}

enum ayni_status month_write(struct records *records, const struct month_writer *writer,
                             month_decide *decide, void *context, bool *written,
                             struct complaints *warnings, struct complaint *complaint)
{
    struct asked asked = { records, writer, decide, context, written, warnings, complaint };

    return attempts(records, attempt_one, &asked, complaint);
}
