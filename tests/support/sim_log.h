#ifndef AYNI_TESTS_SUPPORT_SIM_LOG_H
#define AYNI_TESTS_SUPPORT_SIM_LOG_H

#include "proto/entry.h"
#include "proto/erase.h"
#include "proto/fork_proof.h"
#include "proto/sync.h"
#include "proto/sync_table.h"

/*
 * The log of a simulated node: feeds, sealed runs, arrival numbers, in memory.
 * It takes nothing that proto/entry.h does not verify. Runs are shared by all
 * logs of a simulation (struct sim_press), which also remembers which of them
 * verified, so that a run is checked once for each history it continues and
 * not once for each node.
 */
struct sim_run {
    struct ayni_feed feed;
    struct ayni_head before, after;
    struct ayni_instant last_time;
    struct ayni_hash *chains; /* of each entry */
    size_t hollow;            /* of its entries */
    struct ayni_buffer bytes; /* as on the wire */
    struct ayni_hash name;    /* of feed, place and bytes */
    struct sim_run *next;     /* of the press */
};

struct sim_known {
    struct ayni_feed_prefix name;
    struct ayni_space space;
};

struct sim_press {
    struct ayni_node root;
    struct sync_table feeds;    /* all that anybody holds, by prefix: struct sim_known * */
    struct sim_run *runs[4096]; /* by name */
    uint64_t verified, remembered;
};
/* The space of a feed; NULL: nobody ever held it. */
const struct ayni_space *sim_press_space(const struct sim_press *press,
                                         const struct ayni_feed_prefix *feed);
void sim_press_free(struct sim_press *press);
/* What a run is known by: its feed, what it follows, and its bytes. */
struct ayni_hash sim_press_name(const struct ayni_feed *feed, const struct ayni_head *before,
                                struct ayni_bytes bytes);
/* NULL: nobody had it yet. */
struct sim_run *sim_press_find(struct sim_press *press, const struct ayni_hash *name);
/* A run that was sealed or verified, for all who get it later. */
struct sim_run *sim_press_keep(struct sim_press *press, const struct ayni_feed *feed,
                               const struct ayni_head *before, const struct ayni_head *after,
                               const struct ayni_run *content, const struct ayni_hash *chains);

struct sim_tree;
/* One history of a feed, as daemon/store/log.h has them. */
struct sim_feed {
    struct ayni_feed id;
    struct ayni_feed_descriptor descriptor;
    struct sim_run **runs;
    size_t run_count, run_capacity;
    uint64_t first;
    struct sim_feed *parent; /* of a branch: what it leaves */
    struct ayni_head head;
    uint64_t arrival;
    uint64_t lost;         /* payloads that it lacks and no order has erased */
    struct sim_tree *tree; /* NULL: the feed hasn't forked */
};

/* A part of a feed between fork points, as peers speak of it. */
struct sim_segment {
    struct ayni_feed id;
    struct sim_feed *history; /* that has it, or that it follows */
    bool branch, held, ended;
    struct ayni_head start, head;
    struct ayni_hash first; /* of a branch: of its first entry */
};

/* What an order that is held has erased, if its giver wrote it. */
struct sim_erased {
    struct ayni_erase_range range;
    struct ayni_node giver;
};

/* An entry of which the payload went, or came. */
struct sim_change {
    struct sim_feed *history;
    uint64_t seq;
};

struct sim_log {
    struct sim_press *press;
    struct sim_feed **feeds; /* all histories */
    size_t feed_count, feed_capacity;
    struct sim_feed **by_id; /* open addressing */
    size_t slot_count;
    uint64_t arrival;
    uint64_t lost;          /* payloads */
    struct sim_run **fresh; /* appended or filled since somebody set their count to 0 */
    size_t fresh_count, fresh_capacity;
    struct sim_erased *erased;
    size_t erased_count;
    uint64_t dropped;           /* payloads, because they were erased */
    struct sim_change *changes; /* of payloads, since somebody set their count to 0 */
    size_t change_count, change_capacity;
};

void sim_log_init(struct sim_log *log, struct sim_press *press);
void sim_log_free(struct sim_log *log);
/* The history of the feed that came first. */
struct sim_feed *sim_log_find(const struct sim_log *log, const struct ayni_feed *id);
struct sim_feed *sim_log_add(struct sim_log *log, const struct ayni_feed *id,
                             const struct ayni_feed_descriptor *descriptor);

/* Write: one run of `count` entries, sealed with the node's own key. */
void sim_log_write(struct sim_log *log, struct sim_feed *feed,
                   const struct ayni_signing_key *secret, struct ayni_entry *entries, size_t count);

