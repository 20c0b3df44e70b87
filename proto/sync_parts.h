#ifndef AYNI_PROTO_SYNC_PARTS_H
#define AYNI_PROTO_SYNC_PARTS_H

#include "proto/sync_state.h"

/*
 * The inside of the sync engine, for its own files: who offers what to the
 * others.
 *
 *   sync.c           events to those who handle them, actions from those who have some
 *   sync_turn.c      whose turn it is
 *   sync_spaces.c    spaces, their members, who shares them
 *   sync_heads.c     feeds, the order in which heads moved
 *   sync_prints.c    fingerprints, places in a sorted space
 *   sync_peer.c      peers, their claims, their outbox, floods
 *   sync_deferred.c  feeds of authors whose right isn't known here yet
 *   sync_refused.c   what was refused, by node
 *   sync_untaken.c   what a peer has and isn't taken here
 *   sync_hello.c     HELLO
 *   sync_checks.c    when fingerprints are compared again
 *   sync_hearing.c   giving nothing before it is known what was erased
 *   sync_ranges.c    RANGES, ASK: finding what differs
 *   sync_owed.c      what RANGES have shown a peer to lack
 *   sync_notes.c     NOTE out
 *   sync_acks.c      ACK
 *   sync_claims.c    NOTE in: what peers say they have
 *   sync_pull.c      WANT out, BATCH in
 *   sync_stalls.c    what was asked for and doesn't come
 *   sync_rate.c      how fast what was asked for comes
 *   sync_budget.c    what a link may carry of what can wait
 *   sync_store.c     STORE and how it ends
 *   sync_refill.c    payloads that the log lacks
 *   sync_serve.c     WANT in, BATCH out
 *   sync_trace.c     FORK, TRACE: where two histories part
 *   sync_status.c    what is known
 */

/* ---- sync.c ---- */
/* A `SEND` of what is in sync->out. */
bool sync_send(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action);
/* Send what is in sync->out before anything else. */
void sync_pend(struct ayni_sync *sync, const struct sync_peer *peer);
/* Room for one more at the end of an array; false where there is no memory. */
bool sync_grow(struct ayni_sync *sync, void *array, size_t count, size_t *capacity,
               size_t item_size);
static inline uint64_t sync_after(const struct ayni_sync *sync, uint64_t ms)
{
    return sync->now + ms;
}
static inline uint64_t sync_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
static inline uint64_t sync_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* What peers say can be anything: sums stay where any program can read them. */
static inline uint64_t sync_sum(uint64_t sum, uint64_t more)
{
    const uint64_t max = 1ull << 52;

    return sync_min(sum + sync_min(more, max), max);
}

/* ---- sync_turn.c ---- */
/* Something is to be done for this peer, perhaps. */
void sync_turn_touch(struct ayni_sync *sync, struct sync_peer *peer);
/* Other peers than the one that was touched may be dirty. */
void sync_turn_all(struct ayni_sync *sync);
/* Those whose deadline has come are dirty. */
void sync_turn_wake(struct ayni_sync *sync);
bool sync_turn_next(struct ayni_sync *sync, struct ayni_sync_action *action);

/* ---- sync_spaces.c ---- */
struct sync_space *sync_find_space(const struct ayni_sync *sync, const struct ayni_space *id);
/* One that isn't known yet; one that may be. NULL where there is no memory. */
struct sync_space *sync_add_space(struct ayni_sync *sync, const struct ayni_space *id);
struct sync_space *sync_get_space(struct ayni_sync *sync, const struct ayni_space *id);
void sync_handle_space(struct ayni_sync *sync, const struct ayni_sync_space *event);
/* Whether the peer may know of the space's feeds, and we too. */
bool sync_shares(const struct sync_space *space, const struct sync_peer *peer);

