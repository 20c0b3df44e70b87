#ifndef AYNI_DAEMON_RECORDS_ASSIGN_H
#define AYNI_DAEMON_RECORDS_ASSIGN_H

#include "daemon/records/identifier.h"
#include "daemon/records/writing/edit.h"
#include "proto/reason.h"

/* What FIELD=VALUE texts say: values as they are stored, and identifiers of a child or person. */
struct assigned {
    struct ayni_field fields[EDIT_CHANGED_MAX]; /* by number; they borrow from `values` */
    size_t count;
    struct identifier identifiers[IDENTIFIER_SCHEMES]; /* in the order of use */
    size_t identifier_count;
    struct ayni_buffer values;
};

/*
 * Read the assignments by the type's fields; `own` is this node, whose organisation's code `code=`
 * takes. The answer outlives the reader. Free it in any case.
 *
 *   AYNI_E_USAGE    a field that nobody knows, or one given twice
 *   AYNI_E_INVALID  a value that is none of its kind
 *   AYNI_E_RIGHT    a natural key whose id can't be derived here yet
 */
AYNI_CHECKED enum ayni_status assign_read(struct reader *reader, const struct ayni_node *own,
                                          const struct ayni_catalogue_type *type,
                                          const struct edit_assignment *assignments, size_t count,
                                          struct assigned *assigned, struct complaint *complaint);
void assigned_free(struct assigned *assigned);
#define SCOPED_ASSIGNED __attribute__((cleanup(assigned_free))) struct assigned

/* Say a reason of proto/ as a complaint about a field of a type. Returns `status`. */
enum ayni_status complain_reason(struct complaint *complaint, enum ayni_status status,
                                 const struct ayni_reason *reason, const char *type,
                                 const char *field);

#endif
