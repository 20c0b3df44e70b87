#include "daemon/records/tables.h"

const char *const records_table_names[RECORDS_TABLE_COUNT] = {
    [RECORDS_TABLE_RECORDS] = "records",   [RECORDS_TABLE_COUNTS] = "counts",
    [RECORDS_TABLE_SUBJECTS] = "subjects", [RECORDS_TABLE_CONFLICTS] = "conflicts",
    [RECORDS_TABLE_PROBLEMS] = "problems", [RECORDS_TABLE_AWAITS] = "awaits",
    [RECORDS_TABLE_UNREAD] = "unread",     [RECORDS_TABLE_CUTS] = "cuts",
    [RECORDS_TABLE_FEEDS] = "feeds",       [RECORDS_TABLE_TASKS] = "tasks",
    [RECORDS_TABLE_PROOFS] = "proofs",     [RECORDS_TABLE_ERASES] = "erases",
    [RECORDS_TABLE_ORDERS] = "orders",     [RECORDS_TABLE_RANGES] = "ranges",
    [RECORDS_TABLE_GONE] = "gone",         [RECORDS_TABLE_DROPS] = "drops",
    [RECORDS_TABLE_LATE] = "late",         [RECORDS_TABLE_OWED] = "owed",
    [RECORDS_TABLE_RECEIPTS] = "receipts", [RECORDS_TABLE_AGES] = "ages",
    [RECORDS_TABLE_SEALED] = "sealed",     [RECORDS_TABLE_LINKS] = "links",
    [RECORDS_TABLE_MERGED] = "merged",     [RECORDS_TABLE_MERGED_AGES] = "merged_ages",
    [RECORDS_TABLE_LIKENESS] = "likeness", [RECORDS_TABLE_OCCASIONS] = "occasions",
    [RECORDS_TABLE_REVISED] = "revised",   [RECORDS_TABLE_REVISED_AT] = "revised_at",
};

void version_ref_encode(const struct version_ref *ref, uint8_t to[VERSION_REF_SIZE])
{
    ayni_put_u32(to, ref->feed);
    ayni_put_u64(to + 4, ref->seq);
}

struct version_ref version_ref_decode(const uint8_t from[VERSION_REF_SIZE])
{
    return (struct version_ref){ .feed = ayni_get_u32(from), .seq = ayni_get_u64(from + 4) };
}

bool version_refs_have(struct ayni_bytes refs, const uint8_t ref[VERSION_REF_SIZE])
{
    for (size_t at = 0; at + VERSION_REF_SIZE <= refs.size; at += VERSION_REF_SIZE)
        if (memcmp(refs.data + at, ref, VERSION_REF_SIZE) == 0)
            return true;
    return false;
}

void version_refs_add(struct ayni_buffer *refs, const uint8_t ref[VERSION_REF_SIZE])
{
    if (!version_refs_have(ayni_buffer_bytes(refs), ref))
        ayni_buffer_append(refs, ref, VERSION_REF_SIZE);
}

void count_key_encode(const struct ayni_space *space, uint32_t type, uint8_t to[COUNT_KEY_SIZE])
{
    memcpy(to, space->bytes, 16);
    ayni_put_u32(to + 16, type);
}

void subject_key_encode(const struct ayni_record *subject, const struct record_key *key,
                        uint8_t to[SUBJECT_KEY_SIZE])
{
    memcpy(to, subject->bytes, 16);
    record_key_encode(key, to + 16);
}

void problem_key_encode(const struct record_key *key, const struct version_ref *ref,
                        uint8_t to[PROBLEM_KEY_SIZE])
{
    record_key_encode(key, to);
    version_ref_encode(ref, to + RECORD_KEY_SIZE);
}

void await_key_encode(const struct ayni_feed_prefix *feed, uint64_t seq,
                      const struct record_key *key, uint8_t to[AWAIT_KEY_SIZE])
{
    memcpy(to, feed->bytes, 16);
    ayni_put_u64(to + 16, seq);
    record_key_encode(key, to + 24);
}

void entry_key_encode(const struct ayni_space *space, const struct version_ref *ref,
                      uint8_t to[ENTRY_KEY_SIZE])
{
    memcpy(to, space->bytes, 16);
    version_ref_encode(ref, to + 16);
}

void age_key_encode(struct ayni_instant since, const struct record_key *key,
                    uint8_t to[AGE_KEY_SIZE])
{
    ayni_put_u64(to, since.ms);
    record_key_encode(key, to + 8);
}
