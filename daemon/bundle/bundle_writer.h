#ifndef AYNI_DAEMON_BUNDLE_BUNDLE_WRITER_H
#define AYNI_DAEMON_BUNDLE_BUNDLE_WRITER_H

#include "proto/bundle.h"

/*
 * Items made into the volumes of a bundle: gathered to chunks, packed,
 * encrypted, cut at the size that was asked for. A volume's bytes come in
 * their order; its end, which says how many volumes there are, comes when all
 * are made, for each in turn.
 */
struct bundle_writer;

struct bundle_sink {
    void *context;
    /* The next bytes of volume `volume` (1, 2, 3 ...); a failure ends the writing. */
    enum ayni_status (*write)(void *context, uint32_t volume, struct ayni_bytes bytes);
};

struct bundle_writer_options {
    struct ayni_bundle_head head;          /* volume and box aside */
    const struct ayni_signing_key *secret; /* the sender's; lent */
    uint64_t volume_size;                  /* 0: one volume of any size */
    struct ayni_bytes contents;            /* the item that begins each volume; lent */
    struct bundle_sink sink;
};

/* How large an item should be at most, so that volumes keep to their size. */
size_t bundle_writer_item_size(uint64_t volume_size);

AYNI_CHECKED enum ayni_status bundle_writer_new(const struct bundle_writer_options *options,
                                                struct bundle_writer **writer);
/* One more item. AYNI_E_LIMIT: more volumes than there may be; and those of the sink. */
AYNI_CHECKED enum ayni_status bundle_writer_put(struct bundle_writer *writer,
                                                struct ayni_bytes item);
/* Nothing more: write what is left, and the ends. */
AYNI_CHECKED enum ayni_status bundle_writer_end(struct bundle_writer *writer, uint32_t *volumes,
                                                uint64_t *size);
void bundle_writer_free(struct bundle_writer *writer); /* NULL is fine */

#endif