/* ---- sync_heads.c ---- */
struct sync_feed *sync_find_feed(const struct ayni_sync *sync, const struct ayni_feed_prefix *name);
/* A feed that isn't known yet, with nothing held. NULL where there is no memory. */
struct sync_feed *sync_add_feed(struct ayni_sync *sync, const struct ayni_feed *id,
                                const struct ayni_feed_descriptor *descriptor);
/* Forget a feed of which nothing is held and that nobody claims any more. */
void sync_release_feed(struct ayni_sync *sync, struct sync_feed *feed);
void sync_handle_head(struct ayni_sync *sync, const struct ayni_sync_head *event);
/* The index of the first move after an arrival; moves are sorted then. */
size_t sync_moves_after(struct ayni_sync *sync, uint64_t arrival);
static inline bool sync_move_is_stale(const struct sync_move *move)
{
    return move->feed->arrival != move->arrival;
}
static inline bool sync_feed_is_held(const struct sync_feed *feed)
{
    return feed->seq > feed->start;
}
/* Up to where it is wanted of a peer that has it up to `seq`. */
static inline uint64_t sync_feed_target(const struct sync_feed *feed, uint64_t seq)
{
    return feed->ended ? feed->seq : seq;
}
/* Whether more feeds of this author would be too many. */
bool sync_over_quota(struct ayni_sync *sync, const struct sync_space *space,
                     const struct ayni_feed_descriptor *descriptor);
void sync_free_heads(struct ayni_sync *sync);

/* ---- sync_prints.c ---- */
void sync_sort_space(struct sync_space *space);
/* Of the feeds with index `from` up to `to`, excluded, of a sorted space. */
struct ayni_fingerprint sync_print_range(struct ayni_sync *sync, const struct sync_space *space,
                                         size_t from, size_t to);
struct ayni_fingerprint sync_print_space(struct ayni_sync *sync, struct sync_space *space);
/* Of all spaces but the registry that both share and that have heads here. */
struct ayni_fingerprint sync_print_shared(struct ayni_sync *sync, const struct sync_peer *peer);
/* The index of the first feed of a sorted space that isn't below the bound. */
size_t sync_find_bound(const struct sync_space *space, const struct ayni_bound *bound);
/* The shortest bound between two feeds next to each other. */
struct ayni_bound sync_bound_between(const struct sync_feed *below, const struct sync_feed *above);

/* ---- sync_peer.c ---- */
/* When the peer needs a TIME at the latest. */
uint64_t sync_peer_deadline(const struct sync_peer *peer);
struct sync_peer *sync_find_peer(const struct ayni_sync *sync, const struct ayni_node *node);
struct sync_peer *sync_peer_of_serial(const struct ayni_sync *sync, uint64_t serial);
void sync_handle_up(struct ayni_sync *sync, const struct ayni_node *node,
                    const struct ayni_sync_up *up);
void sync_peer_gone(struct ayni_sync *sync, struct sync_peer *peer);
/* A breach: the peer is gone, and a DROP action is due. */
void sync_drop_peer(struct ayni_sync *sync, struct sync_peer *peer, enum ayni_sync_drop reason);
/* Whether it may ask for `cost` more work now. One unit is about a microsecond. False is counted;
 * too many end in a drop, of which the caller hears by `sync_find_peer`. */
bool sync_peer_affords(struct ayni_sync *sync, struct sync_peer *peer, uint64_t cost);
/* Put what is in `message` behind the answers that wait; dropped where there is no room. */
void sync_answer(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_buffer *message);
bool sync_outbox_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action);
size_t sync_peer_memory(const struct sync_peer *peer);
void sync_free_peers(struct ayni_sync *sync);

/* ---- sync_refused.c ---- */
/* What was refused of a node until now, to be counted on. */
struct ayni_sync_refusals *sync_refusals(struct ayni_sync *sync, const struct ayni_node *node);
/* A message of the peer that means nothing here. */
void sync_ignore(struct ayni_sync *sync, const struct sync_peer *peer);

