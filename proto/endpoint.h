#ifndef AYNI_PROTO_ENDPOINT_H
#define AYNI_PROTO_ENDPOINT_H

#include "proto/bytes.h"

/*
 * Where a node can be dialled: tcp://HOST:PORT and nothing else, because an
 * endpoint comes from a card that somebody else wrote and goes to a library
 * that knows many more transports. HOST is a name (letters, digits, hyphens
 * and dots), an IPv4 address, or an IPv6 address in brackets; PORT is 1 to
 * 65535, in its shortest form. docs/protocol.md, section 2.
 */
bool ayni_endpoint_valid(struct ayni_bytes endpoint);
/* Whether it is one whose HOST is a name, which has to be looked up. */
bool ayni_endpoint_is_name(const char *endpoint);

#endif
