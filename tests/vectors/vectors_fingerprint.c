#include <stdlib.h>

#include "proto/sync.h"
#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

/* Two nodes, the heads that one of them holds, and the HELLO that it says to the other. */
enum { FEEDS = 9 };

static struct ayni_sync *start(const struct test_keys *own, const struct test_keys *peer)
{
    struct ayni_sync_options options = { .own = own->node,
                                         .root = test_root().node,
                                         .instance = { { 0x51 } } };
    struct ayni_node both[] = { own->node, peer->node };
    struct ayni_sync *sync = ayni_sync_new(&options);

    for (uint8_t i = 1; sync != NULL && i <= 3; i++) {
        struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };
        event.space.space = (struct ayni_space){ { i } };
        event.space.members = both;
        event.space.member_count = i == 3 ? 1 : 2; /* the peer isn't a member of the third */
        ayni_sync_handle(sync, &event);
    }
    return sync;
}

static json_t *tell(struct ayni_sync *sync, json_t *heads, const struct ayni_sync_event *event)
{
    const struct ayni_sync_head *head = &event->head;
    json_t *made = json_object();

    ayni_sync_handle(sync, event);
    vector_put_id(made, "space", &head->descriptor.space);
    vector_put_id(made, "feed", &head->feed);
    vector_put_number(made, "seq", head->seq);
    vector_put_id(made, "chain", &head->chain);
    json_array_append_new(heads, made);
    return made;
}

/* The feed that forked: one branch is held beside the part before it. */
static void tell_branch(struct ayni_sync *sync, json_t *heads, const struct ayni_sync_event *before)
{
    struct ayni_sync_event event = *before;
    struct ayni_hash first;

    memset(first.bytes, 0x77, sizeof(first.bytes));
    memset(event.head.chain.bytes, 0x78, sizeof(event.head.chain.bytes));
    event.head.feed = ayni_feed_branch(&before->head.feed, before->head.seq + 1, &first);
    event.head.branch = true;
    event.head.ended = false;
    event.head.start = before->head.seq;
    event.head.seq = before->head.seq + 30;
    json_t *made = tell(sync, heads, &event);
    vector_put_id(made, "branch_of", &before->head.feed);
    vector_put_number(made, "first_seq", before->head.seq + 1);
    vector_put_id(made, "first_chain", &first);
}

static void tell_head(struct ayni_sync *sync, json_t *heads, uint8_t number)
{
    struct ayni_node root = test_root().node;
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };
    struct ayni_sync_head *head = &event.head;

    head->descriptor.node = test_keys(number).node;
    head->descriptor.space = number % 4 == 0 ? ayni_registry_space(&root)
                                             : (struct ayni_space){ { (uint8_t)(number % 4) } };
    head->descriptor.lane = number % AYNI_LANE_COUNT;
    head->feed = ayni_feed_of(&root, &head->descriptor);
    head->seq = 1000u * number;
    memset(head->chain.bytes, number, sizeof(head->chain.bytes));
    head->arrival = number;
    head->ended = number == 5;
    tell(sync, heads, &event);
    if (head->ended)
        tell_branch(sync, heads, &event);
}

static void put_hello(json_t *made, struct ayni_sync *sync, const struct test_keys *peer)
{
    struct ayni_sync_event up = { .type = AYNI_SYNC_PEER_UP,
                                  .peer = peer->node,
                                  .up = { .dialled = true } };
    struct ayni_sync_action action;
    struct ayni_message message;

    ayni_sync_handle(sync, &up);
    if (!ayni_sync_next(sync, &action) || action.type != AYNI_SYNC_SEND)
        abort();
    vector_put_hex(made, "bytes", action.bytes);
    vector_expect(ayni_message_decode(action.bytes, &message), AYNI_OK, "its own HELLO");
    vector_put_id(made, "registry_print", &message.hello.registry);
    vector_put_id(made, "shared_print", &message.hello.shared);
}

static void add_case(json_t *cases, const char *name, uint8_t feeds)
{
    json_t *made = vector_case(cases, name);
    struct test_keys own = test_keys(1), peer = test_keys(2);
    struct ayni_node root = test_root().node;
    struct ayni_space registry = ayni_registry_space(&root);
    struct ayni_sync *sync = start(&own, &peer);

    if (sync == NULL)
        abort();
    vector_put_id(made, "registry", &registry);
    json_t *shared = vector_put_array(made, "shared");
    for (uint8_t i = 1; i <= 2; i++) {
        json_t *held = json_object();
        vector_put_id(held, "id", &((struct ayni_space){ { i } }));
        json_array_append(shared, json_object_get(held, "id"));
        json_decref(held);
    }
    json_t *heads = vector_put_array(made, "heads");
    for (uint8_t i = 1; i <= feeds; i++)
        tell_head(sync, heads, i);
    put_hello(made, sync, &peer);
    ayni_sync_free(sync);
}

json_t *vectors_fingerprint(void)
{
    json_t *cases = json_array();

    add_case(cases, "nothing is held", 0);
    add_case(cases, "one space has heads", 1);
    add_case(cases, "three spaces, one of them not shared, the registry, a forked feed", FEEDS);
    return cases;
}
