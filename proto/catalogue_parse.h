#ifndef AYNI_PROTO_CATALOGUE_PARSE_H
#define AYNI_PROTO_CATALOGUE_PARSE_H

#include "proto/catalogue.h"

/*
 * What the texts of the catalogue's rows mean. Each refuses with
 * AYNI_E_INVALID what is not of its form, so a row can be judged before it is kept.
 */

/* "review", "latest", "max", "min", "union", "authority:ROLE"; empty is review. The role borrows
 * from `text`. */
AYNI_CHECKED enum ayni_status ayni_merge_rule_parse(struct ayni_bytes text,
                                                    struct ayni_merge_rule *rule);
/* The way back; `text` holds AYNI_MERGE_TEXT_SIZE, and a longer role is cut. */
enum { AYNI_MERGE_TEXT_SIZE = 64 };
void ayni_merge_rule_text(const struct ayni_merge_rule *rule, char *text);
/* "" , "2,3" or "@identifier", into `type`. */
AYNI_CHECKED enum ayni_status ayni_catalogue_key_parse(struct ayni_bytes text,
                                                       struct ayni_catalogue_type *type);
/* "reject" or "warn". */
AYNI_CHECKED enum ayni_status ayni_level_parse(struct ayni_bytes text, enum ayni_level *level);
/* The number of the first field of the row's record that is none of its kind (docs/protocol.md,
 * section 7.1); 0 where the row is one: all of the above, kinds, classes, patterns and ranges. */
uint32_t ayni_catalogue_row_wrong(const struct ayni_catalogue_row *row);
/* Whether it is one at all. */
AYNI_CHECKED enum ayni_status ayni_catalogue_row_validate(const struct ayni_catalogue_row *row);

#endif
