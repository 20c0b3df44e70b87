#ifndef AYNI_DAEMON_RECORDS_REFERENCE_TEXT_H
#define AYNI_DAEMON_RECORDS_REFERENCE_TEXT_H

#include "daemon/records/reader.h"

/*
 * A reference table that is kept as a text, in records of type reference_table:
 * docs/reference-tables.md. The text is lines of cells, commas between cells and a line feed
 * between lines; each record has some whole lines of it, and the hash of the whole.
 */
enum {
    REFERENCE_TEXT_MAX = 8 * 1024 * 1024,
    REFERENCE_PART_MAX = 16 * 1024, /* so a part fits a small batch on a slow line */
    REFERENCE_NAME_SIZE = 41,
    REFERENCE_EDITION_SIZE = 21,
};

/*
 * A line more.
 *
 *   AYNI_E_INVALID  a cell with a comma, a quote or the end of a line in it
 *   AYNI_E_LIMIT    the text would be larger than REFERENCE_TEXT_MAX
 */
AYNI_CHECKED enum ayni_status reference_text_add(struct ayni_buffer *text,
                                                 const struct ayni_bytes *cells, size_t count);
/* The lines that go into the next part, taken off the front of `rest`. */
struct ayni_bytes reference_text_part(struct ayni_bytes *rest);

/* An edition of a table, as it is held. */
struct reference_edition {
    char name[REFERENCE_NAME_SIZE];
    char edition[REFERENCE_EDITION_SIZE];
    bool whole;               /* all parts are there and fit the hash */
    uint64_t lines;           /* of the parts that are there, without the first */
    struct ayni_node node;    /* who wrote the newest part */
    struct ayni_instant time; /* when */
};

/*
 * The editions that are held, whole or not, by name and then by edition, the last first. Free
 * `*editions` with free().
 */
AYNI_CHECKED enum ayni_status
reference_text_list(struct reader *reader, struct reference_edition **editions, size_t *count);
/*
 * The text of the table's last edition (by the order of its name's bytes) that is whole.
 *
 *   AYNI_E_NOT_FOUND  there is none
 */
AYNI_CHECKED enum ayni_status reference_text_load(struct reader *reader, const char *name,
                                                  struct ayni_buffer *text);

#endif
