#ifndef AYNI_DAEMON_RECORDS_SINGLE_H
#define AYNI_DAEMON_RECORDS_SINGLE_H

#include "daemon/records/key.h"
#include "daemon/records/reader.h"
#include "proto/payload.h"

/*
 * A record of one version that is shown, as the indexes of places and months list them
 * (daemon/records/occasion_walk.h): its version alone, neither folded nor in memory of its own, for
 * who reads very many of them. All zero before the first; the next one takes the same memory.
 */
struct single {
    struct record_key key;
    const struct ayni_node *node; /* who wrote it, and when; lent by the reader */
    struct ayni_instant time;
    struct ayni_version_skim version; /* borrows from the reader's log */
    size_t near;                      /* of its fields, the one that was asked for last */
};

/*
 * The record of which `ref` is the only version. Whether it counts is asked of the registry anew.
 *
 *   AYNI_E_NOT_FOUND  only reader_fold_single() says what it comes to: it isn't here, is encrypted,
 *                     of the registry, has no right, or is no ordinary edit
 */
AYNI_CHECKED enum ayni_status single_read(struct reader *reader, const struct version_ref *ref,
                                          struct single *single);
/* As record_state_value(). Quickest for fields that are asked for in their order. */
struct ayni_bytes single_value(struct single *single, uint32_t field);
void single_free(struct single *single);

#endif
