#include "daemon/records/erasure/erasure_part_private.h"

#include <stdlib.h>

#include "daemon/records/erasure/erasure_tables.h"
#include "daemon/records/plain_payload.h"

void judged_done(struct judged *judged)
{
    ayni_version_free(&judged->version);
    ayni_buffer_free(&judged->plain);
    free(judged->stub.seen);
}

/* --- rows --- */

void parting_put(struct puts *puts, struct ayni_bytes key, bool put, struct ayni_bytes value)
{
    if (put)
        puts_add(puts, key, value);
    else
        puts_remove(puts, key);
}

/* What the log is to say: dropped what is erased, lost what was dropped and isn't any more. */
static void note_drop(struct parting *parting, const struct judged *judged, struct ayni_bytes ref)
{
    bool erased = erasure_is_erased(&judged->verdict);
    uint8_t reason = erased ? AYNI_HOLLOW_ERASED : AYNI_HOLLOW_LOST;
    bool differs = judged->here ? erased : judged->was_here && judged->entry.entry.hollow != reason;
    const struct version_ref *orders = (const struct version_ref *)parting->orders.data;
    uint8_t key[ENTRY_KEY_SIZE], since[8];

    ayni_put_u64(since, parting->position);
    parting_put(&parting->drops, ref, differs, (struct ayni_bytes){ &reason, 1 });
    for (size_t i = 0; judged->here && i < parting->orders.size / sizeof(*orders); i++) {
        entry_key_encode(&judged->feed->descriptor.space, &orders[i], key);
        puts_add(&parting->owed, (struct ayni_bytes){ key, sizeof(key) },
                 (struct ayni_bytes){ since, sizeof(since) });
        parting->work->owed = true;
    }
}

/* For any entry of kind 1. */
static void note_entry(struct parting *parting, const struct judged *judged)
{
    uint8_t name[VERSION_REF_SIZE];
    struct ayni_bytes ref = { name, sizeof(name) };
    bool unread = !judged->here && !erasure_is_erased(&judged->verdict);

    version_ref_encode(&judged->ref, name);
    parting_put(&parting->unread, ref, unread, (struct ayni_bytes){ 0 });
    note_drop(parting, judged, ref);
}

/* Beside it, for one that is known to be of a record. */
void judged_note_version(struct parting *parting, const struct record_key *key,
                         const struct judged *judged)
{
    const struct erasure_verdict *verdict = &judged->verdict;
    bool erased = erasure_is_erased(verdict);
    uint8_t flags =
        (uint8_t)((erased ? ERASURE_GONE_ERASED : 0) |
                  (verdict->named && !verdict->named_at_once ? ERASURE_GONE_LISTED : 0));
    struct version_ref lasting = judged->ref;
    uint8_t name[PROBLEM_KEY_SIZE];
    struct ayni_bytes place = { name, sizeof(name) };

    problem_key_encode(key, &judged->ref, name);
    parting_put(&parting->gone, place, erased || (judged->was_here && !judged->here),
                (struct ayni_bytes){ &flags, 1 });
    parting_put(&parting->late, place, verdict->ordered && !verdict->named,
                (struct ayni_bytes){ 0 });
    if (!erased && judged->here)
        return;
    lasting.seq = PROBLEM_LASTING_SEQ(lasting.seq);
    problem_key_encode(key, &lasting, name);
    puts_remove(&parting->problems, place);
}

/* --- judging --- */

static enum ayni_status decode(const struct parting *parting, struct judged *judged)
{
    const struct ayni_entry *entry = &judged->entry.entry;
    struct ayni_bytes plain;
    enum ayni_status status =
        payload_open(reader_charter(parting->reader)->epoch_keys, judged->feed, entry->kind,
                     entry->payload, &judged->plain, &plain);

    if (status == AYNI_OK)
        status = ayni_version_decode(plain, &judged->version);
    return status == AYNI_E_MEMORY ? status : AYNI_OK;
}

static enum ayni_status read_version(struct parting *parting, struct judged *judged)
{
    enum ayni_status status;

    judged->feed = reader_feed(parting->reader, judged->ref.feed);
    if (judged->feed == NULL)
        return AYNI_E_MEMORY;
    status = log_get_entry(reader_log(parting->reader), judged->ref.feed, judged->ref.seq,
                           &judged->entry);
    if (status != AYNI_OK)
        return status;
    judged->here = judged->entry.entry.hollow == AYNI_HOLLOW_NONE;
    if (judged->here)
        return decode(parting, judged);
    status = erasure_stub_get(reader_log(parting->reader), &judged->ref, &judged->stub);
    judged->was_here = status == AYNI_OK;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* What came hollow is of a record by a range's word alone, and so by ranges alone erased. */
enum ayni_status judged_make(struct parting *parting, const struct record_key *key,
                             struct judged *judged)
{
    enum ayni_status status = read_version(parting, judged);

    if (status != AYNI_OK)
        return status;
    struct erasure_version version = {
        .ref = judged->ref,
        .feed = judged->feed,
        .chain = judged->entry.chain,
        .time = judged->entry.entry.time,
        .key = judged->here || judged->was_here ? key : NULL,
        .seen = judged->here ? judged->version.erases_seen : judged->stub.seen,
        .seen_count = judged->here ? judged->version.erases_seen_count : judged->stub.seen_count,
    };
    ayni_buffer_clear(&parting->orders);
    status = erasure_judge(parting->reader, &version, &judged->verdict, &parting->orders);
    if (status == AYNI_OK)
        note_entry(parting, judged);
    return status == AYNI_OK ? ayni_buffer_status(&parting->orders) : status;
}
