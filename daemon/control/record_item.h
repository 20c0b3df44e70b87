#ifndef AYNI_DAEMON_CONTROL_RECORD_ITEM_H
#define AYNI_DAEMON_CONTROL_RECORD_ITEM_H

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "proto/catalogue.h"
#include "proto/control.h"

/* Records as items of an answer: docs/protocol.md, section 8.2. */

/*
 * A stored value, typed by its field's kind. What the catalogue doesn't know
 * (`field` NULL), or what isn't of its kind, is raw bytes.
 */
void record_item_value(struct ayni_control_writer *item, const char *key,
                       const struct ayni_catalogue_field *field, struct ayni_bytes cbor);
/* The object "fields" of what is shown; fields without a value are left out. */
void record_item_fields(struct ayni_control_writer *item, const struct charter *charter,
                        const struct record_state *state);
/* The object "fields" of what one version sets. */
void record_item_version_fields(struct ayni_control_writer *item, const struct charter *charter,
                                const struct ayni_version *version);
/*
 * An object under `key`: for each field that is contested its alternatives, numbered
 * from 1, with who says so and, `with_seen`, what each had seen.
 */
void record_item_contested(struct ayni_control_writer *item, const char *key,
                           const struct charter *charter, const struct record_state *state,
                           bool with_seen);
/* An array under `key` of the alternatives of one field, likewise. */
void record_item_alternatives(struct ayni_control_writer *item, const char *key,
                              const struct charter *charter, const struct record_state *state,
                              const struct ayni_folded_field *field, bool with_seen);
/* Who wrote a version and when; where they aren't a person's own, out of which source its values
 * came; and whether it settled a conflict. */
void record_item_said(struct ayni_control_writer *item, const struct charter *charter,
                      const struct ayni_fold_item *said);
/* The name of a merge rule, as `ayni types` says it; `text` holds RECORD_ITEM_RULE_SIZE. */
enum { RECORD_ITEM_RULE_SIZE = 64 };
void record_item_rule_text(const struct ayni_merge_rule *rule, char *text);
/* The array under `key` of the names of what a version had seen. */
void record_item_seen(struct ayni_control_writer *item, const char *key,
                      const struct ayni_fold_item *version);

/* The name of a version, "FEED:SEQ"; `text` holds RECORD_ITEM_ENTRY_SIZE. */
enum { RECORD_ITEM_ENTRY_SIZE = 64 };
void record_item_entry_text(const struct ayni_feed_prefix *feed, uint64_t seq, char *text);

/* "id", "type" and, if `space`, "space". */
void record_item_key(struct ayni_control_writer *item, const struct charter *charter,
                     const struct record_key *key, bool space);
/* An array under `key` of the names of fields, by number; 0 is `_deleted`. */
void record_item_field_names(struct ayni_control_writer *item, const char *key,
                             const struct charter *charter, uint32_t type, const uint32_t *fields,
                             size_t count);

#endif
