#ifndef AYNI_DAEMON_FEDERATION_SPACE_KEYS_H
#define AYNI_DAEMON_FEDERATION_SPACE_KEYS_H

#include "daemon/records/records.h"

/*
 * Keys of the confidential spaces that this node owns, as records of the
 * registry: docs/protocol.md, section 4.8. An epoch begins when there is none
 * whose key only those have who may read the space; and who may read gets the
 * keys of all epochs, so that what was written before it came can be read.
 * Relays get none.
 */
struct space_keys;

AYNI_CHECKED enum ayni_status space_keys_new(struct records *records, struct space_keys **keys);
void space_keys_free(struct space_keys *keys); /* NULL is fine */

/*
 * Do what is due by the registry as it stands here. Any thread; nothing to do
 * is AYNI_OK. Failures are those of author_write(): it is to be called again.
 */
AYNI_CHECKED enum ayni_status space_keys_tend(struct space_keys *keys);

#endif
