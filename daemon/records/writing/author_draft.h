#ifndef AYNI_DAEMON_RECORDS_AUTHOR_DRAFT_H
#define AYNI_DAEMON_RECORDS_AUTHOR_DRAFT_H

#include "daemon/records/reader.h"
#include "daemon/records/writing/author.h"
#include "daemon/records/writing/author_feed.h"
#include "proto/arena.h"
#include "proto/entry.h"
#include "proto/limits.h"

/* Whose the values are that a node writes: its organisation's code, or the node itself; as origins
 * have it. `text` holds AUTHOR_ORGANISATION_SIZE. */
enum { AUTHOR_ORGANISATION_SIZE = 128 };
void author_organisation(const struct charter *charter, const struct ayni_node *node, char *text);

/*
 * The runs of one call of the author, made and sealed but not stored yet. It
 * changes nothing of the author's feeds until author_draft_accept().
 */
struct draft_feed {
    struct author_feed *feed;
    struct ayni_head head; /* after the runs drafted so far */
    struct ayni_instant last_time;
    bool checked, may_write;
};

struct draft_run {
    size_t feed; /* index of the draft_feed */
    struct ayni_head before, after;
    struct ayni_run run;
    struct ayni_hash *chains;
};

struct author_draft {
    /* Given: */
    struct author_feeds *feeds;
    struct reader *reader;
    const struct ayni_signing_key *secret;
    struct ayni_instant now;
    uint8_t lane;
    size_t change_max; /* how many changes and entries will come */
    /* Made: */
    struct draft_feed *touched;
    size_t touched_count;
    struct draft_run *runs;
    size_t run_count, run_capacity;
    struct author_result *results; /* one for each entry, in order */
    size_t count;
    /* Being made: */
    struct ayni_arena memory;
    struct ayni_entry open[AYNI_RUN_ENTRIES_MAX]; /* the run that isn't sealed yet */
    size_t open_count, open_size, open_feed;
    struct record_key *keys; /* of the changes so far */
    size_t *slots;           /* hash table: the newest change of a record, +1 */
    size_t slot_count;
    struct ayni_buffer scratch;
    uint8_t salts[64][16]; /* drawn together, for as many changes as will come */
    size_t salts_left;
    char organisation[AUTHOR_ORGANISATION_SIZE]; /* once a change has needed it */
    bool founding; /* nobody steers, and this call brings the first root statement */
};

/* Start with what is given set and all else zero. */
AYNI_CHECKED enum ayni_status author_draft_begin(struct author_draft *draft);
/* Failures as author_write() has them. */
AYNI_CHECKED enum ayni_status author_draft_add(struct author_draft *draft,
                                               const struct author_change *change);
AYNI_CHECKED enum ayni_status author_draft_add_entry(struct author_draft *draft,
                                                     const struct author_entry *entry);
/* Seal what is open: no more is added. */
AYNI_CHECKED enum ayni_status author_draft_end(struct author_draft *draft);
void author_draft_free(struct author_draft *draft);

/* The feeds now end where the draft ends. */
void author_draft_accept(struct author_draft *draft);

#endif
