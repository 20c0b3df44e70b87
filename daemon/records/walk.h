#ifndef AYNI_DAEMON_RECORDS_WALK_H
#define AYNI_DAEMON_RECORDS_WALK_H

#include "daemon/records/reader.h"
#include "daemon/records/tables.h"

/*
 * Keys of records, in order of (space, type, record):
 *
 *   SCOPED_WALK walk;
 *   walk_type(reader, space, type, &walk);
 *   while (walk_next(&walk, &key))
 *       ...
 *   return walk.status;
 */
struct walk {
    struct reader *reader;
    struct views_cursor cursor;
    size_t table;
    struct ayni_space *spaces; /* still to be walked, of walk_type() */
    size_t space_count;
    size_t space_index; /* the one being walked is before it */
    uint32_t type;
    struct ayni_bytes value; /* of walk_type(): the versions of the record that it is at; lent */
    struct record_key after; /* where `resumed` */
    bool resumed;
    uint8_t prefix[16 + COUNT_KEY_SIZE];
    bool open;
    enum ayni_status status; /* the first failure; the end is none */
};

/* All records of a type in `space`, or in all spaces one after the other where it is NULL. Gone
 * ones too. */
void walk_type(struct reader *reader, const struct ayni_space *space, uint32_t type,
               struct walk *walk);
/* Records of which some version names `subject` as its subject; whether it still does, the fold
 * says. */
void walk_subject(struct reader *reader, const struct ayni_record *subject, struct walk *walk);
/* The same, of one type in one space. */
void walk_subject_in(struct reader *reader, const struct ayni_record *subject,
                     const struct ayni_space *space, uint32_t type, struct walk *walk);
/* Go on after `key`, a record of that type: of walk_type() alone, before the first walk_next(). */
void walk_after(struct walk *walk, const struct record_key *key);
bool walk_next(struct walk *walk, struct record_key *key);
void walk_close(struct walk *walk);
#define SCOPED_WALK __attribute__((cleanup(walk_close))) struct walk

#endif
