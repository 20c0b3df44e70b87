#include "proto/fork_proof.h"

#include "proto/limits.h"
#include "proto/seal.h"

enum { SEAL_PAYLOAD_SIZE_MAX = 96 };

static void put_side(const struct ayni_fork_side *side, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_array(to, side->count);
    for (size_t i = 0; i < side->count; i++)
        ayni_header_encode(&side->entries[i], to);
    ayni_cbor_put_id(to, &side->signature);
}

void ayni_fork_proof_encode(const struct ayni_fork_proof *proof, const struct ayni_fork_side *one,
                            const struct ayni_fork_side *other, struct ayni_buffer *to)
{
    struct ayni_hash of_one = ayni_chain_next(&proof->before, &one->entries[0]);
    struct ayni_hash of_other = ayni_chain_next(&proof->before, &other->entries[0]);
    bool in_order = ayni_id_compare(&of_one, &of_other) < 0;

    ayni_cbor_put_array(to, 6);
    ayni_cbor_put_id(to, &proof->root);
    ayni_feed_descriptor_encode(&proof->descriptor, to);
    ayni_cbor_put_uint(to, proof->seq);
    ayni_cbor_put_id(to, &proof->before);
    put_side(in_order ? one : other, to);
    put_side(in_order ? other : one, to);
}

static void read_side(struct ayni_cbor_reader *r, struct ayni_fork_proof *proof, int side,
                      struct ayni_signature *signature)
{
    if (ayni_cbor_read_array(r) != 2)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    size_t count = ayni_cbor_read_array(r);
    if (count == 0 || proof->seq > UINT64_MAX - count)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    else if (count > AYNI_RUN_ENTRIES_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    proof->chains[side] = ayni_chain_read_headers(r, 1, proof->before);
    proof->sealed[side].seq = proof->seq + count - 1;
    proof->sealed[side].chain =
        ayni_chain_read_headers(r, count == 0 ? 0 : count - 1, proof->chains[side]);
    ayni_cbor_read_id(r, signature);
}

static enum ayni_status read_proof(struct ayni_bytes bytes, struct ayni_fork_proof *read,
                                   struct ayni_signature signatures[2])
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);

    if (ayni_cbor_read_array(&r) != 6)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_id(&r, &read->root);
    struct ayni_bytes descriptor = ayni_cbor_read_raw(&r);
    read->seq = ayni_cbor_read_uint(&r);
    ayni_cbor_read_id(&r, &read->before);
    if (read->seq == 0)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    read_side(&r, read, 0, &signatures[0]);
    read_side(&r, read, 1, &signatures[1]);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        status = ayni_feed_descriptor_decode(descriptor, &read->descriptor);
    return status;
}

static enum ayni_status verify_seal(const struct ayni_fork_proof *proof, int side,
                                    const struct ayni_signature *signature)
{
    uint8_t room[SEAL_PAYLOAD_SIZE_MAX];
    struct ayni_buffer payload = ayni_buffer_over(room, sizeof(room));

    ayni_seal_payload(&proof->feed, proof->sealed[side].seq, &proof->sealed[side].chain, &payload);
    return ayni_cose_verify(ayni_buffer_bytes(&payload), signature, &proof->descriptor.node);
}

enum ayni_status ayni_fork_proof_decode(struct ayni_bytes bytes, struct ayni_fork_proof *proof)
{
    struct ayni_fork_proof read = { 0 };
    struct ayni_signature signatures[2];

    enum ayni_status status = read_proof(bytes, &read, signatures);
    if (status != AYNI_OK)
        return status;
    read.feed = ayni_feed_of(&read.root, &read.descriptor);
    struct ayni_hash start = ayni_chain_start(&read.feed);
    if (read.seq == 1 && !ayni_id_equal(&start, &read.before))
        return AYNI_E_CHAIN;
    if (ayni_id_compare(&read.chains[0], &read.chains[1]) >= 0)
        return AYNI_E_INVALID;
    for (int side = 0; side < 2; side++) {
        status = verify_seal(&read, side, &signatures[side]);
        if (status != AYNI_OK)
            return status;
    }
    *proof = read;
    return AYNI_OK;
}

enum ayni_status ayni_fork_proof_side(struct ayni_bytes bytes, int side, struct ayni_entry *entries,
                                      struct ayni_fork_side *read)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_fork_side made = { .entries = entries };

    (void)ayni_cbor_read_array(&r);
    for (int skipped = 0; skipped < 4 + side; skipped++)
        (void)ayni_cbor_read_raw(&r);
    (void)ayni_cbor_read_array(&r);
    made.count = ayni_cbor_read_array(&r);
    if (made.count > AYNI_RUN_ENTRIES_MAX)
        return AYNI_E_LIMIT;
    for (size_t i = 0; i < made.count; i++) {
        enum ayni_status status = ayni_header_decode(ayni_cbor_read_raw(&r), &entries[i]);
        if (status != AYNI_OK)
            return status;
    }
    ayni_cbor_read_id(&r, &made.signature);
    if (r.status != AYNI_OK)
        return r.status;
    *read = made;
    return AYNI_OK;
}
