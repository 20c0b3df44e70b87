#ifndef AYNI_DAEMON_RECORDS_AUDIT_H
#define AYNI_DAEMON_RECORDS_AUDIT_H

#include "daemon/records/records.h"

/*
 * Checks that what is held is what was signed: every payload against its hash,
 * every chain from its start, every seal against the key of its node. `full`
 * looks beside it whether views/ points to each version that the log holds.
 */
struct audit_failure {
    struct log_feed feed;
    uint64_t seq; /* the entry after which the feed no longer verifies */
    enum ayni_status reason;
};

struct audit_counts {
    uint64_t feeds;
    uint64_t entries;
    uint64_t seals;
    uint64_t failures;
};

struct audit_listener {
    void *context;
    void (*failed)(void *context, const struct audit_failure *failure);
    /* Now and then; false to stop, and the audit answers AYNI_E_STOPPED. */
    bool (*progress)(void *context, uint64_t done, uint64_t total);
};

/* Failures found are no failure of the call. AYNI_E_IO, AYNI_E_MEMORY, AYNI_E_STOPPED. */
AYNI_CHECKED enum ayni_status audit_run(const struct records *records, bool full,
                                        const struct audit_listener *listener,
                                        struct audit_counts *counts);

#endif