/* ---- sync_deferred.c ---- */
/* Runs of the feed's author were refused: nothing of it in this space is asked for before
 * sync_try_deferred(). */
void sync_defer(struct ayni_sync *sync, const struct sync_feed *feed);
bool sync_is_deferred(const struct sync_feed *feed);
/* Something was told of the space. */
void sync_try_deferred(struct ayni_sync *sync, struct sync_space *space);

/* ---- sync_claims.c ---- */
struct sync_claim *sync_find_claim(const struct sync_peer *peer, const struct sync_feed *feed);
/* Forget it. Other claims move. */
void sync_remove_claim(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim);
/* Whether something of it is still to come. */
bool sync_claim_is_open(const struct sync_claim *claim);
/* Forget claims that are settled and noted, and those of spaces that are no longer shared. */
void sync_prune_claims(struct ayni_sync *sync, struct sync_peer *peer);
void sync_receive_note(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct ayni_note *note);
/* A head that the peer has of a feed known here, with what it says of the chain. */
void sync_claim_head(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                     uint64_t seq, const struct ayni_chain_mark *mark, uint64_t since);

/* ---- sync_untaken.c ---- */
/* So many entries of a feed that the peer has aren't taken; or they are, after all. */
void sync_note_untaken(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct sync_space *space, const struct ayni_feed_prefix *feed,
                       uint64_t entries);
/* The peer has the feed up to `seq`, and the right of its author isn't known here. */
void sync_note_deferred(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct sync_feed *feed, uint64_t seq);
void sync_note_taken(struct sync_peer *peer, const struct ayni_feed_prefix *feed);
/* What the peer has is judged anew; NULL: of all spaces. */
void sync_forget_untaken(struct sync_peer *peer, const struct sync_space *space);
uint64_t sync_count_untaken(const struct sync_peer *peer, const struct sync_space *space);

/* ---- sync_hello.c ---- */
void sync_receive_hello(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_hello *hello);
bool sync_hello_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
/* A HELLO that says which version is spoken here, and nothing else, into sync->out. */
void sync_encode_farewell(struct ayni_sync *sync);
bool sync_acked_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);

/* ---- sync_checks.c ---- */
/* What both share may differ: compare fingerprints once it is quiet. */
void sync_check_soon(struct ayni_sync *sync, struct sync_peer *peer);
/* It has changed, on either side: also where the two went on differing and rested. */
void sync_check_changed(struct ayni_sync *sync, struct sync_peer *peer);
/* As soon as nothing is on its way. */
void sync_check_now(struct ayni_sync *sync, struct sync_peer *peer);
/* So with all whose check is due some time. */
void sync_check_hurry(struct ayni_sync *sync);
/* The peer holds what isn't here, also where that won't be taken: no longer in sync with it. */
void sync_break_agreement(struct ayni_sync *sync, struct sync_peer *peer);
/* If one is due, and nothing is on its way, a HELLO is. */
void sync_check_when_quiet(struct ayni_sync *sync, struct sync_peer *peer);
/* Fingerprints were compared. */
void sync_check_agreed(struct sync_peer *peer);
void sync_check_differed(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct sync_prints *own, const struct sync_prints *theirs);

/* ---- sync_hearing.c ---- */
/* After a check: whether enough was heard of this peer to give what is held. */
void sync_hearing_check(struct ayni_sync *sync, const struct sync_peer *peer);
void sync_hearing_ends(struct ayni_sync *sync);
bool sync_hearing_next(struct ayni_sync *sync, struct ayni_sync_action *action);

/* ---- sync_ranges.c ---- */
/* Ask the peer to compare the registry, whose fingerprints differ. */
void sync_start_registry_ranges(struct ayni_sync *sync, struct sync_peer *peer);
/* The same of the other spaces, one of which differs; of which both mean the same, if
 * `same_registry`. */
