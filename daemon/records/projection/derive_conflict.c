#include "daemon/records/projection/derive_conflict.h"

#include "daemon/records/conflict.h"
#include "daemon/records/tables.h"

/* Where those of a kind are kept. */
struct kept {
    struct puts *rows, *ages;
    size_t table; /* of the rows */
};

static struct kept kept_of(struct derive_conflicts *conflicts, enum conflict_kind kind)
{
    if (kind == CONFLICT_OPEN)
        return (struct kept){ &conflicts->open, &conflicts->open_ages, RECORDS_TABLE_CONFLICTS };
    return (struct kept){ &conflicts->merged, &conflicts->merged_ages, RECORDS_TABLE_MERGED };
}

/* What views/ has of it, if it has any. */
static enum ayni_status drop(struct derive_conflicts *conflicts, struct reader *reader,
                             enum conflict_kind kind, const struct record_key *key)
{
    struct kept kept = kept_of(conflicts, kind);
    uint8_t name[RECORD_KEY_SIZE], age[AGE_KEY_SIZE];
    struct ayni_bytes held;

    record_key_encode(key, name);
    enum ayni_status status = views_get(reader_views(reader), kept.table,
                                        (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (held.size >= 8) {
        age_key_encode((struct ayni_instant){ ayni_get_u64(held.data) }, key, age);
        puts_remove(kept.ages, (struct ayni_bytes){ age, sizeof(age) });
    }
    puts_remove(kept.rows, (struct ayni_bytes){ name, sizeof(name) });
    return AYNI_OK;
}

static enum ayni_status renew(struct derive_conflicts *conflicts, struct reader *reader,
                              enum conflict_kind kind, const struct record_state *state, bool fresh)
{
    struct kept kept = kept_of(conflicts, kind);
    uint8_t name[RECORD_KEY_SIZE], age[AGE_KEY_SIZE];
    struct conflict conflict;
    SCOPED_BUFFER row = { 0 };
    enum ayni_status status = fresh ? AYNI_OK : drop(conflicts, reader, kind, &state->key);

    if (status != AYNI_OK || !conflict_of(state, kind, &conflict))
        return status;
    record_key_encode(&state->key, name);
    age_key_encode(conflict.since, &state->key, age);
    conflict_encode(&conflict, &row);
    puts_add(kept.rows, (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(&row));
    puts_add(kept.ages, (struct ayni_bytes){ age, sizeof(age) }, (struct ayni_bytes){ 0 });
    return ayni_buffer_status(&row);
}

enum ayni_status derive_conflict(struct derive_conflicts *conflicts, struct reader *reader,
                                 const struct record_state *state, bool fresh)
{
    enum ayni_status status = renew(conflicts, reader, CONFLICT_OPEN, state, fresh);

    return status == AYNI_OK ? renew(conflicts, reader, CONFLICT_MERGED, state, fresh) : status;
}

enum ayni_status derive_no_conflict(struct derive_conflicts *conflicts, struct reader *reader,
                                    const struct record_key *key)
{
    enum ayni_status status = drop(conflicts, reader, CONFLICT_OPEN, key);

    return status == AYNI_OK ? drop(conflicts, reader, CONFLICT_MERGED, key) : status;
}

enum ayni_status derive_conflicts_flush(struct derive_conflicts *conflicts, struct views_txn *txn)
{
    enum ayni_status status = puts_flush(&conflicts->open, txn, RECORDS_TABLE_CONFLICTS);

    if (status == AYNI_OK)
        status = puts_flush(&conflicts->open_ages, txn, RECORDS_TABLE_AGES);
    if (status == AYNI_OK)
        status = puts_flush(&conflicts->merged, txn, RECORDS_TABLE_MERGED);
    return status == AYNI_OK ? puts_flush(&conflicts->merged_ages, txn, RECORDS_TABLE_MERGED_AGES)
                             : status;
}

void derive_conflicts_free(struct derive_conflicts *conflicts)
{
    puts_free(&conflicts->open);
    puts_free(&conflicts->open_ages);
    puts_free(&conflicts->merged);
    puts_free(&conflicts->merged_ages);
}
