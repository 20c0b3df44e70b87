#include "daemon/records/single.h"

#include "daemon/records/charter.h"
#include "daemon/records/held_chains.h"
#include "daemon/records/plain_payload.h"
#include "daemon/records/reader_private.h"
#include "daemon/records/tables.h"
#include "proto/cbor.h"
#include "proto/registry.h"

static const struct ayni_field *fields_of(const struct single *single, size_t *count)
{
    *count = single->version.fields.size / sizeof(struct ayni_field);
    return (const struct ayni_field *)single->version.fields.data;
}

/* An edit that sets fields, and deletes nothing: it is what its record shows. */
static bool is_plain_edit(const struct single *single)
{
    size_t count;
    const struct ayni_field *fields = fields_of(single, &count);

    return single->version.act == AYNI_ACT_EDIT && (count == 0 || fields[0].number != 0);
}

static bool is_in_clear(const struct feed_facts *facts, const struct ayni_entry *entry)
{
    return entry->hollow == AYNI_HOLLOW_NONE && !facts->confidential &&
           !payload_is_sealed(entry->payload);
}

static bool counts(const struct reader *reader, const struct feed_facts *facts, uint64_t seq,
                   const struct ayni_hash *chain)
{
    const struct ayni_feed_descriptor *descriptor = &facts->feed.descriptor;
    const struct ayni_chain_lookup lookup = held_lookup(reader->log);

    return ayni_registry_version_standing(reader->charter->registry, descriptor, &facts->feed.id,
                                          seq, chain, facts->feed.forked ? &lookup : NULL) !=
           AYNI_STANDING_NO_RIGHT;
}

static void describe(const struct feed_facts *facts, const struct log_entry *entry,
                     struct single *single)
{
    single->key = (struct record_key){ .space = facts->feed.descriptor.space,
                                       .type = single->version.type,
                                       .record = single->version.record };
    single->node = &facts->feed.descriptor.node;
    single->time = entry->entry.time;
    single->near = 0;
}

enum ayni_status single_read(struct reader *reader, const struct version_ref *ref,
                             struct single *single)
{
    struct feed_facts *facts;
    struct log_entry entry;
    enum ayni_status status = reader_facts(reader, ref->feed, &facts);

    if (status != AYNI_OK)
        return status;
    if (ref->seq > facts->seq_max ||
        ayni_id_equal(&facts->feed.descriptor.space, &reader->charter->registry_space))
        return AYNI_E_NOT_FOUND;
    status = log_get_entry(reader->log, ref->feed, ref->seq, &entry);
    if (status != AYNI_OK)
        return status;
    if (!is_in_clear(facts, &entry.entry) || !counts(reader, facts, ref->seq, &entry.chain))
        return AYNI_E_NOT_FOUND;
    status = ayni_version_skim(entry.entry.payload, &single->version);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_E_NOT_FOUND;
    describe(facts, &entry, single);
    return is_plain_edit(single) ? AYNI_OK : AYNI_E_NOT_FOUND;
}

struct ayni_bytes single_value(struct single *single, uint32_t number)
{
    size_t count, at = single->near;
    const struct ayni_field *fields = fields_of(single, &count);

    if (at > 0 && fields[at - 1].number >= number)
        at = 0;
    while (at < count && fields[at].number < number)
        at++;
    single->near = at;
    if (at == count || fields[at].number != number || ayni_cbor_is_null(fields[at].value))
        return (struct ayni_bytes){ 0 };
    return fields[at].value;
}

void single_free(struct single *single)
{
    ayni_version_skim_free(&single->version);
    *single = (struct single){ 0 };
}
