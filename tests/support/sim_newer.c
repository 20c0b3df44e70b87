/*
 * A node of the next minor version, as docs/protocol.md section 5.1 lets it
 * differ: more elements behind those that this one knows, and messages of
 * types that it doesn't.
 */
#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/message.h"
#include "tests/support/sim_world.h"

enum { SHORT_ARRAY_MAX = 23 - 2, MINOR_AT = 3 /* array, type, major, minor: a byte each */ };

/* Flags that are left out at the end of a HELLO where they are false; how many. */
static size_t put_flags(struct ayni_buffer *message, size_t count)
{
    enum { WITH_FLAGS = 11 + 2 /* hears, alone */ };
    size_t missing = count < WITH_FLAGS ? WITH_FLAGS - count : 0;

    for (size_t i = 0; i < missing; i++)
        ayni_cbor_put_bool(message, false);
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
        count += put_flags(message, count);
    }
    ayni_cbor_put_string(message, "a field of a version to come");
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
