#include "daemon/records/projection/arrivals_note.h"

#include "daemon/records/problem.h"

enum ayni_status arrivals_note_problem(struct views_txn *txn, const struct arrived_odd *odd,
                                       enum problem_kind kind)
{
    const struct record_key key = { .space = odd->space };
    uint8_t name[PROBLEM_KEY_SIZE];
    SCOPED_BUFFER row = { 0 };

    problem_append(kind, 0, problem_kind_name(kind), &row);
    problem_key_encode(&key, &odd->ref, name);
    if (row.failed)
        return AYNI_E_MEMORY;
    return views_put(txn, RECORDS_TABLE_PROBLEMS, (struct ayni_bytes){ name, sizeof(name) },
                     ayni_buffer_bytes(&row));
}

static enum ayni_status note_odd(const struct arrivals *arrivals, size_t index,
                                 struct views_txn *txn, bool *cuts)
{
    const struct arrived_odd *odd = &arrivals->odd[index];
    uint8_t cut[ENTRY_KEY_SIZE], unread[VERSION_REF_SIZE];

    switch (odd->kind) {
    case ARRIVED_CUT:
        *cuts = true;
        entry_key_encode(&odd->space, &odd->ref, cut);
        return views_put(txn, RECORDS_TABLE_CUTS, (struct ayni_bytes){ cut, sizeof(cut) },
                         (struct ayni_bytes){ 0 });
    case ARRIVED_HOLLOW:
    case ARRIVED_LACKING:
        version_ref_encode(&odd->ref, unread);
        return views_put(txn, RECORDS_TABLE_UNREAD, (struct ayni_bytes){ unread, sizeof(unread) },
                         (struct ayni_bytes){ 0 });
    case ARRIVED_SEALED:
        return sealed_put(txn, &(struct sealed_row){ odd->ref, odd->arrival, odd->time });
    case ARRIVED_ERASE:
    case ARRIVED_RECEIPT:
        return AYNI_OK; /* daemon/records/erasure/erasure_note.h, receipt.h */
    case ARRIVED_BAD_CUT:
        return arrivals_note_problem(txn, odd, PROBLEM_CUT);
    case ARRIVED_BAD_PROOF:
        return arrivals_note_problem(txn, odd, PROBLEM_PROOF);
    case ARRIVED_MALFORMED:
        return arrivals_note_problem(txn, odd, PROBLEM_MALFORMED);
    }
    return AYNI_OK;
}

static enum ayni_status note_future(const struct arrivals *arrivals, struct views_txn *txn)
{
    SCOPED_BUFFER row = { 0 };
    enum ayni_status status = AYNI_OK;

    problem_append(PROBLEM_FUTURE, 0, problem_kind_name(PROBLEM_FUTURE), &row);
    for (size_t i = 0; status == AYNI_OK && i < arrivals->count; i++) {
        struct version_ref ref = arrivals->versions[i].ref;
        uint8_t name[PROBLEM_KEY_SIZE];
        if (!arrivals->versions[i].future)
            continue;
        ref.seq = PROBLEM_LASTING_SEQ(ref.seq);
        problem_key_encode(&arrivals->versions[i].key, &ref, name);
        status = views_put(txn, RECORDS_TABLE_PROBLEMS, (struct ayni_bytes){ name, sizeof(name) },
                           ayni_buffer_bytes(&row));
    }
    return row.failed ? AYNI_E_MEMORY : status;
}

/* A payload that came later than its entry is of one that was followed long ago. */
static enum ayni_status was_followed(struct views_txn *txn, const struct arrived_span *span,
                                     bool *was)
{
    uint8_t name[4];
    struct ayni_bytes held;

    ayni_put_u32(name, span->feed);
    enum ayni_status status = views_get(views_txn_snapshot(txn), RECORDS_TABLE_FEEDS,
                                        (struct ayni_bytes){ name, sizeof(name) }, &held);
    *was = status == AYNI_OK && held.size == 8 && ayni_get_u64(held.data) >= span->to;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status note_followed(struct views_txn *txn, const struct arrived_span *span)
{
    uint8_t name[4], value[8];
    bool was;
    enum ayni_status status = was_followed(txn, span, &was);

    if (status != AYNI_OK || was)
        return status;
    ayni_put_u32(name, span->feed);
    ayni_put_u64(value, span->to);
    return views_put(txn, RECORDS_TABLE_FEEDS, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

/* What was missing of it isn't any more. */
static enum ayni_status note_filled(struct views_txn *txn, const struct arrived_span *span)
{
    uint8_t unread[VERSION_REF_SIZE];
    bool was;
    enum ayni_status status = was_followed(txn, span, &was);

    for (uint64_t seq = span->from; status == AYNI_OK && was && seq <= span->to; seq++) {
        version_ref_encode(&(struct version_ref){ span->feed, seq }, unread);
        status =
            views_delete(txn, RECORDS_TABLE_UNREAD, (struct ayni_bytes){ unread, sizeof(unread) });
    }
    return status;
}

/* Spans are by feed and seq: the last of a feed is the highest. */
enum ayni_status arrivals_note_feeds(const struct arrivals *arrivals, struct views_txn *txn)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->span_count; i++) {
        const struct arrived_span *span = &arrivals->spans[i];
        if (i + 1 == arrivals->span_count || span[1].feed != span->feed)
            status = note_followed(txn, span);
    }
    return status;
}

enum ayni_status arrivals_note(const struct arrivals *arrivals, struct views_txn *txn, bool *cuts)
{
    enum ayni_status status = sealed_settle(txn, &arrivals->unsealed);

    for (size_t i = 0; status == AYNI_OK && i < arrivals->span_count; i++)
        status = note_filled(txn, &arrivals->spans[i]);
    for (size_t i = 0; status == AYNI_OK && i < arrivals->odd_count; i++)
        status = note_odd(arrivals, i, txn, cuts);
    for (size_t i = 0; status == AYNI_OK && i < arrivals->fork_count; i++)
        status = fork_told_put(txn, &arrivals->forks[i]);
    return status == AYNI_OK ? note_future(arrivals, txn) : status;
}
