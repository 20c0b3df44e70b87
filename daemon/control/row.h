#ifndef AYNI_DAEMON_CONTROL_ROW_H
#define AYNI_DAEMON_CONTROL_ROW_H

#include "daemon/control/call.h"
#include "daemon/records/identifier.h"
#include "daemon/records/reader.h"

/* Rows of `list` and `export`: which columns, and a record as an array of their values. */
enum row_column_kind {
    ROW_ID,
    ROW_SPACE,
    ROW_NODE,
    ROW_STEWARD,
    ROW_TIME,
    ROW_CONTESTED,
    ROW_IDENTIFIER, /* of a child or person, by scheme */
    ROW_FIELD,
};

struct row_column {
    enum row_column_kind kind;
    const char *name;
    const struct ayni_catalogue_field *field; /* of ROW_FIELD */
};

enum { ROW_COLUMNS_MAX = 300 };
struct row_columns {
    struct row_column items[ROW_COLUMNS_MAX];
    size_t count;
};

/* Those that `names` says, or all of them. AYNI_E_USAGE for one that nobody knows. */
AYNI_CHECKED enum ayni_status row_columns_of_list(const struct ayni_catalogue_type *type,
                                                  const char *const *names, size_t count,
                                                  struct row_columns *columns,
                                                  struct complaint *complaint);
/* `_id`, the numbers of a child or person, the fields. */
void row_columns_of_export(const struct ayni_catalogue_type *type, struct row_columns *columns);
/* The one of that name. AYNI_E_USAGE where there is none. */
AYNI_CHECKED enum ayni_status row_column_named(const struct ayni_catalogue_type *type,
                                               const char *name, struct row_column *column,
                                               struct complaint *complaint);

/* The names of the columns, an array. */
void row_put_names(struct ayni_control_writer *item, const struct row_columns *columns);
/* The record as an array of their values; `node` is this node, whose own codes are given as `code`.
 */
AYNI_CHECKED enum ayni_status row_put(struct ayni_control_writer *item,
                                      const struct row_columns *columns, struct reader *reader,
                                      const struct ayni_node *node,
                                      const struct record_state *state);

#endif
