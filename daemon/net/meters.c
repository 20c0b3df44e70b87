#include "daemon/net/meters.h"

#include "daemon/clock.h"
#include "proto/cbor.h"

enum { GATHER_MS = 30 * 1000, RATE_MS = 5000 };

/* [day, sent today, received today, sent, received] */
static void encode(const struct peer_setting *setting, struct ayni_buffer *to)
{
    const struct meter *meter = (const struct meter *)setting;

    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_int(to, meter->day);
    ayni_cbor_put_uint(to, meter->sent_today);
    ayni_cbor_put_uint(to, meter->received_today);
    ayni_cbor_put_uint(to, meter->sent);
    ayni_cbor_put_uint(to, meter->received);
}

static void decode(struct ayni_bytes bytes, struct peer_setting *setting)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);
    struct meter *meter = (struct meter *)setting;
    struct meter read = *meter;

    if (ayni_cbor_read_array(&reader) != 5)
        return;
    read.day = ayni_cbor_read_int(&reader);
    read.sent_today = ayni_cbor_read_uint(&reader);
    read.received_today = ayni_cbor_read_uint(&reader);
    read.sent = ayni_cbor_read_uint(&reader);
    read.received = ayni_cbor_read_uint(&reader);
    if (ayni_cbor_done(&reader) == AYNI_OK)
        *meter = read;
}

static const struct peer_settings_kind kind = { "meter", sizeof(struct meter), GATHER_MS, encode,
                                                decode };

struct peer_settings meters_of_log(struct log_store *log, struct log_writer *writer)
{
    return (struct peer_settings){ .kind = &kind, .log = log, .writer = writer };
}

struct meter *meters_of(struct peer_settings *meters, const struct ayni_node *peer)
{
    return (struct meter *)peer_settings_of(meters, peer);
}

/* --- counting --- */

static void count_rate(struct meter *meter, size_t size, uint64_t now_ms)
{
    uint64_t took = now_ms - meter->rate_from_ms;

    if (took >= RATE_MS) {
        meter->rate = meter_rate(meter, now_ms);
        meter->rate_from_ms = now_ms;
        meter->rate_bytes = 0;
    }
    meter->rate_bytes += size;
}

uint64_t meter_rate(const struct meter *meter, uint64_t now_ms)
{
    uint64_t took = now_ms - meter->rate_from_ms;

    return took >= RATE_MS ? meter->rate_bytes * 1000 / took : meter->rate;
}

void meters_count(struct peer_settings *meters, struct meter *meter, bool sent, size_t size,
                  uint64_t now_ms)
{
    int64_t today = clock_today();

    if (meter->day != today) {
        meter->day = today;
        meter->sent_today = meter->received_today = 0;
    }
    count_rate(meter, size, now_ms);
    if (sent) {
        meter->sent_today += size;
        meter->sent += size;
    } else {
        meter->received_today += size;
        meter->received += size;
    }
    peer_settings_changed(meters, &meter->setting, now_ms);
}

uint64_t meter_today(const struct meter *meter, int64_t today)
{
    return meter->day == today ? meter->sent_today + meter->received_today : 0;
}
