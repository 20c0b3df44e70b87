#include "proto/proof.h"

#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

static struct ayni_proof_part part_of(const struct test_history *history, size_t index)
{
    return (struct ayni_proof_part){
        .descriptor = history->descriptor,
        .seq = index + 1,
        .before = index == 0 ? history->start.chain : history->chains[index - 1],
        .entry = history->entries[index],
    };
}

static void put_part(const struct test_history *history, size_t index, struct ayni_buffer *to)
{
    struct test_keys root = test_root();
    struct ayni_proof_part part = part_of(history, index);

    ayni_proof_put(&root.node, &part, &history->entries[index + 1], history->run.count - index - 1,
                   &history->run.signature, to);
}

static void describe(json_t *parts, const struct test_history *history, size_t index)
{
    json_t *part = json_object();

    vector_put_id(part, "feed", &history->feed);
    vector_put_number(part, "seq", index + 1);
    vector_put_id(part, "chain", &history->chains[index]);
    vector_put_hex(part, "payload", history->entries[index].payload);
    vector_put_number(part, "sealed_seq", history->run.count);
    json_array_append_new(parts, part);
}

json_t *vectors_proof(void)
{
    struct test_keys root = test_root();
    struct test_history one, other;
    json_t *cases = json_array(), *made = vector_case(cases, "two entries of two nodes");
    SCOPED_BUFFER bytes = { 0 };

    test_history_make(&one, 1, 4, 0);
    test_history_make(&other, 2, 2, 5);
    ayni_proof_begin(&root.node, 2, &bytes);
    put_part(&one, 1, &bytes);
    put_part(&other, 1, &bytes);
    vector_put_id(made, "root", &root.node);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    json_t *parts = vector_put_array(made, "parts");
    describe(parts, &one, 1);
    describe(parts, &other, 1);

    made = vector_refused(cases, "a changed signature", AYNI_E_SIGNATURE);
    bytes.data[bytes.size - 1] ^= 1;
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    return cases;
}
