#ifndef AYNI_DAEMON_RECORDS_SETTLE_PRIVATE_H
#define AYNI_DAEMON_RECORDS_SETTLE_PRIVATE_H

#include "daemon/records/writing/decision.h"
#include "daemon/records/writing/settle.h"

/* A settlement being made, from one state of the record. */
struct settling {
    struct records *records;
    const struct settle_request *request;
    struct edit_result *result;
    struct complaint *complaint;
    struct reader *reader;
    const struct ayni_catalogue_type *type; /* NULL: one that the catalogue doesn't know */
    struct record_key key;
    struct record_state state;
    struct ayni_field fields[EDIT_CHANGED_MAX];
    size_t field_count;
    struct ayni_buffer values[EDIT_CHANGED_MAX]; /* of `fields`: they outlive the reader */
    struct ayni_entry_name withdraws;
    size_t total;                  /* versions that were read */
    struct decision *decisions;    /* of `fields`, where evidence is given */
    struct author_change *changes; /* the settlement, and what records the decisions */
    size_t change_count;
    uint8_t lane;
};

/* Write what `fields` say, and behind it what records the decisions; the reader ends before. */
AYNI_CHECKED enum ayni_status settle_write(struct settling *settling, uint64_t act);

/* Read, decide and write; once more from the start where somebody wrote in between. */
AYNI_CHECKED enum ayni_status settle_attempt(enum ayni_status (*act)(struct settling *settling),
                                             struct records *records,
                                             const struct settle_request *request,
                                             struct edit_result *result,
                                             struct complaint *complaint);

/* The last resolution that counts; state->count where there is none. */
size_t settle_last_resolution(const struct record_state *state);
/* Whether taking it back would change something: no later edit covers all of it. */
bool settle_shows(const struct record_state *state, size_t item);

#endif
