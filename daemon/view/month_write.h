#ifndef AYNI_DAEMON_VIEW_MONTH_WRITE_H
#define AYNI_DAEMON_VIEW_MONTH_WRITE_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/records.h"
#include "daemon/records/writing/author.h"

/*
 * Writing an act or an approval: what the writer saw goes with it, and nobody's version that came
 * meanwhile is overwritten unseen.
 */
struct month_writer {
    const char *steward;
    const char *reason; /* or NULL */
    bool english;       /* rules of the catalogue speak English, else Spanish */
};

/* What is to be written of one record, made from one state of it. All zero is an empty one. */
struct month_change {
    struct record_key key;
    struct record_state state;    /* as it folds now; all zero where there is nothing */
    bool exists;                  /* some version of it counts */
    struct ayni_field fields[16]; /* ascending; they borrow from `values` */
    size_t field_count;
    struct ayni_buffer values[16];
    struct ayni_buffer meta; /* pairs of meta numbers above 7 */
    size_t meta_count;
};
void month_change_free(struct month_change *change); /* all zero again */
#define SCOPED_MONTH_CHANGE __attribute__((cleanup(month_change_free))) struct month_change

/* Its state, as the reader shows it; `key` is set. */
AYNI_CHECKED enum ayni_status month_change_begin(struct month_change *change,
                                                 struct reader *reader);
/* Room for the value of one more field, in ascending order of numbers. */
struct ayni_buffer *month_change_field(struct month_change *change, uint32_t number);

/* What one attempt reads and decides; it leaves no field where there is nothing to write. */
typedef enum ayni_status month_decide(void *context, struct reader *reader,
                                      struct month_change *change, struct complaint *complaint);
/*
 * Decide under a reader, check by the catalogue's rules and write; again from the start where
 * somebody wrote in between. `*written` says whether there was anything. Failures are those of
 * `decide`, edit_check() and author_write(), in words.
 */
AYNI_CHECKED enum ayni_status month_write(struct records *records,
                                          const struct month_writer *writer, month_decide *decide,
                                          void *context, bool *written, struct complaints *warnings,
                                          struct complaint *complaint);

#endif