void sync_start_shared_ranges(struct ayni_sync *sync, struct sync_peer *peer, bool same_registry);
/* Of one that both share. */
void sync_start_space_ranges(struct ayni_sync *sync, struct sync_peer *peer,
                             struct sync_space *space);
void sync_receive_ranges(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_ranges *ranges);
void sync_receive_ask(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ask *ask);

/* ---- sync_owed.c ---- */
/* The peer holds `feed` up to `seq`, we hold more; `knows`: it has heard of the feed. */
void sync_owe(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed, uint64_t seq,
              bool knows);
/* Whether that was found; up to where it holds the feed then. */
bool sync_owes(const struct sync_peer *peer, const struct sync_feed *feed, uint64_t *seq);
/* Comparing begins anew: what was told of before is found again where it is still so. */
void sync_forget_told(struct sync_peer *peer);
/* It holds all that is held here. */
void sync_owe_nothing(struct sync_peer *peer);

/* ---- sync_notes.c ---- */
bool sync_notes_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
/* On with the note that something was read for. */
bool sync_noting_next(struct ayni_sync *sync, struct ayni_sync_action *action);
void sync_note_runs(struct ayni_sync *sync, struct sync_peer *peer,
                    const struct ayni_sync_runs *runs);
/* A head of ours as a note says it. */
void sync_put_head(struct ayni_buffer *to, const struct sync_feed *feed, bool with_descriptor);

/* ---- sync_acks.c ---- */
bool sync_ack_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action);
void sync_receive_ack(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ack *ack);

/* ---- sync_pull.c ---- */
bool sync_pull_next(struct ayni_sync *sync, struct sync_peer *peer,
                    struct ayni_sync_action *action);
void sync_receive_batch(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_batch *batch);
/* The peer isn't asked for it any more. */
void sync_stop_pull(struct sync_peer *peer, struct sync_claim *claim);
/* Ask for nothing more that can wait. */
void sync_stop_bulk(struct sync_peer *peer);
/* The feed's head moved, or its STOREs failed. */
void sync_pull_moved(struct ayni_sync *sync, struct sync_feed *feed);

/* ---- sync_stalls.c ---- */
/* Free what doesn't come, for another peer if there is one. */
void sync_find_stalls(struct ayni_sync *sync, struct sync_peer *peer);

/* ---- sync_rate.c ---- */
/* From here on it is measured: the peer was asked for something, after nothing or after a window.
 */
void sync_rate_begin(const struct ayni_sync *sync, struct sync_peer *peer);
/* So many bytes of runs came: the window follows. */
void sync_rate_came(const struct ayni_sync *sync, struct sync_peer *peer, size_t size);
/* Something came of what was claimed. */
void sync_rate_answered(const struct ayni_sync *sync, struct sync_peer *peer,
                        struct sync_claim *claim);
/* How long to wait for what the peer was asked for, after so many times in vain. */
uint64_t sync_patience(const struct sync_peer *peer, unsigned stalls);

/* ---- sync_budget.c ---- */
void sync_handle_budget(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_sync_budget *budget);
/* So many went over the link. */
void sync_count_bytes(const struct ayni_sync *sync, struct sync_peer *peer, size_t size);
/* What never waits: the registry's lanes 0 and 1, lane 0 of all spaces. */
bool sync_is_urgent(const struct sync_feed *feed);
/* Nothing that can wait may go, until another budget is told. */
bool sync_is_held(const struct sync_peer *peer);
/* When something that can wait may go again, by the rate alone. */
uint64_t sync_paced_until(const struct sync_peer *peer);
/* Whether runs of that feed may go now, or be asked for. */
bool sync_may_go(const struct ayni_sync *sync, const struct sync_peer *peer,
                 const struct sync_feed *feed);
