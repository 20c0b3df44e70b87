#ifndef AYNI_DAEMON_RECORDS_NAMES_H
#define AYNI_DAEMON_RECORDS_NAMES_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "proto/catalogue.h"
#include "proto/natural_key.h"
#include "proto/registry.h"

/*
 * What people mean by the names they write: types, fields, spaces, records. A
 * name that nobody knows is AYNI_E_USAGE, with the nearest known one in the complaint.
 */
AYNI_CHECKED enum ayni_status names_type(const struct charter *charter, const char *name,
                                         const struct ayni_catalogue_type **type,
                                         struct complaint *complaint);
AYNI_CHECKED enum ayni_status names_field(const struct ayni_catalogue_type *type, const char *name,
                                          const struct ayni_catalogue_field **field,
                                          struct complaint *complaint);
AYNI_CHECKED enum ayni_status names_space(const struct charter *charter, const char *name,
                                          struct ayni_space *space, struct complaint *complaint);
/* Of a name that no space, or no member, has: the nearest that one has, else where they are listed.
 */
void names_hint_space(const struct charter *charter, const char *name, struct complaint *complaint);
void names_hint_member(const struct charter *charter, const char *name,
                       struct complaint *complaint);
/* The same for reading in it. AYNI_E_RIGHT: daemon/records/space_access.h. */
AYNI_CHECKED enum ayni_status names_read_space(const struct charter *charter, const char *name,
                                               struct ayni_space *space,
                                               struct complaint *complaint);

/* The name of a space, or the begin of its id where it has none here; `text` holds NAMES_SIZE. */
enum { NAMES_SIZE = 128 };
void names_of_space(const struct charter *charter, const struct ayni_space *space, char *text);
/* The name on a node's card, or its id; and the code of its organisation, or nothing. */
void names_of_node(const struct charter *charter, const struct ayni_node *node, char *text);
void names_of_org(const struct charter *charter, const struct ayni_node *node, char *text);
/* The roles of its organisation, with commas between; false where the node is no member. */
bool names_of_roles(const struct charter *charter, const struct ayni_node *node, char *text);
/* The name of a type or field, or its number where the catalogue doesn't know it. */
void names_of_type(const struct charter *charter, uint32_t type, char *text);
void names_of_field(const struct charter *charter, uint32_t type, uint32_t field, char *text);

/* How values are read under a reader: the keys of its charter, and prefixes of ids that it knows.
 * Lent. */
struct ayni_value_context names_values(struct reader *reader);

/*
 * The record that a person means: a UUID, a unique prefix of 6 or more digits,
 * `dni:99000001` (whoever holds that number here, else who would have its id), a natural key
 * after the name of its type (`facility:renaes:1234`). `type` is NULL for any.
 *
 *   AYNI_E_NOT_FOUND, AYNI_E_USAGE (more than one begins so), AYNI_E_RIGHT (the identity key isn't
 * here)
 */
AYNI_CHECKED enum ayni_status names_record(struct reader *reader, const char *text,
                                           const struct ayni_catalogue_type *type,
                                           struct ayni_record *record, struct complaint *complaint);
/*
 * The same with its type and space, of which there must be one: AYNI_E_USAGE
 * names the spaces otherwise. `space` is a name or NULL. One that was erased is
 * not found, with the code `erased`.
 */
AYNI_CHECKED enum ayni_status names_place(struct reader *reader, const char *text,
                                          const char *space, struct record_key *key,
                                          struct complaint *complaint);
/* All places where it is held, of any number: up to `max` of at least one into `keys`. */
AYNI_CHECKED enum ayni_status names_places(struct reader *reader, const char *text,
                                           const char *space, struct record_key *keys, size_t max,
                                           size_t *count, struct complaint *complaint);
/* The same of one that was erased, for who enters it anew; says nothing. AYNI_E_NOT_FOUND: there
 * isn't exactly one. */
AYNI_CHECKED enum ayni_status names_erased_place(struct reader *reader, const char *text,
                                                 const char *space, struct record_key *key);

#endif
