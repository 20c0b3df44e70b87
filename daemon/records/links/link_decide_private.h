#ifndef AYNI_DAEMON_RECORDS_LINK_DECIDE_PRIVATE_H
#define AYNI_DAEMON_RECORDS_LINK_DECIDE_PRIVATE_H

/*
 * What the files of a decision share: link_decide.c says whom it is about and writes it,
 * link_decide_where.c chooses the spaces.
 */
#include "daemon/records/links/link_decide.h"

/* One of the two, wherever it is held. */
struct party {
    const char *text;
    struct record_key places[LINK_SPACES_MAX];
    size_t count;
};

/* A decision being taken. */
struct deciding {
    struct records *records;
    const struct link_request *request;
    struct link_result *result;
    struct complaint *complaint;
    struct reader *reader; /* until it is written: nobody writes while she reads */
    struct party parties[2];
    struct ayni_space spaces[LINK_SPACES_MAX]; /* where it is to be written */
    size_t space_count;
    bool stands; /* somebody has decided on them; */
    struct link before;
    char a[AYNI_RECORD_TEXT_SIZE], b[AYNI_RECORD_TEXT_SIZE], keep[AYNI_RECORD_TEXT_SIZE];
};

static inline const struct ayni_record *party_record(const struct party *party)
{
    return &party->places[0].record;
}

/*
 * Read what stands on the two, and choose where it is to be written: `spaces`, at least one.
 * Complained of: nothing that could be taken back, a space that nobody knows or that holds neither.
 */
AYNI_CHECKED enum ayni_status link_decide_where(struct deciding *deciding);

#endif
