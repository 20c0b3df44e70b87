#ifndef AYNI_DAEMON_RECORDS_SPLIT_PRIVATE_H
#define AYNI_DAEMON_RECORDS_SPLIT_PRIVATE_H

/*
 * What the files of a split share: split.c says who is meant and writes, split_child.c parts the
 * child, split_records.c what is about it or names it; split_draft.c gathers the changes.
 */
#include "daemon/records/links/split.h"
#include "daemon/records/writing/attempts.h"

enum { SPLIT_PLACES_MAX = 16 };
/* How the reasons of what a split writes begin, before the id of the other one: by them it is found
 * again. docs/links.md. */
#define SPLIT_INTO "split into "
#define SPLIT_FROM "split from "

/* A split being planned, from one state of the records. */
struct split {
    struct records *records;
    const struct split_request *request;
    struct split_result *result;
    struct complaint *complaint;
    struct reader *reader; /* until it is written */
    struct ayni_node nodes[SPLIT_NODES_MAX];
    struct record_key places[SPLIT_PLACES_MAX]; /* of the old one */
    size_t place_count;
    const struct ayni_catalogue_type *type;
    bool has_space;
    struct ayni_space space; /* of the request */
    bool made;               /* the new one is written in some space */
    bool others;             /* somebody else wrote of the old one, too */
    const char *into, *from; /* reasons, for both sides; in `memory` */
    struct ayni_arena memory;
    struct ayni_buffer changes; /* struct author_change; they borrow from `memory` */
};

/* The versions that say something of one record, by who wrote them. They borrow from the state. */
struct split_part {
    struct ayni_fold_item *own, *others; /* in the split's memory */
    size_t own_count, other_count;
};
AYNI_CHECKED enum ayni_status split_part_of(struct split *split, const struct record_state *state,
                                            struct split_part *part);
bool split_is_own(const struct split *split, const struct ayni_node *node);
void split_add_field(struct split_fields *fields, uint32_t number);

/* Fields of a change, being gathered by number; the values are copied. */
struct split_draft {
    struct ayni_field *fields;
    size_t count, room;
};
void split_draft_begin(struct split *split, struct split_draft *draft, size_t room);
void split_draft_put(struct split *split, struct split_draft *draft, uint32_t number,
                     struct ayni_bytes value);
/* The value of a field that names a record. */
struct ayni_bytes split_value_of(struct split *split, const struct ayni_record *record);
/* A version of a record that is there: a resolution. `total`: of its versions that were read. */
void split_add_change(struct split *split, const struct record_key *key,
                      const struct split_draft *draft, size_t total);
/* The first version of a new one. */
void split_add_new(struct split *split, const struct record_key *key,
                   const struct split_draft *draft);
/* Deletes one that is there. */
void split_add_deletion(struct split *split, const struct record_key *key, size_t total);

/* --- split_child.c --- */

AYNI_CHECKED enum ayni_status split_child(struct split *split);
/* Where those nodes wrote nothing of the child itself, but of what is about it. */
AYNI_CHECKED enum ayni_status split_child_from_old(struct split *split);

/* --- split_records.c --- */

AYNI_CHECKED enum ayni_status split_about(struct split *split);
AYNI_CHECKED enum ayni_status split_references(struct split *split);
/* Whether records of a type may name one of another otherwise than as their subject. */
bool split_may_name(const struct ayni_catalogue_type *named,
                    const struct ayni_catalogue_type *type);

/* Whether the reason begins so, and goes on with the id of a record. */
bool split_reason_names(struct ayni_bytes reason, const char *begin, struct ayni_record *record);
/* Whether this node, and she who asks, may write all of these `struct author_change`. */
AYNI_CHECKED enum ayni_status split_check_rights(struct reader *reader,
                                                 const struct ayni_buffer *changes, bool by_admin,
                                                 struct complaint *complaint);

#endif
