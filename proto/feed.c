#include "proto/feed.h"

#include "proto/cbor.h"
#include "proto/crypto.h"

/* Room for the longest array that is hashed here: five short elements. */
enum { HASHED_SIZE_MAX = 192 };

struct ayni_feed ayni_feed_of(const struct ayni_node *root,
                              const struct ayni_feed_descriptor *descriptor)
{
    uint8_t room[HASHED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));
    struct ayni_feed feed;

    ayni_cbor_put_array(&to, 6);
    ayni_cbor_put_string(&to, "ayni-feed-1");
    ayni_cbor_put_id(&to, root);
    ayni_cbor_put_id(&to, &descriptor->node);
    ayni_cbor_put_id(&to, &descriptor->space);
    ayni_cbor_put_uint(&to, descriptor->lane);
    ayni_cbor_put_id(&to, &descriptor->incarnation);
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(&to));
    memcpy(feed.bytes, hash.bytes, sizeof(feed.bytes));
    return feed;
}

struct ayni_feed ayni_feed_branch(const struct ayni_feed *feed, uint64_t seq,
                                  const struct ayni_hash *chain)
{
    uint8_t room[HASHED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));
    struct ayni_feed branch;

    ayni_cbor_put_array(&to, 4);
    ayni_cbor_put_string(&to, "ayni-branch-1");
    ayni_cbor_put_id(&to, feed);
    ayni_cbor_put_uint(&to, seq);
    ayni_cbor_put_id(&to, chain);
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(&to));
    memcpy(branch.bytes, hash.bytes, sizeof(branch.bytes));
    return branch;
}

struct ayni_feed_prefix ayni_feed_prefix_of(const struct ayni_feed *feed)
{
    struct ayni_feed_prefix prefix;

    memcpy(prefix.bytes, feed->bytes, sizeof(prefix.bytes));
    return prefix;
}

void ayni_feed_descriptor_encode(const struct ayni_feed_descriptor *descriptor,
                                 struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_id(to, &descriptor->node);
    ayni_cbor_put_id(to, &descriptor->space);
    ayni_cbor_put_uint(to, descriptor->lane);
    ayni_cbor_put_id(to, &descriptor->incarnation);
}

enum ayni_status ayni_feed_descriptor_decode(struct ayni_bytes bytes,
                                             struct ayni_feed_descriptor *descriptor)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_feed_descriptor d = { 0 };

    if (ayni_cbor_read_array(&r) != 4)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_id(&r, &d.node);
    ayni_cbor_read_id(&r, &d.space);
    uint64_t lane = ayni_cbor_read_uint(&r);
    ayni_cbor_read_id(&r, &d.incarnation);
    if (lane > UINT8_MAX)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    d.lane = (uint8_t)lane;
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *descriptor = d;
    return status;
}

/* A space is the first half of the hash of what it commits to. */
static struct ayni_space space_of_hash(const struct ayni_buffer *hashed)
{
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(hashed));
    struct ayni_space space;

    memcpy(space.bytes, hash.bytes, sizeof(space.bytes));
    return space;
}

struct ayni_space ayni_registry_space(const struct ayni_node *root)
{
    uint8_t room[HASHED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 2);
    ayni_cbor_put_string(&to, "ayni-registry-1");
    ayni_cbor_put_id(&to, root);
    return space_of_hash(&to);
}

struct ayni_space ayni_space_of(const struct ayni_node *root, const struct ayni_node *owner,
                                const uint8_t random[16])
{
    uint8_t room[HASHED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 4);
    ayni_cbor_put_string(&to, "ayni-space-1");
    ayni_cbor_put_id(&to, root);
    ayni_cbor_put_id(&to, owner);
    ayni_cbor_put_bytes(&to, (struct ayni_bytes){ random, 16 });
    return space_of_hash(&to);
}
