#ifndef AYNI_TESTS_SUPPORT_NODE_H
#define AYNI_TESTS_SUPPORT_NODE_H

#include "daemon/records/writing/edit.h"
#include "daemon/view/view.h"
#include "proto/arena.h"
#include "proto/catalogue_row.h"
#include "proto/registry.h"
#include "tests/support/federation.h"
#include "tests/support/folder.h"
#include "tests/support/suite.h"

/*
 * A node in this process: log, views, projector and author in a folder of its
 * own, without sockets. Nodes are made of the fixed keys of test_keys();
 * whatever can't fail in a test aborts it. Made in checked fixtures: LMDB may not
 * cross a fork.
 *
 *   test_node_open(&midis, 1);
 *   test_node_found(&midis);
 *   test_node_open(&ngo, 2);
 *   test_node_join(&ngo, &midis, "innova");
 *   space = test_node_space(&midis, "visits", AYNI_CLASS_SENSITIVE);
 *   test_node_grant(&midis, &space, &ngo, AYNI_RIGHT_WRITER);
 *   test_node_exchange(&midis, &ngo);
 */
struct test_node {
    struct test_folder folder;
    struct test_keys keys;
    uint8_t number;
    struct log_store *log;
    struct log_writer *writer;
    struct views *views;
    struct records records;
    struct projection_hook hooks[4]; /* set before test_node_open(), or by the opener */
    size_t hook_count;
    const char *const *tables; /* of hooks, after those of records; likewise */
    size_t table_count;
    bool has_view; /* the national view follows the records; without hooks and tables of others */
    struct view *view;
    bool in_federation;
    uint64_t
        map_size;  /* of both stores at the start; small where it isn't set, so that they grow */
    bool is_small; /* set before test_node_found(): a few rows of the catalogue */
    struct ayni_arena memory; /* of values made for it */
};

/* Fails the test, saying what, where the status is no AYNI_OK. */
void test_must(enum ayni_status status, const char *what);

/* All but hooks and tables is filled in. Opens in a new folder. */
void test_node_open(struct test_node *node, uint8_t number);
/* The same in a folder that is there, of a node that was in the federation. */
void test_node_open_in(struct test_node *node, uint8_t number, const struct test_folder *folder);
/* Stop and start again; views/ deleted in between where `without_views`. */
void test_node_reopen(struct test_node *node, bool without_views);
void test_node_close(struct test_node *node);

/*
 * Found the federation of test_root(): `node` steers it. Its catalogue is a few
 * types of the first edition, with the same numbers: child, identifier, person,
 * guardian_link, growth, hb_test, facility, organisation. A small node's has the
 * required fields of child, identifier and organisation, and no rules.
 */
void test_node_found(struct test_node *node);
/* `steering` admits `node`, of an organisation with that code, and hands it the registry. */
void test_node_join(struct test_node *node, struct test_node *steering, const char *organisation);

/* Declare an indicator, `all`: children of any age. */
void test_node_indicator(struct test_node *node);

/* A new space of `owner`, and a grant by it. */
struct ayni_space test_node_space(struct test_node *owner, const char *name, enum ayni_class class);
struct ayni_record test_node_grant(struct test_node *owner, const struct ayni_space *space,
                                   const struct test_node *node, enum ayni_right right);

/* The record of the ending. */
struct ayni_record test_node_ungrant(struct test_node *owner, const struct ayni_record *grant);

/* Hand over all that `to` lacks, both ways, and wait for the views. */
void test_node_exchange(struct test_node *a, struct test_node *b);
/* One way; up to `runs_max` runs of each feed, feeds from the last to the first where `backwards`.
 */
void test_node_hand(struct test_node *from, struct test_node *to, size_t runs_max, bool backwards);
/* `to` goes on where `from` wrote in the space that it wrote in last, as a copied home would. */
void test_node_clone_author(struct test_node *from, struct test_node *to);
/* It hears that a copy of its home has gone on in each of its feeds, and so leaves them. */
void test_node_renew(struct test_node *node);
/* Until views/ has all. */
void test_node_settle(struct test_node *node);
/* Until the clock has moved on: of two values the one that is written after this is the later. */
void test_later(void);

/* One record of the registry, in one version. Fields end with number 0. */
struct test_field {
    uint32_t number;
    struct ayni_bytes value; /* CBOR */
};
void test_node_register(struct test_node *node, uint32_t type, const struct ayni_record *record,
                        const struct test_field *fields);

/* One row of the catalogue, likewise. */
void test_node_declare(struct test_node *node, const struct ayni_catalogue_row *row);

/* Values as CBOR, until the node is closed. */
struct ayni_bytes test_bytes_value(struct test_node *node, const void *bytes, size_t size);
struct ayni_bytes test_text_value(struct test_node *node, const char *text);
struct ayni_bytes test_uint_value(struct test_node *node, uint64_t value);
struct ayni_bytes test_bool_value(struct test_node *node, bool value);
#define test_id_value(node, id) test_bytes_value(node, (id)->bytes, sizeof((id)->bytes))

/* Put and set as people do: "FIELD=VALUE" texts, ended by NULL. Abort where that is refused. */
struct record_key test_put(struct test_node *node, const char *space, const char *type, ...)
    __attribute__((sentinel));
void test_set(struct test_node *node, const struct record_key *key, ...) __attribute__((sentinel));

/*
 * Everything that views/ answers about records, as text that is equal where the
 * answers are: of all records values, alternatives, conflicts, problems, subjects, counts.
 */
void test_node_answers(struct test_node *node, struct ayni_buffer *text);

#endif
