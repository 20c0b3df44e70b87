#include "daemon/net/acks.h"

#include "proto/cbor.h"

enum { GATHER_MS = 5000 };

struct ack {
    struct peer_setting setting; /* first */
    struct ayni_sync_acked acked;
};

/* [instance, arrival] */
static void encode(const struct peer_setting *setting, struct ayni_buffer *to)
{
    const struct ack *ack = (const struct ack *)setting;

    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_id(to, &ack->acked.instance);
    ayni_cbor_put_uint(to, ack->acked.arrival);
}

static void decode(struct ayni_bytes bytes, struct peer_setting *setting)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);
    struct ayni_sync_acked acked = { 0 };

    if (ayni_cbor_read_array(&reader) != 2)
        return;
    ayni_cbor_read_id(&reader, &acked.instance);
    acked.arrival = ayni_cbor_read_uint(&reader);
    if (ayni_cbor_done(&reader) == AYNI_OK)
        ((struct ack *)setting)->acked = acked;
}

static const struct peer_settings_kind kind = { "ack", sizeof(struct ack), GATHER_MS, encode,
                                                decode };

struct peer_settings acks_of_log(struct log_store *log, struct log_writer *writer)
{
    return (struct peer_settings){ .kind = &kind, .log = log, .writer = writer };
}

void acks_note(struct peer_settings *acks, const struct ayni_node *peer,
               const struct ayni_sync_acked *acked, uint64_t now_ms)
{
    struct ack *ack = (struct ack *)peer_settings_of(acks, peer);

    if (ack == NULL)
        return; /* losing it costs time alone */
    ack->acked = *acked;
    peer_settings_changed(acks, &ack->setting, now_ms);
}

struct ayni_sync_acked acks_of(struct peer_settings *acks, const struct ayni_node *peer)
{
    const struct ack *ack = (const struct ack *)peer_settings_of(acks, peer);

    return ack != NULL ? ack->acked : (struct ayni_sync_acked){ 0 };
}
