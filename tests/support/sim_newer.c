/*
 * A node of the next minor version, as docs/protocol.md section 5.1 lets it
 * differ: more elements behind those that this one knows, and messages of
 * types that it doesn't.
 */
#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/message.h"
#include "tests/support/sim_world.h"

enum {
    BATCH_SIZE = 5,
    SHORT_ARRAY_MAX = 23 - 2,
    MINOR_AT = 3 /* array, type, major, minor: a byte each */
};

/* What is left out at the end of a HELLO where it is false or 0; how many elements these are. */
static size_t fill_hello(struct ayni_buffer *message, size_t count)
{
    static const uint8_t last[] = { 0xf4 /* hears */, 0xf4 /* alone */, 0x00 /* later */,
                                    0x00 /* lacks */ };
    enum { ALL = 11 + sizeof(last) };
    size_t missing = count < ALL ? ALL - count : 0;

    ayni_buffer_append(message, last + sizeof(last) - missing, missing);
    return missing;
}

void sim_newer_says(struct sim_world *world, struct ayni_buffer *message)
{
    size_t count = message->data[0] & 0x1f;
    bool hello = message->data[1] == AYNI_MESSAGE_HELLO;

    if ((message->data[0] & 0xe0) != 0x80 || count > SHORT_ARRAY_MAX)
        abort(); /* all of ours are short */
    if (hello) {
        message->data[MINOR_AT] = AYNI_PROTOCOL_MINOR + 1;
        count += fill_hello(message, count);
    }
    if (message->data[1] == AYNI_MESSAGE_BATCH && count == BATCH_SIZE) {
        ayni_buffer_append_byte(message, 0x00 /* later */);
        count++;
    }
    ayni_cbor_put_uint(message, test_random_next(&world->random));
    message->data[0] = (uint8_t)(0x80 | (count + 1));
    sim_count(world, SIM_COUNT_UNKNOWN_FIELDS);
}

void sim_newer_message(struct sim_world *world, struct ayni_buffer *message)
{
    ayni_cbor_put_array(message, 3);
    ayni_cbor_put_uint(message, AYNI_MESSAGE_LAST + 1 + sim_below(world, 1000));
    ayni_cbor_put_string(message, "of a version to come");
    ayni_cbor_put_uint(message, test_random_next(&world->random));
    sim_count(world, SIM_COUNT_UNKNOWN_MESSAGES);
}