/* A window within all bounds. */
void sync_bound_window(struct sync_peer *peer);
/* For a peer that asks for what is held: how many seconds it is to wait. */
uint64_t sync_later_s(const struct ayni_sync *sync, const struct sync_peer *peer);
/* The peer holds back what can wait for so long. */
void sync_hear_later(const struct ayni_sync *sync, struct sync_peer *peer, uint64_t later_s);
/* The peer has it, and gives it later. */
void sync_heed_later(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim,
                     uint64_t later_s);
/* ms between checks that find a difference, at most. */
uint64_t sync_check_max(const struct ayni_sync *sync, const struct sync_peer *peer);

/* ---- sync_store.c ---- */
/* Runs to be stored, copied. False where there is no room for them. */
bool sync_put_store(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    struct ayni_bytes runs);
/* The same with the runs of a batch. Where they can't be read the peer is dropped. */
bool sync_put_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    const struct ayni_batch *batch);
bool sync_store_next(struct ayni_sync *sync, struct ayni_sync_action *action);
void sync_handle_stored(struct ayni_sync *sync, uint64_t number);
void sync_handle_refused(struct ayni_sync *sync, uint64_t number, enum ayni_status status);
/* The serial of the peer whose STORE brought the feed to `seq`; 0 for none. */
uint64_t sync_store_source(const struct ayni_sync *sync, const struct sync_feed *feed,
                           uint64_t seq);
void sync_free_stores(struct ayni_sync *sync);

/* ---- sync_refill.c ---- */
void sync_handle_lost(struct ayni_sync *sync, uint64_t lost);
/* Payloads that the peer may have and wasn't asked for yet. */
uint64_t sync_refill_wants(const struct ayni_sync *sync, const struct sync_peer *peer);
/* A new peer. */
void sync_refill_begin(const struct ayni_sync *sync, struct sync_peer *peer);
bool sync_refill_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action);
/* When the peer needs a TIME for it. */
uint64_t sync_refill_deadline(const struct sync_peer *peer);
void sync_refill_hole(struct ayni_sync *sync, struct sync_peer *peer,
                      const struct ayni_sync_hole *hole);
/* Whether a batch is what was asked for here; then it was taken, and the peer may be gone. */
bool sync_refill_takes(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                       const struct ayni_batch *batch);
/* One of its STOREs ended. */
void sync_refill_stored(struct sync_peer *peer);
/* The peer is gone. */
void sync_refill_end(struct sync_peer *peer);

/* ---- sync_serve.c ---- */
void sync_receive_wants(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_wants *wants);
bool sync_serve_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
void sync_serve_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs);
void sync_answer_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                       uint64_t from, uint64_t to, struct ayni_bytes runs);
/* Whether something of the feed is still to be sent to the peer, as it asked. */
bool sync_is_served(const struct sync_peer *peer, const struct sync_feed *feed);
/* Forget what is sent to the peer of spaces that are no longer shared. */
void sync_prune_serves(struct sync_peer *peer);
/* 0 is the most urgent: registry, lane 0, lane 1, others. */
unsigned sync_urgency(const struct sync_feed *feed);

/* ---- sync_trace.c ---- */
/* The peer's history of `feed` isn't ours at `high`. */
void sync_start_trace(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                      uint64_t high);
/* Whether it is, where the peer says that its history goes through that mark. */
void sync_doubt_history(struct sync_peer *peer, struct sync_feed *feed, uint64_t seq,
                        const struct ayni_chain_mark *mark);
/* Show the peer points of our history below `high`. */
void sync_show_history(struct sync_peer *peer, struct sync_feed *feed, uint64_t high);
void sync_receive_forked(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_forked *forked);
void sync_receive_trace(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_trace *trace);
bool sync_trace_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
void sync_trace_chains(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct ayni_sync_chains *chains);
void sync_trace_compared(struct sync_peer *peer, const struct ayni_sync_compared *compared);
void sync_trace_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs);
/* Whether a batch is the evidence that was asked for; then it was taken. */
bool sync_trace_takes(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                      const struct ayni_batch *batch);
void sync_trace_done(struct sync_peer *peer);

#endif
