#ifndef AYNI_DAEMON_RECORDS_CHANGE_FEED_H
#define AYNI_DAEMON_RECORDS_CHANGE_FEED_H

#include "daemon/records/records.h"

/*
 * The change feed: versions in the order in which they came to this node, as
 * the arrival journal has them. What came before the key that opens it is told
 * when that key's turn comes, before the key itself; who reads later, with the
 * key at hand, is told of it in both places. A cursor names the last one seen
 * and can be kept: it is good for this log alone.
 */
struct change_cursor {
    uint64_t arrival; /* all before this one were seen */
    uint64_t seq;     /* and of this one all up to here; 0: none */
    /* The next entry is a key: of what it opens, all in arrivals before this one were seen, and of
     * this one all up to there. 0: none. */
    uint64_t late_arrival, late_seq;
};

enum { CHANGE_CURSOR_TEXT_SIZE = 96 };
void change_cursor_text(struct log_store *log, const struct change_cursor *cursor, char *text);
/* "0" is before all. AYNI_E_MALFORMED: no cursor; AYNI_E_VERSION: of another log. */
AYNI_CHECKED enum ayni_status change_cursor_parse(struct log_store *log, const char *text,
                                                  struct change_cursor *cursor);
/* After all that is here now. */
AYNI_CHECKED enum ayni_status change_cursor_now(const struct records *records,
                                                struct change_cursor *cursor);

/* One version that came. Lent for the call. */
struct change {
    struct change_cursor cursor; /* after it */
    struct ayni_instant time;    /* when it came here, or could be read */
    struct record_key key;
    struct ayni_node node;
    const struct ayni_version *version;
};

/*
 * Tell what came after `*cursor` and is in views/ already, up to some thousands at
 * once, moving the cursor on; `tell` returns false to stop. Versions that can't
 * be read are passed over. `*more`: there was more than was told.
 */
AYNI_CHECKED enum ayni_status change_feed_read(
    const struct records *records, struct change_cursor *cursor,
    bool (*tell)(void *context, const struct charter *charter, const struct change *change),
    void *context, bool *more);

#endif
