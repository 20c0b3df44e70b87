#include "proto/entry.h"

#include "proto/cbor.h"
#include "proto/limits.h"
#include "proto/seal.h"

enum {
    HEADER_SIZE_MAX = 1 + 3 * 9 + 34,
    CHAINED_SIZE_MAX = 1 + 13 + 34 + HEADER_SIZE_MAX,
    SEAL_SIZE_MAX = 1 + 12 + 34 + 9 + 34,
    TO_SIGN_SIZE_MAX = 1 + 11 + 4 + 1 + 2 + SEAL_SIZE_MAX,
};

struct ayni_hash ayni_payload_hash(struct ayni_bytes payload)
{
    uint8_t room[1 + 15 + 9];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 2);
    ayni_cbor_put_string(&to, "ayni-payload-1");
    ayni_cbor_put_bytes_head(&to, payload.size);
    return ayni_hash_of_two(ayni_buffer_bytes(&to), payload);
}

void ayni_entry_complete(struct ayni_entry *entry)
{
    if (entry->hollow != AYNI_HOLLOW_NONE)
        return;
    entry->payload_size = entry->payload.size;
    entry->payload_hash = ayni_payload_hash(entry->payload);
}

void ayni_header_encode(const struct ayni_entry *entry, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_uint(to, entry->kind);
    ayni_cbor_put_uint(to, entry->time.ms);
    ayni_cbor_put_uint(to, entry->payload_size);
    ayni_cbor_put_id(to, &entry->payload_hash);
}

static void read_header(struct ayni_cbor_reader *r, struct ayni_entry *entry)
{
    *entry = (struct ayni_entry){ .hollow = AYNI_HOLLOW_LOST };
    if (ayni_cbor_read_array(r) != 4)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    entry->kind = ayni_cbor_read_uint(r);
    entry->time.ms = ayni_cbor_read_uint(r);
    entry->payload_size = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &entry->payload_hash);
    if (entry->payload_size > AYNI_PAYLOAD_SIZE_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
}

enum ayni_status ayni_header_decode(struct ayni_bytes bytes, struct ayni_entry *entry)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_entry e;

    read_header(&r, &e);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *entry = e;
    return status;
}

struct ayni_hash ayni_chain_start(const struct ayni_feed *feed)
{
    uint8_t room[CHAINED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 2);
    ayni_cbor_put_string(&to, "ayni-chain-1");
    ayni_cbor_put_id(&to, feed);
    return ayni_hash_of(ayni_buffer_bytes(&to));
}

struct ayni_hash ayni_chain_next(const struct ayni_hash *before, const struct ayni_entry *entry)
{
    uint8_t room[CHAINED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 3);
    ayni_cbor_put_string(&to, "ayni-chain-1");
    ayni_cbor_put_id(&to, before);
    ayni_header_encode(entry, &to);
    return ayni_hash_of(ayni_buffer_bytes(&to));
}

struct ayni_hash ayni_chain_read_headers(struct ayni_cbor_reader *reader, size_t count,
                                         struct ayni_hash chain)
{
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        struct ayni_entry entry;
        read_header(reader, &entry);
        chain = ayni_chain_next(&chain, &entry);
    }
    return chain;
}

struct ayni_chain_prefix ayni_chain_prefix_of(const struct ayni_hash *chain)
{
    struct ayni_chain_prefix prefix;

    memcpy(prefix.bytes, chain->bytes, sizeof(prefix.bytes));
    return prefix;
}

/* --- runs on the wire --- */

void ayni_entry_put(const struct ayni_entry *entry, struct ayni_buffer *to)
{
    bool hollow = entry->hollow != AYNI_HOLLOW_NONE;

    ayni_cbor_put_array(to, hollow ? 5 : 3);
    ayni_cbor_put_uint(to, entry->kind);
    ayni_cbor_put_uint(to, entry->time.ms);
    if (!hollow) {
        ayni_cbor_put_bytes(to, entry->payload);
        return;
    }
    ayni_cbor_put_uint(to, entry->payload_size);
    ayni_cbor_put_id(to, &entry->payload_hash);
    ayni_cbor_put_uint(to, entry->hollow);
}

void ayni_run_encode(const struct ayni_run *run, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_array(to, run->count);
    for (size_t i = 0; i < run->count; i++)
        ayni_entry_put(&run->entries[i], to);
    ayni_cbor_put_id(to, &run->signature);
}

/* The rest of a hollow entry. A reason that is not known here is as good as lost. */
static void read_hollow(struct ayni_cbor_reader *r, struct ayni_entry *entry)
{
    entry->payload_size = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &entry->payload_hash);
    uint64_t reason = ayni_cbor_read_uint(r);
    if (reason == AYNI_HOLLOW_NONE)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    entry->hollow = (uint8_t)(reason > AYNI_HOLLOW_LOST ? AYNI_HOLLOW_LOST : reason);
}

