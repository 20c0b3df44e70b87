#ifndef AYNI_DAEMON_BUNDLE_BUNDLE_EXPORT_H
#define AYNI_DAEMON_BUNDLE_BUNDLE_EXPORT_H

#include "daemon/bundle/bundle_plan.h"
#include "daemon/bundle/bundle_writer.h"
#include "daemon/federation/identity.h"
#include "daemon/store/store_listener.h"

/*
 * A bundle for another member: what it may have and isn't known to hold, and
 * what this node holds, which tells it what need not come back.
 * docs/protocol.md, section 6.
 */
struct bundle_export_options {
    struct log_store *log;
    const struct identity *identity;
    const struct charter *charter; /* lent */
    struct ayni_node receiver;     /* a member, not revoked: the caller's to know */
    enum bundle_since since;
    uint64_t volume_size; /* 0, or AYNI_BUNDLE_VOLUME_SIZE_MIN and more */
    struct bundle_sink sink;
    const struct store_listener *listener; /* entries written and to be written; may be NULL */
};

struct bundle_export_result {
    struct ayni_bundle_id bundle;
    struct bundle_plan plan; /* the caller's to free */
    uint32_t volumes;
    uint64_t size;
};

/*
 * AYNI_E_LIMIT: more volumes or spaces than there may be; AYNI_E_STOPPED: the listener
 * said so; AYNI_E_MEMORY, AYNI_E_IO, and those of the sink.
 */
AYNI_CHECKED enum ayni_status bundle_export(const struct bundle_export_options *options,
                                            struct bundle_export_result *result);

#endif
