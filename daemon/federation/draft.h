#ifndef AYNI_DAEMON_FEDERATION_DRAFT_H
#define AYNI_DAEMON_FEDERATION_DRAFT_H

#include "daemon/records/author.h"
#include "proto/registry_records.h"

/*
 * Records of the registry being written: a few lines for each, then all of
 * them in one go, all or none.
 *
 *   SCOPED_DRAFT draft = { 0 };
 *   draft_record(&draft, AYNI_TYPE_GRANT, &record);
 *   draft_bytes(&draft, AYNI_FIELD_GRANT_SPACE, space.bytes, 16);
 *   draft_text(&draft, AYNI_FIELD_GRANT_RIGHT, "writer");
 *   status = draft_write(&draft, author, &registry_space, steward, lane);
 *
 * Fields are given in ascending order. Memory that runs out is told by draft_write().
 */
struct draft {
    struct draft_item {
        uint32_t type;
        struct ayni_record record;
        size_t first_field, field_count;
    } * items;
    struct draft_field {
        uint32_t number;
        size_t offset, size; /* in `values` */
    } * fields;
    size_t item_count, item_room, field_count, field_room;
    struct ayni_buffer values;
    bool failed;
};

void draft_free(struct draft *draft);
#define SCOPED_DRAFT __attribute__((cleanup(draft_free))) struct draft

void draft_record(struct draft *draft, uint32_t type, const struct ayni_record *record);
void draft_bytes(struct draft *draft, uint32_t field, struct ayni_bytes value);
void draft_text(struct draft *draft, uint32_t field, struct ayni_bytes value);
void draft_word(struct draft *draft, uint32_t field, const char *value);
void draft_uint(struct draft *draft, uint32_t field, uint64_t value);
void draft_bool(struct draft *draft, uint32_t field, bool value);
void draft_set(struct draft *draft, uint32_t field, const char *const *words,
               size_t count); /* sorted */
/* A value as CBOR. */
void draft_value(struct draft *draft, uint32_t field, struct ayni_bytes value);
#define draft_id(draft, field, id)                                                                 \
    draft_bytes(draft, field, (struct ayni_bytes){ (id)->bytes, sizeof((id)->bytes) })

/* Write all of it in `space`. Failures are those of author_write(). */
AYNI_CHECKED enum ayni_status draft_write(const struct draft *draft, struct author *author,
                                          const struct ayni_space *space, const char *steward,
                                          const char *reason, uint8_t lane);

#endif
