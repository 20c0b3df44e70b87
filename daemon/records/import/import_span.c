#include "daemon/records/import/import_span.h"

#include "daemon/records/import/import_cell.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"

/* What is looked for, and the best of it so far. */
struct seeking {
    struct import_reading *reading;
    const struct plan_record *plan;
    const struct ayni_record *holder;
    int64_t day;
    struct import_draft *draft; /* whose key is that of the best */
    bool found;
    int64_t began;
};

static bool read_day(struct ayni_bytes value, int64_t *day)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    *day = ayni_cbor_read_int(&reader);
    return value.size > 0 && reader.status == AYNI_OK;
}

/* One that lasted from there to there, where that is known. */
static void offer(struct seeking *seeking, const struct record_key *key, struct ayni_bytes from,
                  struct ayni_bytes to)
{
    int64_t first, last;

    if (!read_day(from, &first))
        return;
    if (!read_day(to, &last))
        last = first + seeking->plan->from->span.days;
    if (seeking->day < first || seeking->day > last || (seeking->found && first < seeking->began))
        return;
    seeking->found = true;
    seeking->began = first;
    seeking->draft->elsewhere = !ayni_id_equal(&key->space, &seeking->reading->space);
    seeking->draft->key = *key;
}

/* --- among what is held --- */

static enum ayni_status offer_held(struct seeking *seeking, const struct record_key *key)
{
    const struct plan_span *span = &seeking->plan->span;
    SCOPED_STATE state = { 0 };
    struct ayni_cbor_reader holder;
    struct ayni_record named;
    enum ayni_status status = reader_fold(seeking->reading->reader, key, &state);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    if (status != AYNI_OK || record_state_gone(&state))
        return status;
    holder = ayni_cbor_reader(record_state_value(&state, span->holder));
    ayni_cbor_read_id(&holder, &named);
    if (holder.status == AYNI_OK && ayni_id_equal(&named, seeking->holder))
        offer(seeking, key, record_state_value(&state, span->from),
              record_state_value(&state, span->to));
    return AYNI_OK;
}

static enum ayni_status seek_held(struct seeking *seeking)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status = AYNI_OK;

    walk_subject(seeking->reading->reader, seeking->holder, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key))
        if (key.type == seeking->plan->type->number)
            status = offer_held(seeking, &key);
    return status == AYNI_OK ? walk.status : status;
}

/* --- among what this file made --- */

/* Under the holder's id and their type, which is the key of no record, the overlay has their ids.
 */
static struct record_key list_key(const struct ayni_space *space, const struct plan_record *plan,
                                  const struct ayni_record *holder)
{
    return (struct record_key){ .space = *space, .type = plan->type->number, .record = *holder };
}

static void seek_made(struct seeking *seeking)
{
    const struct import_overlay *overlay = seeking->reading->overlay;
    const struct plan_span *span = &seeking->plan->span;
    struct record_key key = list_key(&seeking->reading->space, seeking->plan, seeking->holder);
    const struct overlay_entry *list = import_overlay_find(overlay, &key);

    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct overlay_entry *made;
        memcpy(key.record.bytes, list->fields[i].value.data, sizeof(key.record.bytes));
        made = import_overlay_find(overlay, &key);
        offer(seeking, &key, import_overlay_value(made, span->from),
              import_overlay_value(made, span->to));
    }
}

enum ayni_status import_span_note(struct import_overlay *overlay, const struct import_draft *drafts,
                                  const struct import_draft *draft)
{
    const struct record_key key =
        list_key(&draft->key.space, draft->plan, &drafts[draft->plan->span.of].key.record);
    const struct overlay_entry *list = import_overlay_find(overlay, &key);
    const struct ayni_field made = { .number = list == NULL ? 1 : (uint32_t)list->count + 1,
                                     .value = { draft->key.record.bytes,
                                                sizeof(draft->key.record.bytes) } };

    return import_overlay_add(overlay, &key, &made, 1);
}

enum ayni_status import_span_find(struct import_reading *reading, const struct import_draft *drafts,
                                  struct import_draft *draft, const struct ayni_bytes *cells)
{
    const struct plan_record *plan = draft->plan;
    struct seeking seeking = { .reading = reading,
                               .plan = plan,
                               .holder = &drafts[plan->span.of].key.record,
                               .draft = draft };
    enum ayni_status status;

    if (!import_condition_fits(&plan->span.on.condition, cells))
        return AYNI_E_NOT_FOUND;
    import_cell_text(&plan->span.on, cells, &reading->text);
    if (reading->text.failed)
        return AYNI_E_MEMORY;
    if (import_cell_day(plan->span.on.source->dates, ayni_buffer_bytes(&reading->text),
                        &seeking.day) != AYNI_OK)
        return AYNI_E_NOT_FOUND;
    seek_made(&seeking);
    status = seek_held(&seeking);
    if (status != AYNI_OK)
        return status;
    return seeking.found ? AYNI_OK : AYNI_E_NOT_FOUND;
}
