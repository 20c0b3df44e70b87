#ifndef AYNI_DAEMON_RECORDS_FLAG_H
#define AYNI_DAEMON_RECORDS_FLAG_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/writing/edit.h"

/*
 * Follow-up marks: records of type `data_flag` about another record, one for each
 * record and kind (`outlier`, `rule_failed` ...), which are open until somebody
 * explained or corrected what they are about. docs/quality.md.
 */
enum { FLAG_WORD_SIZE = 41 };
struct flag {
    struct ayni_record record; /* that it is about */
    char kind[FLAG_WORD_SIZE];
    char state[FLAG_WORD_SIZE];           /* open, explained, corrected */
    const struct ayni_fold_item *written; /* its newest version; lent by its state */
};

/* The type; NULL where the catalogue lacks it. */
const struct ayni_catalogue_type *flag_type(const struct charter *charter);
/* What a record of that type says. False of one that is gone or doesn't say it. */
bool flag_read(const struct charter *charter, const struct record_state *state, struct flag *flag);
bool flag_is_open(const struct flag *flag);

/* Those of a record that are held here, in any space; `visit` is lent the flag and its state. */
typedef void flag_visit(void *context, const struct flag *flag, const struct record_state *state);
AYNI_CHECKED enum ayni_status flags_of(struct reader *reader, const struct ayni_record *record,
                                       flag_visit *visit, void *context);

struct flag_request {
    const char *id;    /* of the record, as a person names it */
    const char *space; /* of the record, where several spaces hold it; or NULL */
    const char *kept; /* where the flag is kept; NULL: where there is one of that kind already, else
                         beside the record */
    const char *kind, *state;
    const char *steward;
    bool by_admin;
    const char *reason; /* or NULL */
    bool english;
};
/* Set it, or change its state. As edit_put(); AYNI_E_NOT_FOUND where there is no such record. */
AYNI_CHECKED enum ayni_status flag_set(struct records *records, const struct flag_request *request,
                                       struct edit_result *result, struct complaint *complaint);

#endif
