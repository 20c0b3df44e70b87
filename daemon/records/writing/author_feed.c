#include "daemon/records/writing/author_feed.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/crypto.h"

/* A setting "author/SPACE/LANE" is [era 8, incarnation 16]; "author/era" is the era, 0 at first. */
enum { NAME_SIZE = 64, KEPT_SIZE = 8 + 16 };
static const char era_name[] = "author/era";

static void setting_name(const struct ayni_feed_descriptor *descriptor, char name[NAME_SIZE])
{
    char space[2 * sizeof(descriptor->space.bytes) + 1];

    ayni_hex_text((struct ayni_bytes){ descriptor->space.bytes, sizeof(descriptor->space.bytes) },
                  space);
    snprintf(name, NAME_SIZE, "author/%s/%u", space, descriptor->lane);
}

static enum ayni_status read_era(struct log_snapshot *log, uint64_t *era)
{
    SCOPED_BUFFER value = { 0 };
    enum ayni_status status = log_get_setting(log, era_name, &value);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *era = status == AYNI_OK && value.size == 8 ? ayni_get_u64(value.data) : 0;
    return AYNI_OK;
}

enum ayni_status author_era_begin(struct log_snapshot *log, struct log_txn *txn)
{
    uint8_t value[8];
    uint64_t era;
    enum ayni_status status = read_era(log, &era);

    if (status != AYNI_OK)
        return status;
    ayni_put_u64(value, era + 1);
    return log_txn_put_setting(txn, era_name, (struct ayni_bytes){ value, sizeof(value) });
}

enum ayni_status author_feed_keep(const struct author_feed *feed, struct log_snapshot *log,
                                  struct log_txn *txn)
{
    uint8_t value[KEPT_SIZE];
    char name[NAME_SIZE];
    uint64_t era;
    enum ayni_status status = read_era(log, &era);

    if (status != AYNI_OK)
        return status;
    ayni_put_u64(value, era);
    memcpy(value + 8, feed->descriptor.incarnation.bytes, 16);
    setting_name(&feed->descriptor, name);
    return log_txn_put_setting(txn, name, (struct ayni_bytes){ value, sizeof(value) });
}

void author_feed_renew(const struct author_feeds *feeds, struct author_feed *feed)
{
    ayni_random(feed->descriptor.incarnation.bytes, sizeof(feed->descriptor.incarnation.bytes));
    feed->id = ayni_feed_of(&feeds->root, &feed->descriptor);
    feed->head = (struct ayni_head){ .seq = 0, .chain = ayni_chain_start(&feed->id) };
    feed->committed = feed->head;
}

/* The incarnation that was kept in this era for a space and lane. AYNI_E_NOT_FOUND: none. */
static enum ayni_status read_kept(struct log_snapshot *log,
                                  const struct ayni_feed_descriptor *descriptor,
                                  struct ayni_incarnation *incarnation)
{
    SCOPED_BUFFER value = { 0 };
    char name[NAME_SIZE];
    uint64_t era;
    enum ayni_status status = read_era(log, &era);

    setting_name(descriptor, name);
    if (status == AYNI_OK)
        status = log_get_setting(log, name, &value);
    if (status == AYNI_OK && (value.size != KEPT_SIZE || ayni_get_u64(value.data) != era))
        status = AYNI_E_NOT_FOUND;
    if (status == AYNI_OK)
        memcpy(incarnation->bytes, value.data + 8, 16);
    return status;
}

enum ayni_status author_feed_in_use(struct log_snapshot *log,
                                    const struct ayni_feed_descriptor *descriptor, bool *in_use)
{
    struct ayni_incarnation kept;
    enum ayni_status status = read_kept(log, descriptor, &kept);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *in_use = status == AYNI_OK && ayni_id_equal(&kept, &descriptor->incarnation);
    return AYNI_OK;
}

static enum ayni_status load(const struct author_feeds *feeds, struct log_snapshot *log,
                             struct author_feed *feed)
{
    struct log_feed held;
    enum ayni_status status = read_kept(log, &feed->descriptor, &feed->descriptor.incarnation);

    if (status == AYNI_OK) {
        feed->id = ayni_feed_of(&feeds->root, &feed->descriptor);
        status = log_find_feed(log, &feed->id, &held);
    }
    if (status == AYNI_E_NOT_FOUND || (status == AYNI_OK && held.forked)) {
        author_feed_renew(feeds, feed);
        return AYNI_OK;
    }
    if (status != AYNI_OK)
        return status;
    feed->head = held.head;
    feed->committed = held.head;
    feed->last_time = held.last_time;
    return AYNI_OK;
}

enum ayni_status author_feed_get(struct author_feeds *feeds, struct log_snapshot *log,
                                 const struct ayni_space *space, uint8_t lane,
                                 struct author_feed **feed)
{
    struct author_feed **grown, *made;
    enum ayni_status status;

    for (size_t i = 0; i < feeds->count; i++)
        if (feeds->feeds[i]->descriptor.lane == lane &&
            ayni_id_equal(&feeds->feeds[i]->descriptor.space, space)) {
            *feed = feeds->feeds[i];
            return AYNI_OK;
        }
    grown = reallocarray(feeds->feeds, feeds->count + 1, sizeof(struct author_feed *));
    if (grown == NULL)
        return AYNI_E_MEMORY;
    feeds->feeds = grown;
    made = calloc(1, sizeof(*made));
    if (made == NULL)
        return AYNI_E_MEMORY;
    made->descriptor =
        (struct ayni_feed_descriptor){ .node = feeds->node, .space = *space, .lane = lane };
    status = load(feeds, log, made);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    *feed = feeds->feeds[feeds->count++] = made;
    return AYNI_OK;
}

void author_feeds_forget(struct author_feeds *feeds)
{
    for (size_t i = 0; i < feeds->count; i++)
        free(feeds->feeds[i]);
    free(feeds->feeds);
    feeds->feeds = NULL;
    feeds->count = 0;
}
