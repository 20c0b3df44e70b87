#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

static void add_feed(json_t *cases, const char *name, uint8_t lane)
{
    struct test_keys root = test_root(), keys = test_keys(1);
    struct ayni_feed_descriptor descriptor = { keys.node, { { 1, 2, 3 } }, lane, { { 4, 5, 6 } } };
    struct ayni_feed feed = ayni_feed_of(&root.node, &descriptor);
    struct ayni_hash start = ayni_chain_start(&feed);
    SCOPED_BUFFER bytes = { 0 };
    json_t *made = vector_case(cases, name);

    ayni_feed_descriptor_encode(&descriptor, &bytes);
    vector_put_id(made, "root", &root.node);
    vector_put_hex(made, "descriptor", ayni_buffer_bytes(&bytes));
    vector_put_id(made, "node", &descriptor.node);
    vector_put_id(made, "space", &descriptor.space);
    vector_put_number(made, "lane", descriptor.lane);
    vector_put_id(made, "incarnation", &descriptor.incarnation);
    vector_put_id(made, "feed", &feed);
    vector_put_id(made, "chain_0", &start);
}

static void add_branch(json_t *cases)
{
    struct test_history history;
    json_t *made = vector_case(cases, "the id of a segment after a fork");

    test_history_make(&history, 1, 3, 0);
    struct ayni_feed branch = ayni_feed_branch(&history.feed, 3, &history.chains[2]);
    vector_put_id(made, "feed", &history.feed);
    vector_put_number(made, "seq", 3);
    vector_put_id(made, "chain", &history.chains[2]);
    vector_put_id(made, "branch", &branch);
}

static void add_spaces(json_t *cases)
{
    static const uint8_t random[16] = { 7, 7, 7 };
    struct test_keys root = test_root(), keys = test_keys(1);
    struct ayni_space registry = ayni_registry_space(&root.node);
    struct ayni_space space = ayni_space_of(&root.node, &keys.node, random);
    json_t *made = vector_case(cases, "the registry's space");

    vector_put_id(made, "root", &root.node);
    vector_put_id(made, "registry", &registry);
    made = vector_case(cases, "a space");
    vector_put_id(made, "root", &root.node);
    vector_put_id(made, "owner", &keys.node);
    vector_put_hex(made, "random", (struct ayni_bytes){ random, sizeof(random) });
    vector_put_id(made, "space", &space);
}

json_t *vectors_feed(void)
{
    json_t *cases = json_array();

    add_feed(cases, "a control feed", AYNI_LANE_CONTROL);
    add_feed(cases, "a bulk feed", AYNI_LANE_BULK);
    add_feed(cases, "a feed in a lane that nobody knows", 200);
    add_branch(cases);
    add_spaces(cases);
    return cases;
}
