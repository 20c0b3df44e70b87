#include "daemon/records/clear_problem.h"

#include "daemon/records/plain_payload.h"
#include "daemon/records/problem.h"
#include "proto/registry.h"

static bool is_confidential(struct reader *reader, const struct ayni_space *space)
{
    const struct ayni_space_info *info =
        ayni_registry_space_info(reader_charter(reader)->registry, space);

    return info != NULL && info->confidential;
}

enum ayni_status clear_list_problems(struct reader *reader, const struct record_key *key,
                                     struct ayni_bytes refs, struct puts *problems)
{
    if (!is_confidential(reader, &key->space))
        return AYNI_OK;
    for (size_t at = 0; at + VERSION_REF_SIZE <= refs.size; at += VERSION_REF_SIZE) {
        const struct version_ref ref = version_ref_decode(refs.data + at);
        struct log_entry entry;
        enum ayni_status status = log_get_entry(reader_log(reader), ref.feed, ref.seq, &entry);
        if (status != AYNI_OK)
            return status;
        if (entry.entry.hollow == AYNI_HOLLOW_NONE && !payload_is_sealed(entry.entry.payload))
            problem_list(problems, key, &ref, PROBLEM_MALFORMED);
    }
    return AYNI_OK;
}
