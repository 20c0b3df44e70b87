#include "daemon/records/erasure/erasure_part.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/erasure/erasure_part_private.h"
#include "daemon/records/links/links.h"
#include "daemon/records/projection/derive_subject.h"
#include "proto/catalogue.h"

/* --- records --- */

static void note_unnamed(struct parting *parting, const struct record_key *key,
                         const struct judged *judged, uint32_t field)
{
    struct parting_subject unnamed;

    memset(&unnamed, 0, sizeof(unnamed));
    unnamed.key = *key;
    if (derive_reference_in(&judged->version, field, &unnamed.subject))
        ayni_buffer_append(&parting->unnamed, &unnamed, sizeof(unnamed));
}

static void note_unlisted(struct parting *parting, const struct record_key *key,
                          const struct judged *judged, const struct ayni_catalogue_type *type)
{
    struct parting_occasion unlisted;
    struct occasion_fields fields;

    memset(&unlisted, 0, sizeof(unlisted));
    unlisted.key = *key;
    unlisted.ref = judged->ref;
    if (occasion_fields_of(type, &fields) &&
        occasion_of_version(&fields, &judged->version, &unlisted.occasion))
        ayni_buffer_append(&parting->unlisted, &unlisted, sizeof(unlisted));
}

/* Whom an erased version named, where and when it was of: that it said so goes too. */
static void note_said(struct parting *parting, const struct record_key *key,
                      const struct judged *judged)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(parting->reader)->catalogue, key->type);

    if (!judged->here)
        return;
    note_unlisted(parting, key, judged, type);
    if (type != NULL && type->subject_field != 0)
        note_unnamed(parting, key, judged, type->subject_field);
    if (key->type == LINK_TYPE) {
        note_unnamed(parting, key, judged, LINK_FIELD_A);
        note_unnamed(parting, key, judged, LINK_FIELD_B);
    }
}

static enum ayni_status part_version(struct parting *parting, const struct record_key *key,
                                     const struct version_ref *ref, struct ayni_buffer *live)
{
    SCOPED_JUDGED judged = { .ref = *ref };
    enum ayni_status status = judged_make(parting, key, &judged);

    if (status == AYNI_OK) {
        bool stays = judged.here && !erasure_is_erased(&judged.verdict);
        uint8_t *room = stays ? ayni_buffer_extend(live, VERSION_REF_SIZE) : NULL;
        judged_note_version(parting, key, &judged);
        if (room != NULL)
            version_ref_encode(ref, room);
        else
            note_said(parting, key, &judged);
    }
    return status;
}

/* All versions that are known to be of it, those that came included, each once. */
static enum ayni_status gather(struct parting *parting, const struct record_key *key,
                               struct ayni_buffer *refs)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct views_snapshot *views = reader_views(parting->reader);
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes prefix = { name, sizeof(name) }, found, value;
    enum ayni_status status;

    record_key_encode(key, name);
    status = views_get(views, RECORDS_TABLE_RECORDS, prefix, &value);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    ayni_buffer_clear(refs);
    if (status == AYNI_OK)
        ayni_buffer_append(refs, value.data, value.size);
    views_cursor_open(views, RECORDS_TABLE_GONE, prefix, &cursor);
    while (views_cursor_next(&cursor, &found, &value))
        if (found.size == PROBLEM_KEY_SIZE)
            version_refs_add(refs, found.data + RECORD_KEY_SIZE);
    return cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(refs);
}

static enum ayni_status part_record(struct parting *parting, struct touched *touched,
                                    struct ayni_buffer *refs, struct ayni_buffer *live)
{
    uint8_t name[RECORD_KEY_SIZE];
    enum ayni_status status = gather(parting, &touched->key, refs);

    ayni_buffer_clear(live);
    for (size_t at = 0; status == AYNI_OK && at + VERSION_REF_SIZE <= refs->size;
         at += VERSION_REF_SIZE) {
        struct version_ref ref = version_ref_decode(refs->data + at);
        status = part_version(parting, &touched->key, &ref, live);
    }
    if (status == AYNI_OK)
        status = ayni_buffer_status(live);
    if (status != AYNI_OK)
        return status;
    record_key_encode(&touched->key, name);
    touched->parted = true;
    touched->held = live->size > 0;
    parting_put(&parting->records, (struct ayni_bytes){ name, sizeof(name) }, touched->held,
                ayni_buffer_bytes(live));
    return AYNI_OK;
}

/* --- which records --- */

static bool is_asked(const struct parting *parting, const struct record_key *key)
{
    const struct ayni_buffer *keys = &parting->work->keys;

    return keys->size > 0 && bsearch(key, keys->data, keys->size / sizeof(*key), sizeof(*key),
                                     record_key_compare) != NULL;
}

/* Whether something that came of it is hollow, or lies in a feed in which ranges name entries. */
static enum ayni_status is_met(struct parting *parting, const struct touched *touched, bool *met)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = touched->from; status == AYNI_OK && !*met && i < touched->to; i++) {
        const struct arrived_version *version = &parting->arrivals->versions[i];
        const struct log_feed *feed = reader_feed(parting->reader, version->ref.feed);
        *met = version->hollow;
        if (feed == NULL)
            status = AYNI_E_MEMORY;
        else if (!*met && parting->known)
            status = erasure_has_ranges(reader_views(parting->reader), &feed->id, met);
    }
    return status;
}

