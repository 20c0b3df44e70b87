#include "daemon/records/prove.h"

#include "proto/limits.h"
#include "proto/proof.h"

enum ayni_status prove_entry(struct reader *reader, feed_no no, uint64_t seq,
                             struct ayni_buffer *proof)
{
    const struct charter *charter = reader_charter(reader);
    const struct log_feed *feed = reader_feed(reader, no);
    struct log_snapshot *log = reader_log(reader);
    struct ayni_entry following[AYNI_RUN_ENTRIES_MAX];
    struct ayni_proof_part part = { .seq = seq };
    struct ayni_signature signature;
    struct log_entry entry;
    uint64_t sealed;
    enum ayni_status status = feed == NULL ? AYNI_E_NOT_FOUND : AYNI_OK;

    if (status == AYNI_OK)
        status = log_get_entry(log, no, seq, &entry);
    if (status == AYNI_OK)
        status = log_get_chain(log, no, seq - 1, &part.before);
    if (status == AYNI_OK)
        status = log_get_seal(log, no, seq, &sealed, &signature);
    if (status != AYNI_OK)
        return status;
    part.descriptor = feed->descriptor;
    part.entry = entry.entry;
    for (uint64_t next = seq + 1; next <= sealed; next++) {
        if (next - seq > AYNI_RUN_ENTRIES_MAX)
            return AYNI_E_LIMIT;
        status = log_get_entry(log, no, next, &entry);
        if (status != AYNI_OK)
            return status;
        following[next - seq - 1] = entry.entry;
        if (entry.entry.hollow == AYNI_HOLLOW_NONE)
            ayni_entry_complete(&following[next - seq - 1]);
    }
    ayni_proof_begin(&charter->root, 1, proof);
    ayni_proof_put(&charter->root, &part, following, sealed - seq, &signature, proof);
    return ayni_buffer_status(proof);
}
