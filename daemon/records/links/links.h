#ifndef AYNI_DAEMON_RECORDS_LINKS_H
#define AYNI_DAEMON_RECORDS_LINKS_H

#include "daemon/records/reader.h"

/*
 * What people decided of two children (or persons): link decisions, type 601. Records joined by
 * the verdict `same` are one (daemon/records/links/link_component.h). docs/links.md.
 *
 * All of it is a function of the decisions as they fold here. Kept in views/ is only which
 * decisions name an id (RECORDS_TABLE_LINKS); what they say is asked of the fold, so a limited
 * reader sees what stood at its time.
 */
enum link_verdict { LINK_UNDECIDED, LINK_SAME, LINK_DIFFERENT, LINK_TWINS, LINK_VERDICTS };
/* As the catalogue has them: "undecided", "same", "different", "twins". */
const char *link_verdict_word(enum link_verdict verdict);

/* Numbers of the catalogue, which never change. */
enum { LINK_TYPE = 601 };
enum { LINK_FIELD_A = 1, LINK_FIELD_B, LINK_FIELD_VERDICT, LINK_FIELD_REASON, LINK_FIELD_KEEP };

/*
 * What counts of a pair: of several spaces' decisions the one whose verdict was written last, by
 * (time, chain hash). A contested one counts by its shown value.
 */
struct link {
    struct ayni_record a, b; /* the lower first */
    enum link_verdict verdict;
    bool contested; /* its verdict has several values that survive */
    bool has_keep;  /* `keep` is one of the two: whose id goes on */
    struct ayni_record keep;
    struct record_key decision; /* the record */
    struct ayni_instant time;
    struct ayni_hash chain; /* of the version that set the verdict */
};
/* The other one of the two. */
const struct ayni_record *link_other(const struct link *link, const struct ayni_record *record);

/* The decision on a pair, in either order. AYNI_E_NOT_FOUND: nobody took one. */
AYNI_CHECKED enum ayni_status links_verdict(struct reader *reader, const struct ayni_record *one,
                                            const struct ayni_record *other, struct link *link);

/* All decisions that name the record, one for each pair, by the id of the other. */
struct link_list {
    struct link *items;
    size_t count;
    size_t looked_at; /* decision records that were folded for it */
};
AYNI_CHECKED enum ayni_status links_of(struct reader *reader, const struct ayni_record *record,
                                       struct link_list *list);
void link_list_free(struct link_list *list); /* all zero again */
#define SCOPED_LINKS __attribute__((cleanup(link_list_free))) struct link_list

/* The keys of all decision records that name the record, gone ones too: appended to `keys` as
 * struct record_key, ascending. */
AYNI_CHECKED enum ayni_status
links_decisions(struct reader *reader, const struct ayni_record *record, struct ayni_buffer *keys);
/* Likewise of those that name both. */
AYNI_CHECKED enum ayni_status links_decisions_on(struct reader *reader,
                                                 const struct ayni_record *one,
                                                 const struct ayni_record *other,
                                                 struct ayni_buffer *keys);

#endif
