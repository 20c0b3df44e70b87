#ifndef AYNI_CLI_REJECTS_H
#define AYNI_CLI_REJECTS_H

#include "cli/csv.h"

/*
 * Rows that an import didn't take, and why: gathered while it runs, then
 * written as a CSV file with the columns of the source and four of our own.
 */
enum { REJECT_COLUMNS = 4 };
extern const char *const reject_columns[REJECT_COLUMNS]; /* line column reason message */

struct reject {
    uint64_t line;
    char *column;  /* may be empty; owned */
    char *reason;  /* a word for machines: bad_date ...; owned */
    char *message; /* translated; owned */
};

/* All zero is none yet. */
struct rejects {
    struct reject *list;
    size_t count, capacity;
    size_t warning_count; /* printed as they came, the first few */
};

/* One item of the answer: [line, column or null, code, text, args, warning]. A warning is printed
 * and not kept. */
AYNI_CHECKED enum ayni_status rejects_take(struct rejects *rejects,
                                           const struct ayni_control_value *item,
                                           struct failure *failure);
void rejects_free(struct rejects *rejects);
#define SCOPED_REJECTS __attribute__((cleanup(rejects_free))) struct rejects

/* The first `columns` of `source`: its header, and each row that was rejected. */
AYNI_CHECKED enum ayni_status rejects_write(struct rejects *rejects, struct csv_file *source,
                                            size_t columns, FILE *to, struct failure *failure);
/* The first few, on standard error. */
void rejects_print(const struct rejects *rejects);

#endif
