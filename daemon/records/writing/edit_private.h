#ifndef AYNI_DAEMON_RECORDS_EDIT_PRIVATE_H
#define AYNI_DAEMON_RECORDS_EDIT_PRIVATE_H

/*
 * What the files of an edit share: edit.c decides and writes, edit_choose.c
 * says which record is meant, edit_identifiers.c makes the records of the
 * identifiers that were given with a child or person.
 */
#include "daemon/records/identifier.h"
#include "daemon/records/writing/assign.h"
#include "daemon/records/writing/edit.h"

enum {
    EDIT_CHANGES_MAX = 1 + IDENTIFIER_SCHEMES,
    EDIT_IDENTIFIER_FIELDS = 4,
};

/* An edit being made, from one state of the record. */
struct edit {
    struct records *records;
    const struct edit_request *request;
    struct edit_result *result;
    struct complaint *complaint;

    struct reader *reader; /* until it is written: nobody writes while she reads */
    const struct ayni_catalogue_type *type;
    struct record_key key;
    struct record_state state; /* all zero where there is nothing */
    bool exists;               /* some version of it counts, though it may stand deleted */
    struct assigned assigned;

    struct ayni_field fields[EDIT_CHANGED_MAX + 1];
    size_t field_count;
    /* Before the others one that takes a deletion back, for a number that stands deleted. */
    struct ayni_field identifier_fields[IDENTIFIER_SCHEMES][1 + EDIT_IDENTIFIER_FIELDS];
    struct ayni_buffer identifier_values[IDENTIFIER_SCHEMES];
    struct author_change changes[EDIT_CHANGES_MAX];
    size_t change_count;
};

/* One more record that the commit changes. `fields` and what they borrow live as long as `edit`. */
void edit_add_change(struct edit *edit, const struct record_key *key,
                     const struct ayni_field *fields, size_t count,
                     const struct record_state *seen);

/*
 * Put edit->key.record: which record the assignments of a put are about. By
 * its identifiers or key where its type has them, else a new one.
 *
 *   AYNI_E_RIGHT  the id is derived and the identity key isn't here yet: complained of
 */
AYNI_CHECKED enum ayni_status edit_choose(struct edit *edit);
AYNI_CHECKED enum ayni_status edit_complain_no_key(struct edit *edit);

/*
 * Add a change for each identifier given that has no record yet. Warn of those
 * that another record holds.
 */
AYNI_CHECKED enum ayni_status edit_add_identifiers(struct edit *edit);

#endif
