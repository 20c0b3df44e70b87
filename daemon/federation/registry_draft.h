#ifndef AYNI_DAEMON_FEDERATION_REGISTRY_DRAFT_H
#define AYNI_DAEMON_FEDERATION_REGISTRY_DRAFT_H

#include "daemon/records/writing/author.h"
#include "proto/registry_records.h"

/*
 * Records of the registry being written: a few lines for each, then all of
 * them in one go, all or none.
 *
 *   SCOPED_REGISTRY_DRAFT draft = { 0 };
 *   registry_draft_record(&draft, AYNI_TYPE_GRANT, &record);
 *   registry_draft_bytes(&draft, AYNI_FIELD_GRANT_SPACE, space.bytes, 16);
 *   registry_draft_text(&draft, AYNI_FIELD_GRANT_RIGHT, "writer");
 *   status = registry_draft_write(&draft, author, &registry_space, steward, lane);
 *
 * Fields are given in ascending order. Memory that runs out is told by registry_draft_write().
 */
enum { WRAPPED_KEY_SIZE = 32 };
struct registry_draft {
    struct registry_draft_item {
        uint32_t type;
        struct ayni_record record;
        size_t first_field, field_count;
        size_t expected; /* versions that were read of it; 0 where that isn't asked */
    } * items;
    struct registry_draft_field {
        uint32_t number;
        size_t offset, size; /* in `values` */
    } * fields;
    size_t item_count, item_room, field_count, field_room;
    struct ayni_buffer values;
    bool failed;
};

void registry_draft_free(struct registry_draft *draft);
#define SCOPED_REGISTRY_DRAFT __attribute__((cleanup(registry_draft_free))) struct registry_draft

void registry_draft_record(struct registry_draft *draft, uint32_t type,
                           const struct ayni_record *record);
/* Of the last record: it must still have so many versions here, else AYNI_E_CHANGED. */
void registry_draft_expect(struct registry_draft *draft, size_t versions);
void registry_draft_bytes(struct registry_draft *draft, uint32_t field, struct ayni_bytes value);
void registry_draft_text(struct registry_draft *draft, uint32_t field, struct ayni_bytes value);
void registry_draft_word(struct registry_draft *draft, uint32_t field, const char *value);
void registry_draft_uint(struct registry_draft *draft, uint32_t field, uint64_t value);
void registry_draft_bool(struct registry_draft *draft, uint32_t field, bool value);
void registry_draft_set(struct registry_draft *draft, uint32_t field, const char *const *words,
                        size_t count); /* sorted */
/* A value as CBOR. */
void registry_draft_value(struct registry_draft *draft, uint32_t field, struct ayni_bytes value);
#define registry_draft_id(draft, field, id)                                                        \
    registry_draft_bytes(draft, field, (struct ayni_bytes){ (id)->bytes, sizeof((id)->bytes) })

/*
 * The record that hands the identity key to `node`, in a box that it alone can
 * open. Failures are those of ayni_sealed_box_make().
 */
AYNI_CHECKED enum ayni_status registry_draft_identity_key(struct registry_draft *draft,
                                                          const struct ayni_node *root,
                                                          const struct ayni_node *node,
                                                          const uint8_t key[WRAPPED_KEY_SIZE]);

/* The same of the key of an epoch of a confidential space. */
AYNI_CHECKED enum ayni_status
registry_draft_space_key(struct registry_draft *draft, const struct ayni_node *root,
                         const struct ayni_space *space, const uint8_t epoch[16],
                         const struct ayni_node *node, const uint8_t key[WRAPPED_KEY_SIZE]);

/* Write all of it in `space`. Failures are those of author_write(). */
AYNI_CHECKED enum ayni_status registry_draft_write(const struct registry_draft *draft,
                                                   struct author *author,
                                                   const struct ayni_space *space,
                                                   const char *steward, const char *reason,
                                                   uint8_t lane);

#endif
