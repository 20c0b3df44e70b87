#include "proto/fork_proof.h"

#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

json_t *vectors_fork_proof(void)
{
    struct test_history one, other;
    struct ayni_fork_proof proof;
    json_t *cases = json_array(), *made = vector_case(cases, "two histories of one feed");
    SCOPED_BUFFER bytes = { 0 };

    test_history_make(&one, 1, 3, 0);
    test_history_make(&other, 1, 2, 1);
    proof = (struct ayni_fork_proof){
        .root = test_root().node, .descriptor = one.descriptor, .seq = 1, .before = one.start.chain
    };
    struct ayni_fork_side first = { one.entries, one.run.count, one.run.signature };
    struct ayni_fork_side second = { other.entries, other.run.count, other.run.signature };
    ayni_fork_proof_encode(&proof, &first, &second, &bytes);
    vector_expect(ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK, "fork proof");
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    vector_put_id(made, "feed", &proof.feed);
    vector_put_number(made, "seq", proof.seq);
    json_t *chains = vector_put_array(made, "chains");
    for (size_t side = 0; side < 2; side++) {
        json_t *chain = json_object();
        vector_put_id(chain, "chain", &proof.chains[side]);
        vector_put_number(chain, "sealed_seq", proof.sealed[side].seq);
        json_array_append_new(chains, chain);
    }

    made = vector_refused(cases, "a changed signature", AYNI_E_SIGNATURE);
    bytes.data[bytes.size - 1] ^= 1;
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    made = vector_refused(cases, "one history twice", AYNI_E_INVALID);
    ayni_buffer_clear(&bytes);
    ayni_fork_proof_encode(&proof, &first, &first, &bytes);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    return cases;
}
