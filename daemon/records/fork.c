#include "daemon/records/fork.h"

#include "daemon/records/charter.h"
#include "proto/registry.h"

/* Under the place of its entry: feed 32, node 32, lane 1, incarnation 16, seq 8, three chains. */
enum { TOLD_SIZE = 32 + 32 + 1 + 16 + 8 + 3 * 32 };

enum ayni_status fork_told_read(struct ayni_bytes payload, const struct ayni_node *root,
                                const struct ayni_space *space, struct fork_told *told)
{
    struct ayni_fork_proof proof;
    enum ayni_status status = ayni_fork_proof_decode(payload, &proof);

    if (status != AYNI_OK)
        return status;
    if (!ayni_id_equal(&proof.root, root) || !ayni_id_equal(&proof.descriptor.space, space))
        return AYNI_E_RIGHT;
    *told = (struct fork_told){
        .feed = proof.feed,
        .descriptor = proof.descriptor,
        .common = { proof.seq - 1, proof.before },
        .chains = { proof.chains[0], proof.chains[1] },
    };
    return AYNI_OK;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

enum ayni_status fork_told_put(struct views_txn *txn, const struct fork_told *told)
{
    uint8_t name[ENTRY_KEY_SIZE], value[TOLD_SIZE];
    uint8_t *at = put(value, told->feed.bytes, 32);

    at = put(at, told->descriptor.node.bytes, 32);
    *at++ = told->descriptor.lane;
    at = put(at, told->descriptor.incarnation.bytes, 16);
    ayni_put_u64(at, told->common.seq);
    at = put(at + 8, told->common.chain.bytes, 32);
    at = put(at, told->chains[0].bytes, 32);
    put(at, told->chains[1].bytes, 32);
    entry_key_encode(&told->descriptor.space, &told->entry, name);
    return views_put(txn, RECORDS_TABLE_PROOFS, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

static const uint8_t *take(const uint8_t *at, void *bytes, size_t size)
{
    memcpy(bytes, at, size);
    return at + size;
}

static void decode(const uint8_t key[ENTRY_KEY_SIZE], const uint8_t value[TOLD_SIZE],
                   struct fork_told *told)
{
    const uint8_t *at = take(value, told->feed.bytes, 32);

    at = take(at, told->descriptor.node.bytes, 32);
    told->descriptor.lane = *at++;
    at = take(at, told->descriptor.incarnation.bytes, 16);
    told->common.seq = ayni_get_u64(at);
    at = take(at + 8, told->common.chain.bytes, 32);
    at = take(at, told->chains[0].bytes, 32);
    take(at, told->chains[1].bytes, 32);
    take(key, told->descriptor.space.bytes, 16);
    told->entry = version_ref_decode(key + 16);
}

enum ayni_status forks_each_told(struct reader *reader, const struct ayni_space *space,
                                 bool (*visit)(void *context, const struct fork_told *told),
                                 void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    struct ayni_bytes prefix = { 0 };
    struct fork_told told;

    if (space != NULL)
        prefix = (struct ayni_bytes){ space->bytes, sizeof(space->bytes) };
    views_cursor_open(reader_views(reader), RECORDS_TABLE_PROOFS, prefix, &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        if (key.size != ENTRY_KEY_SIZE || value.size != TOLD_SIZE)
            continue;
        decode(key.data, value.data, &told);
        if (!visit(context, &told))
            return AYNI_OK;
    }
    return cursor.status;
}

bool fork_told_counts(struct reader *reader, const struct fork_told *told)
{
    const struct charter *charter = reader_charter(reader);
    struct log_feed held;

    if (log_find_feed(reader_log(reader), &told->feed, &held) == AYNI_OK)
        return true;
    if (ayni_id_equal(&told->descriptor.space, &charter->registry_space))
        return ayni_registry_member(charter->registry, &told->descriptor.node) != NULL;
    return charter_check_author(charter, &told->descriptor) == AYNI_OK;
}
