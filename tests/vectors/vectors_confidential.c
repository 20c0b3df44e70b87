#include "proto/confidential.h"

#include "tests/support/federation.h"
#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

static void add_payload(json_t *cases, const char *name, struct ayni_bytes plain, uint64_t kind)
{
    static const uint8_t key[32] = { 1, 1, 2, 3, 5, 8 }, nonce[24] = { 13, 21, 34 };
    static const struct ayni_epoch epoch = { { 55, 89 } };
    struct ayni_confidential_place place = { { { 1 } }, { { 2 } }, kind };
    SCOPED_BUFFER payload = { 0 };
    json_t *made = vector_case(cases, name);

    vector_expect(ayni_confidential_seal(key, &epoch, &place, nonce, plain, &payload), AYNI_OK,
                  name);
    vector_put_hex(made, "epoch_key", (struct ayni_bytes){ key, sizeof(key) });
    vector_put_id(made, "epoch", &epoch);
    vector_put_id(made, "space", &place.space);
    vector_put_id(made, "feed", &place.feed);
    vector_put_number(made, "kind", kind);
    vector_put_hex(made, "nonce", (struct ayni_bytes){ nonce, sizeof(nonce) });
    vector_put_hex(made, "plain", plain);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&payload));
}

/* A sealed box has randomness in it, so this one was made once. */
static void add_box(json_t *cases)
{
    static const char hex[] =
        "07fda088f9da474c2d49e6164559bbe5031c91d21cc9143f6aaeb1cf8a51f44a9649d26dbd0c98bf6c2c419527"
        "1b4e1bf1aa8ae7e7bd6fea242ff0045a3a2621084b4682ca9a73b43c9a1356f9df97e0";
    uint8_t box[AYNI_SEALED_BOX_EXTRA + 32];
    struct test_keys keys = test_keys(1);
    SCOPED_BUFFER plain = { 0 };
    json_t *made = vector_case(cases, "a wrapped key");

    vector_expect(ayni_hex_parse(ayni_bytes_of_text(hex), box, sizeof(box)), AYNI_OK, "hex");
    struct ayni_bytes whole = { box, sizeof(box) };
    vector_expect(ayni_sealed_box_open(&keys.node, &keys.secret, whole, &plain), AYNI_OK, "box");
    vector_put_id(made, "node", &keys.node);
    vector_put_hex(made, "seed", (struct ayni_bytes){ keys.secret.bytes, 32 });
    vector_put_hex(made, "box", whole);
    vector_put_hex(made, "key", ayni_buffer_bytes(&plain));
}

json_t *vectors_confidential(void)
{
    static const uint8_t plain[64] = { 0x58, 62 };
    json_t *cases = json_array();

    add_payload(cases, "a payload", TEST_BYTES("\x82\x01\x02"), 1);
    add_payload(cases, "a payload of 64 bytes, padded to 128", (struct ayni_bytes){ plain, 64 }, 2);
    add_box(cases);
    return cases;
}