/*
 * Verify and store runs after entry `from` of a segment, as the STORE action
 * asks; what is held already is skipped, and what is past its end is left.
 * `*entries` is how many were new.
 */
AYNI_CHECKED enum ayni_status sim_log_store(struct sim_log *log,
                                            const struct ayni_sync_store *store, size_t *entries);

/* chain(seq), also before a branch begins; false past the head. */
bool sim_log_chain(const struct sim_feed *feed, uint64_t seq, struct ayni_hash *chain);

/* As the READ action asks of a history: whole runs after `from`. `*to` is the last entry's seq,
 * `from` for none.
 */
void sim_log_read(const struct sim_feed *feed, uint64_t from, size_t size_max, uint64_t seq_max,
                  struct ayni_buffer *runs, uint64_t *to);

/* The first run after entry `from`, or its rest, decoded into `run->entries`, which has room for
 * AYNI_RUN_ENTRIES_MAX; `bytes` holds what it borrows from. False where there is none. */
bool sim_log_run_after(const struct sim_feed *feed, uint64_t from, struct ayni_buffer *bytes,
                       struct ayni_run *run);
/* Append a run that verified; sim_branch.c knows where. */
void sim_log_append(struct sim_log *log, struct sim_feed *feed, struct sim_run *run);
void sim_log_put_fresh(struct sim_log *log, struct sim_run *run);
struct sim_feed *sim_log_add_history(struct sim_log *log, const struct sim_feed *parent,
                                     const struct ayni_head *start);
void sim_press_know(struct sim_press *press, const struct ayni_feed *id,
                    const struct ayni_space *space);

/* Check a run after `head`, or remember that it was checked. */
AYNI_CHECKED enum ayni_status sim_log_verify(struct sim_log *log, const struct sim_feed *feed,
                                             const struct ayni_head *head, struct ayni_bytes bytes,
                                             const struct ayni_run *content, struct sim_run **run);

/* ---- sim_holes.c: payloads that are lost ---- */
/* Lose those of the entries with a bit in `which` of a run of a history. */
void sim_log_lose(struct sim_log *log, struct sim_feed *feed, size_t run, uint64_t which);
/* As the HOLES and FILL actions ask. */
void sim_log_find_hole(const struct sim_log *log, const struct ayni_sync_place *after,
                       struct ayni_sync_hole *hole);
AYNI_CHECKED enum ayni_status sim_log_fill(struct sim_log *log,
                                           const struct ayni_sync_store *store);
/* Decoded into `room`, which has place for AYNI_RUN_ENTRIES_MAX; borrows from the run. */
void sim_run_read(const struct sim_run *run, struct ayni_entry *room, struct ayni_run *content);
/* An entry of a history, in the same way. */
const struct ayni_entry *sim_feed_entry(const struct sim_feed *history, uint64_t seq,
                                        struct ayni_entry *room, struct ayni_run *run);
/* The same run, of which `content` has other payloads. */
void sim_log_replace(struct sim_log *log, struct sim_feed *history, size_t run,
                     const struct ayni_run *content);
/* The payload of an entry has come or gone. */
void sim_log_note_change(struct sim_log *log, struct sim_feed *history, uint64_t seq);
/* After a change of payloads or orders. */
void sim_log_count_lost(struct sim_log *log, struct sim_feed *history);

/* ---- sim_erase.c ---- */
bool sim_log_is_erased(const struct sim_log *log, const struct sim_feed *history, uint64_t seq);
/* What orders have erased of a history goes. */
void sim_log_drop_erased(struct sim_log *log, struct sim_feed *history);
/* Only orders that are held count from now on. */
void sim_log_read_orders(struct sim_log *log);

/* ---- sim_branch.c: where feeds fork ---- */
void sim_tree_free(struct sim_tree *tree);
/* The feed forked there; false: it is known. */
bool sim_log_put_fork(struct sim_log *log, const struct ayni_fork_proof *proof,
                      struct ayni_bytes bytes);
bool sim_segment_find(const struct sim_log *log, const struct ayni_feed *id,
                      struct sim_segment *segment);
/* All segments of a feed; how many. `segments` holds SIM_SEGMENTS_MAX. */
enum { SIM_SEGMENTS_MAX = 256 };
size_t sim_segments(const struct sim_feed *root, struct sim_segment *segments);
/* A history that goes on after a fork in a way that no proof names, and a proof of that fork. */
bool sim_log_unproven(const struct sim_feed *root, struct sim_feed **history,
                      struct ayni_bytes *proof);

#endif
