#ifndef AYNI_PROTO_CUT_H
#define AYNI_PROTO_CUT_H

#include "proto/cbor.h"
#include "proto/ids.h"

/*
 * Up to where a node's feeds count after its right has ended. The payload of a
 * cut entry (kind 5, lane 0 of the space it is about), never encrypted, so that
 * relays read it; docs/protocol.md, section 7.3:
 *
 *   [ending record id, [[feed id, seq, chain(seq)], ...]]
 *
 * The points are ascending by (feed, seq, chain): one for each branch of a
 * feed. What isn't listed is cut at 0.
 */
struct ayni_cut_point {
    struct ayni_feed feed;
    uint64_t seq; /* of the last entry that counts, 1 or more */
    struct ayni_hash chain;
};

struct ayni_cut {
    struct ayni_record ending; /* the ungrant, revocation, member or space that ended the right */
    struct ayni_cut_point
        *points; /* the caller's when encoding; by decode: freed with ayni_cut_free() */
    size_t point_count;
};

void ayni_cut_encode(const struct ayni_cut *cut, struct ayni_buffer *to);
/*
 *   AYNI_E_MALFORMED  not of the form: it cuts nothing and is listed
 *   AYNI_E_LIMIT, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_cut_decode(struct ayni_bytes payload, struct ayni_cut *cut);
void ayni_cut_free(struct ayni_cut *cut);

/* The list of points by itself, as cuts and root statements have it: in order, and none twice. */
void ayni_cut_sort_points(struct ayni_cut_point *points, size_t count);
/*
 * The same of those that one cut has room for, AYNI_CUT_POINTS_MAX at most: the
 * longest feeds; how many. Who began more feeds than that in a space, which no
 * honest node does, loses the shortest with its right.
 */
size_t ayni_cut_fit_points(struct ayni_cut_point *points, size_t count);
void ayni_cut_put_points(struct ayni_buffer *to, const struct ayni_cut_point *points, size_t count);
/* On the reader's failure there are none; else the caller frees `*points` with free(). */
void ayni_cut_read_points(struct ayni_cbor_reader *reader, struct ayni_cut_point **points,
                          size_t *count);

#endif
