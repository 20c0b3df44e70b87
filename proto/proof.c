#include "proto/proof.h"

#include "proto/limits.h"
#include "proto/seal.h"

static const char domain[] = "ayni-proof-1";

enum { SEAL_PAYLOAD_SIZE_MAX = 96 };

void ayni_proof_begin(const struct ayni_node *root, size_t part_count, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 3);
    ayni_cbor_put_string(to, domain);
    ayni_cbor_put_id(to, root);
    ayni_cbor_put_array(to, part_count);
}

void ayni_proof_put(const struct ayni_node *root, const struct ayni_proof_part *part,
                    const struct ayni_entry *following, size_t following_count,
                    const struct ayni_signature *signature, struct ayni_buffer *to)
{
    uint8_t room[SEAL_PAYLOAD_SIZE_MAX];
    struct ayni_buffer payload = ayni_buffer_over(room, sizeof(room));
    struct ayni_feed feed = ayni_feed_of(root, &part->descriptor);
    struct ayni_entry entry = part->entry;

    ayni_entry_complete(&entry);
    struct ayni_hash chain = ayni_chain_next(&part->before, &entry);
    ayni_cbor_put_array(to, 6);
    ayni_feed_descriptor_encode(&part->descriptor, to);
    ayni_cbor_put_uint(to, part->seq);
    ayni_cbor_put_id(to, &part->before);
    ayni_entry_put(&entry, to);
    ayni_cbor_put_array(to, following_count);
    for (size_t i = 0; i < following_count; i++) {
        ayni_header_encode(&following[i], to);
        chain = ayni_chain_next(&chain, &following[i]);
    }
    ayni_seal_payload(&feed, part->seq + following_count, &chain, &payload);
    ayni_cose_encode(ayni_buffer_bytes(&payload), signature, to);
}

enum ayni_status ayni_proof_decode(struct ayni_bytes bytes, struct ayni_proof *proof)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_node root;

    if (bytes.size > AYNI_PROOF_SIZE_MAX)
        return AYNI_E_LIMIT;
    if (ayni_cbor_read_array(&r) != 3)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, domain);
    ayni_cbor_read_id(&r, &root);
    size_t count = ayni_cbor_read_array(&r);
    if (count == 0)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    if (r.status != AYNI_OK)
        return r.status;
    *proof = (struct ayni_proof){ root, count, r };
    return AYNI_OK;
}

/* What a part says beside the entry: where the seal stands, as the part's headers lead there. */
struct sealed {
    struct ayni_head head;
    struct ayni_bytes cose;
};

static enum ayni_status read_part(struct ayni_cbor_reader *r, const struct ayni_node *root,
                                  struct ayni_proof_part *part, struct sealed *sealed)
{
    if (ayni_cbor_read_array(r) != 6)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    struct ayni_bytes descriptor = ayni_cbor_read_raw(r);
    part->seq = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &part->before);
    ayni_entry_read(r, &part->entry);
    size_t count = ayni_cbor_read_array(r);
    if (part->seq == 0 || part->seq > UINT64_MAX - count)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    if (count >= AYNI_RUN_ENTRIES_MAX || part->entry.payload_size > AYNI_PAYLOAD_SIZE_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    if (r->status != AYNI_OK)
        return r->status;
    enum ayni_status status = ayni_feed_descriptor_decode(descriptor, &part->descriptor);
    if (status != AYNI_OK)
        return status;
    ayni_entry_complete(&part->entry);
    part->feed = ayni_feed_of(root, &part->descriptor);
    part->chain = ayni_chain_next(&part->before, &part->entry);
    part->sealed_seq = part->seq + count;
    sealed->head.seq = part->sealed_seq;
    sealed->head.chain = ayni_chain_read_headers(r, count, part->chain);
    sealed->cose = ayni_cbor_read_raw(r);
    return r->status;
}

/* The seal is of this feed, seq and chain, and signed by the feed's node. */
static enum ayni_status verify_seal(const struct ayni_proof_part *part, const struct sealed *sealed)
{
    uint8_t room[SEAL_PAYLOAD_SIZE_MAX];
    struct ayni_buffer expected = ayni_buffer_over(room, sizeof(room));
    struct ayni_hash start = ayni_chain_start(&part->feed);
    struct ayni_bytes payload;
    struct ayni_signature signature;

    enum ayni_status status = ayni_cose_decode(sealed->cose, &payload, &signature);
    if (status != AYNI_OK)
        return status;
    ayni_seal_payload(&part->feed, sealed->head.seq, &sealed->head.chain, &expected);
    if (!ayni_bytes_equal(payload, ayni_buffer_bytes(&expected)) ||
        (part->seq == 1 && !ayni_id_equal(&part->before, &start)))
        return AYNI_E_CHAIN;
    return ayni_cose_verify(payload, &signature, &part->descriptor.node);
}

enum ayni_status ayni_proof_next(struct ayni_proof *proof, struct ayni_proof_part *part)
{
    struct ayni_proof_part read = { 0 };
    struct sealed sealed;

    if (proof->part_count == 0) {
        enum ayni_status status = ayni_cbor_done(&proof->rest);
        return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
    }
    enum ayni_status status = read_part(&proof->rest, &proof->root, &read, &sealed);
    if (status == AYNI_OK)
        status = verify_seal(&read, &sealed);
    ayni_cbor_fail(&proof->rest, status); /* after a failure there is no next part */
    if (status != AYNI_OK)
        return status;
    proof->part_count--;
    *part = read;
    return AYNI_OK;
}
