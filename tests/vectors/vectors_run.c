#include "proto/seal.h"
#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

static void put_entries(json_t *made, const struct test_history *history)
{
    json_t *entries = vector_put_array(made, "entries");

    for (size_t i = 0; i < history->run.count; i++) {
        SCOPED_BUFFER header = { 0 };
        json_t *entry = json_object();
        const struct ayni_entry *from = &history->entries[i];
        ayni_header_encode(from, &header);
        vector_put_number(entry, "kind", from->kind);
        vector_put_number(entry, "time", from->time.ms);
        vector_put_number(entry, "hollow", from->hollow);
        vector_put_number(entry, "payload_size", from->payload_size);
        vector_put_hex(entry, "payload", from->payload);
        vector_put_id(entry, "payload_hash", &from->payload_hash);
        vector_put_hex(entry, "header", ayni_buffer_bytes(&header));
        vector_put_id(entry, "chain", &history->chains[i]);
        json_array_append_new(entries, entry);
    }
}

static void put_place(json_t *made, const struct test_history *history)
{
    struct test_keys root = test_root();
    SCOPED_BUFFER descriptor = { 0 };

    ayni_feed_descriptor_encode(&history->descriptor, &descriptor);
    vector_put_id(made, "root", &root.node);
    vector_put_hex(made, "descriptor", ayni_buffer_bytes(&descriptor));
    vector_put_number(made, "after_seq", history->start.seq);
    vector_put_id(made, "after_chain", &history->start.chain);
}

static void put_run(json_t *made, const struct test_history *history)
{
    SCOPED_BUFFER bytes = { 0 };
    SCOPED_BUFFER payload = { 0 };
    SCOPED_BUFFER seal = { 0 };

    ayni_run_encode(&history->run, &bytes);
    ayni_seal_payload(&history->feed, history->end.seq, &history->end.chain, &payload);
    ayni_cose_encode(ayni_buffer_bytes(&payload), &history->run.signature, &seal);
    put_place(made, history);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    put_entries(made, history);
    vector_put_hex(made, "seal", ayni_buffer_bytes(&seal));
}

/* The same history with one byte of its run changed. */
static void add_changed(json_t *cases, const char *name, size_t from_end)
{
    struct test_history history;
    SCOPED_BUFFER bytes = { 0 };
    json_t *made = vector_refused(cases, name, AYNI_E_SIGNATURE);

    test_history_make(&history, 1, 3, 0);
    ayni_run_encode(&history.run, &bytes);
    bytes.data[bytes.size - from_end] ^= 1;
    put_place(made, &history);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
}

json_t *vectors_run(void)
{
    json_t *cases = json_array();
    struct test_history history;

    test_history_make(&history, 1, 1, 0);
    put_run(vector_case(cases, "a run of one"), &history);
    test_history_make(&history, 2, 5, 3);
    put_run(vector_case(cases, "a run of five"), &history);
    for (size_t i = 0; i < 3; i++) {
        history.entries[i].hollow = (uint8_t)(AYNI_HOLLOW_ERASED + i);
        history.entries[i].payload.size = 0;
    }
    put_run(vector_case(cases, "the same with three hollow entries"), &history);
    add_changed(cases, "a changed signature", 1);
    add_changed(cases, "a changed payload", 67);
    return cases;
}
