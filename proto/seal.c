#include "proto/seal.h"

#include "proto/cbor.h"

/* {1: -8}: alg EdDSA, the one header that statements of ours have. */
static const uint8_t protected_header[] = { 0xa1, 0x01, 0x27 };

enum { TAG_COSE_SIGN1 = 18 };

static void put_protected_header(struct ayni_buffer *to)
{
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ protected_header, sizeof(protected_header) });
}

void ayni_cose_to_sign(struct ayni_bytes payload, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_string(to, "Signature1");
    put_protected_header(to);
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ NULL, 0 });
    ayni_cbor_put_bytes(to, payload);
}

void ayni_cose_encode(struct ayni_bytes payload, const struct ayni_signature *signature,
                      struct ayni_buffer *to)
{
    ayni_cbor_put_tag(to, TAG_COSE_SIGN1);
    ayni_cbor_put_array(to, 4);
    put_protected_header(to);
    ayni_cbor_put_map(to, 0);
    ayni_cbor_put_bytes(to, payload);
    ayni_cbor_put_id(to, signature);
}

void ayni_cose_sign(struct ayni_bytes payload, const struct ayni_signing_key *secret,
                    struct ayni_buffer *to)
{
    SCOPED_BUFFER message = { 0 };
    struct ayni_signature signature;

    ayni_cose_to_sign(payload, &message);
    if (message.failed) {
        to->failed = true;
        return;
    }
    ayni_sign(secret, ayni_buffer_bytes(&message), &signature);
    ayni_cose_encode(payload, &signature, to);
}

enum ayni_status ayni_cose_decode(struct ayni_bytes bytes, struct ayni_bytes *payload,
                                  struct ayni_signature *signature)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_signature s;

    ayni_cbor_read_tag(&r);
    size_t count = ayni_cbor_read_array(&r);
    struct ayni_bytes header = ayni_cbor_read_bytes(&r);
    size_t unprotected = ayni_cbor_read_map(&r);
    struct ayni_bytes inside = ayni_cbor_read_bytes(&r);
    ayni_cbor_read_id(&r, &s);
    if (count != 4 || unprotected != 0 ||
        !ayni_bytes_equal(header,
                          (struct ayni_bytes){ protected_header, sizeof(protected_header) }))
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status != AYNI_OK)
        return status;
    *payload = inside;
    *signature = s;
    return AYNI_OK;
}

enum ayni_status ayni_cose_verify(struct ayni_bytes payload, const struct ayni_signature *signature,
                                  const struct ayni_node *node)
{
    SCOPED_BUFFER message = { 0 };

    ayni_cose_to_sign(payload, &message);
    if (message.failed)
        return AYNI_E_MEMORY;
    return ayni_verify(node, ayni_buffer_bytes(&message), signature);
}

void ayni_seal_payload(const struct ayni_feed *feed, uint64_t seq, const struct ayni_hash *chain,
                       struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_string(to, "ayni-seal-1");
    ayni_cbor_put_id(to, feed);
    ayni_cbor_put_uint(to, seq);
    ayni_cbor_put_id(to, chain);
}