void ayni_entry_read(struct ayni_cbor_reader *r, struct ayni_entry *entry)
{
    size_t count = ayni_cbor_read_array(r);

    *entry = (struct ayni_entry){ .hollow = AYNI_HOLLOW_NONE };
    entry->kind = ayni_cbor_read_uint(r);
    entry->time.ms = ayni_cbor_read_uint(r);
    if (count == 5) {
        read_hollow(r, entry);
        return;
    }
    if (count != 3)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    entry->payload = ayni_cbor_read_bytes(r);
    entry->payload_size = entry->payload.size;
}

/* Whether the payloads, there or not, fit a run; a single one may be larger. */
static bool fits(const struct ayni_run *run, uint64_t payload_max)
{
    uint64_t total = 0;

    for (size_t i = 0; i < run->count; i++) {
        if (run->entries[i].payload_size > AYNI_PAYLOAD_SIZE_MAX)
            return false;
        total += run->entries[i].payload_size;
    }
    return run->count <= 1 || total <= payload_max;
}

enum ayni_status ayni_run_read(struct ayni_bytes bytes, size_t *used, struct ayni_run *run)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);

    if (ayni_cbor_read_array(&r) != 2)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    size_t count = ayni_cbor_read_array(&r);
    if (count == 0)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    else if (count > AYNI_RUN_ENTRIES_MAX)
        ayni_cbor_fail(&r, AYNI_E_LIMIT);
    for (size_t i = 0; i < count && r.status == AYNI_OK; i++)
        ayni_entry_read(&r, &run->entries[i]);
    struct ayni_signature signature;
    ayni_cbor_read_id(&r, &signature);
    if (r.status != AYNI_OK)
        return r.status;
    struct ayni_run read = { run->entries, count, signature };
    if (!fits(&read, AYNI_RUN_PAYLOAD_MAX))
        return AYNI_E_LIMIT;
    for (size_t i = 0; i < count; i++)
        ayni_entry_complete(&run->entries[i]);
    *run = read;
    *used = r.position;
    return AYNI_OK;
}

/* --- chain and seal --- */

/* What is signed for a feed that stands at `head`. */
static void put_to_sign(const struct ayni_feed *feed, const struct ayni_head *head,
                        struct ayni_buffer *to)
{
    uint8_t room[SEAL_SIZE_MAX];
    struct ayni_buffer payload = ayni_buffer_over(room, sizeof(room));

    ayni_seal_payload(feed, head->seq, &head->chain, &payload);
    ayni_cose_to_sign(ayni_buffer_bytes(&payload), to);
}

/* The head after the run, and the chain hash of each of its entries where they are asked for. */
static struct ayni_head follow(const struct ayni_run *run, const struct ayni_head *head,
                               struct ayni_hash *chains)
{
    struct ayni_head at = *head;

    for (size_t i = 0; i < run->count; i++) {
        at.chain = ayni_chain_next(&at.chain, &run->entries[i]);
        at.seq++;
        if (chains != NULL)
            chains[i] = at.chain;
    }
    return at;
}

static bool time_falls(const struct ayni_run *run, struct ayni_instant last_time)
{
    uint64_t last = last_time.ms;

    for (size_t i = 0; i < run->count; i++) {
        if (run->entries[i].time.ms < last)
            return true;
        last = run->entries[i].time.ms;
    }
    return false;
}

enum ayni_status ayni_run_verify(const struct ayni_run *run, const struct ayni_feed *feed,
                                 const struct ayni_node *node, uint8_t lane,
                                 const struct ayni_head *head, struct ayni_instant last_time,
                                 struct ayni_head *after, struct ayni_hash *chains)
{
    uint8_t room[TO_SIGN_SIZE_MAX];
    struct ayni_buffer message = ayni_buffer_over(room, sizeof(room));
    bool urgent = lane == AYNI_LANE_CONTROL || lane == AYNI_LANE_CURRENT;

    if (run->count == 0 || run->count > AYNI_RUN_ENTRIES_MAX ||
        !fits(run, urgent ? AYNI_RUN_PAYLOAD_URGENT_MAX : AYNI_RUN_PAYLOAD_MAX) ||
        head->seq > UINT64_MAX - run->count)
        return AYNI_E_LIMIT;
    struct ayni_head end = follow(run, head, chains);
    put_to_sign(feed, &end, &message);
    if (ayni_verify(node, ayni_buffer_bytes(&message), &run->signature) != AYNI_OK)
        return AYNI_E_SIGNATURE;
    if (time_falls(run, last_time))
        return AYNI_E_INVALID;
    *after = end;
    return AYNI_OK;
}

void ayni_run_seal(struct ayni_run *run, const struct ayni_feed *feed,
                   const struct ayni_signing_key *secret, const struct ayni_head *head,
                   struct ayni_head *after, struct ayni_hash *chains)
{
    uint8_t room[TO_SIGN_SIZE_MAX];
    struct ayni_buffer message = ayni_buffer_over(room, sizeof(room));

    for (size_t i = 0; i < run->count; i++)
        ayni_entry_complete(&run->entries[i]);
    *after = follow(run, head, chains);
    put_to_sign(feed, after, &message);
    ayni_sign(secret, ayni_buffer_bytes(&message), &run->signature);
}
