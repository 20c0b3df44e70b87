#ifndef AYNI_DAEMON_RECORDS_IMPORT_NEIGHBOURS_H
#define AYNI_DAEMON_RECORDS_IMPORT_NEIGHBOURS_H

#include "daemon/records/import/import_row.h"
#include "daemon/records/rules/neighbours.h"

/*
 * The other records of a subject as the rules of a row see them: those that are held, with what
 * earlier rows of the file have said over them, and those of the row itself.
 */

/* Of what earlier rows have written, by whom it is about. All zero is an empty one. */
struct import_subjects {
    struct import_subject *slots; /* hash table, open addressing; a power of two */
    size_t slot_count, count;
    size_t size; /* bytes that it takes, about */
    struct ayni_arena memory;
};
void import_subjects_free(struct import_subjects *subjects); /* all zero again */
/* What a row writes of a record, as the overlay now has it, which outlives this. AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status import_subjects_note(struct import_subjects *subjects,
                                                   const struct import_draft *draft,
                                                   const struct overlay_entry *entry);

enum { IMPORT_JOINED_MAX = 4 };
struct import_company {
    struct neighbour_cache *held;
    const struct import_subjects *subjects;
    const struct import_draft *drafts; /* of the row */
    size_t draft_count;
    const struct import_draft *itself; /* the one of them that is checked */
    struct ayni_arena *memory;
    struct import_joined { /* what was asked for: rules of one record ask the same again */
        const char *type;
        struct ayni_record subject;
        const struct neighbours *all;
    } joined[IMPORT_JOINED_MAX];
    size_t joined_count;
};
/* NULL where nothing can be said; lent as long as the memory, and as neighbour_cache_get() says. */
const struct neighbours *import_neighbours(struct import_company *company, const char *type,
                                           const struct ayni_record *subject);

#endif
