#include "daemon/records/projection/put_versions.h"

#include "daemon/records/tables.h"

struct put_versions put_versions_begin(struct views_snapshot *views)
{
    struct put_versions put = { 0 };

    views_ascent_open(views, RECORDS_TABLE_RECORDS, &put.held);
    return put;
}

void put_versions_free(struct put_versions *put)
{
    views_ascent_close(&put->held);
    puts_free(&put->records);
    ayni_buffer_free(&put->scratch);
}

/* A payload that came later than its entry: they are sorted, so it is the one before. */
static bool came_before(const struct arrivals *arrivals, size_t from, size_t index)
{
    const struct version_ref *ref = &arrivals->versions[index].ref;

    return index > from && ref->feed == arrivals->versions[index - 1].ref.feed &&
           ref->seq == arrivals->versions[index - 1].ref.seq;
}

enum ayni_status put_versions_of(struct put_versions *put, const struct arrivals *arrivals,
                                 struct touched *touched)
{
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes key = { name, sizeof(name) };
    struct ayni_bytes held = { 0 };

    record_key_encode(&touched->key, name);
    touched->fresh = !views_ascent_find(&put->held, key, &held);
    touched->held = !touched->fresh || touched->from < touched->to;
    if (put->held.status != AYNI_OK || touched->from == touched->to)
        return put->held.status;
    ayni_buffer_clear(&put->scratch);
    ayni_buffer_append(&put->scratch, held.data, held.size);
    for (size_t i = touched->from; i < touched->to; i++) {
        uint8_t ref[VERSION_REF_SIZE];
        version_ref_encode(&arrivals->versions[i].ref, ref);
        if (!came_before(arrivals, touched->from, i) && !version_refs_have(held, ref))
            ayni_buffer_append(&put->scratch, ref, sizeof(ref));
    }
    puts_add(&put->records, key, ayni_buffer_bytes(&put->scratch));
    return ayni_buffer_status(&put->scratch);
}

enum ayni_status put_versions_flush(struct put_versions *put, struct views_txn *txn)
{
    views_ascent_close(&put->held);
    return puts_flush(&put->records, txn, RECORDS_TABLE_RECORDS);
}