static enum ayni_status is_concerned(struct parting *parting, const struct touched *touched,
                                     bool *concerned)
{
    enum ayni_status status = AYNI_OK;

    *concerned = is_asked(parting, &touched->key);
    if (!*concerned && parting->known)
        status = erasure_has_orders(reader_views(parting->reader), &touched->key, concerned);
    return status == AYNI_OK && !*concerned ? is_met(parting, touched, concerned) : status;
}

/* --- entries of which nobody knows the record --- */

/* Whose it is by the word of an order that names it. */
static enum ayni_status note_named(struct parting *parting, const struct judged *judged)
{
    const struct version_ref *orders = (const struct version_ref *)parting->orders.data;
    struct erasure_order order;
    enum ayni_status status;

    if (judged->here || !judged->verdict.named)
        return AYNI_OK;
    status = erasure_order_get(parting->reader, &orders[0], &order);
    if (status == AYNI_OK && order.readable)
        judged_note_version(parting, &order.key, judged);
    return status;
}

static enum ayni_status part_entry(struct parting *parting, const struct version_ref *ref)
{
    SCOPED_JUDGED judged = { .ref = *ref };
    struct record_key key;
    uint8_t name[PROBLEM_KEY_SIZE];
    enum ayni_status status = judged_make(parting, NULL, &judged);

    if (status == AYNI_OK)
        status = note_named(parting, &judged);
    if (status == AYNI_OK && erasure_is_erased(&judged.verdict)) { /* it isn't malformed any more */
        key = (struct record_key){ .space = judged.feed->descriptor.space };
        problem_key_encode(&key, ref, name);
        puts_remove(&parting->problems, (struct ayni_bytes){ name, sizeof(name) });
    }
    return status;
}

/* An entry of kind 1 that can't be told to be of a record. */
static bool is_of_nobody(struct reader *reader, const struct arrived_odd *odd)
{
    struct log_entry entry;

    if (odd->kind != ARRIVED_SEALED)
        return odd->kind == ARRIVED_HOLLOW || odd->kind == ARRIVED_MALFORMED;
    return log_get_entry(reader_log(reader), odd->ref.feed, odd->ref.seq, &entry) == AYNI_OK &&
           entry.entry.kind == AYNI_KIND_VERSION;
}

static enum ayni_status part_entries(struct parting *parting)
{
    const struct arrivals *arrivals = parting->arrivals;
    const struct ayni_buffer *refs = &parting->work->refs;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < refs->size / sizeof(struct version_ref); i++)
        status = part_entry(parting, &((const struct version_ref *)refs->data)[i]);
    for (size_t i = 0; status == AYNI_OK && parting->known && i < arrivals->odd_count; i++)
        if (is_of_nobody(parting->reader, &arrivals->odd[i]))
            status = part_entry(parting, &arrivals->odd[i].ref);
    return status;
}

/* --- all of it --- */

static enum ayni_status flush(struct parting *parting)
{
    const struct {
        struct puts *puts;
        size_t table;
    } all[] = {
        { &parting->records, RECORDS_TABLE_RECORDS },   { &parting->gone, RECORDS_TABLE_GONE },
        { &parting->unread, RECORDS_TABLE_UNREAD },     { &parting->drops, RECORDS_TABLE_DROPS },
        { &parting->late, RECORDS_TABLE_LATE },         { &parting->owed, RECORDS_TABLE_OWED },
        { &parting->problems, RECORDS_TABLE_PROBLEMS },
    };
    enum ayni_status status = ayni_buffer_status(&parting->unnamed);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&parting->unlisted);
    for (size_t i = 0; status == AYNI_OK && i < sizeof(all) / sizeof(all[0]); i++)
        status = puts_flush(all[i].puts, parting->txn, all[i].table);
    return status;
}

enum ayni_status parting_run(struct parting *parting, struct touched *touched, size_t count)
{
    SCOPED_BUFFER refs = { 0 }, live = { 0 };
    struct ayni_buffer *keys = &parting->work->keys;
    enum ayni_status status = erasure_is_known(reader_views(parting->reader), &parting->known);

    if (keys->size > sizeof(struct record_key))
        qsort(keys->data, keys->size / sizeof(struct record_key), sizeof(struct record_key),
              record_key_compare);
    if (status == AYNI_OK)
        status = part_entries(parting);
    if (status == AYNI_OK)
        status = flush(parting); /* what they were told to be of is there for their records */
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        bool concerned = false;
        status = is_concerned(parting, &touched[i], &concerned);
        if (status == AYNI_OK && concerned)
            status = part_record(parting, &touched[i], &refs, &live);
    }
    return status == AYNI_OK ? flush(parting) : status;
}

void parting_free(struct parting *parting)
{
    ayni_buffer_free(&parting->unnamed);
    ayni_buffer_free(&parting->unlisted);
    ayni_buffer_free(&parting->orders);
    puts_free(&parting->records);
    puts_free(&parting->gone);
    puts_free(&parting->unread);
    puts_free(&parting->drops);
    puts_free(&parting->late);
    puts_free(&parting->owed);
    puts_free(&parting->problems);
}
