#ifndef AYNI_TESTS_SUPPORT_READ_ALL_H
#define AYNI_TESTS_SUPPORT_READ_ALL_H

#include "tests/support/node.h"

/*
 * Ask a node's stores for what they are ever asked for, whatever they answer:
 * for stores whose rows are damaged. Nothing is written that stays. The node
 * has a view. Of a part that would take long only what `which` says is read.
 */
enum read_log_part {
    READ_LOG_FEEDS,     /* entries, runs, seals of each */
    READ_LOG_FOR_PEERS, /* as the sync engine asks */
    READ_LOG_REST,      /* arrivals, forks, what the node keeps of itself */
    READ_LOG_FOLLOWED,  /* verify, and watch */
    READ_LOG_CHARTER,
    READ_LOG_ANEW,    /* into views/ from nothing */
    READ_LOG_GOES_ON, /* and what views/ has left to do */
};
enum { READ_LOG_PARTS = READ_LOG_GOES_ON + 1 };
void read_all_log(struct test_node *node, unsigned part, unsigned which);

enum read_records_part {
    READ_RECORDS_TYPES, /* each record of a type, with its proofs */
    READ_RECORDS_NAMES,
    READ_RECORDS_LISTS, /* problems, conflicts, forks, orders to erase, what is sealed, territories
                         */
    READ_RECORDS_VIEW,
    READ_RECORDS_CHARTER,
    READ_RECORDS_DOUBTS,
};
enum { READ_RECORDS_PARTS = READ_RECORDS_DOUBTS + 1 };
void read_all_records(struct test_node *node, unsigned part, unsigned which);

/*
 * A node that has a little of everything, in memory: test_midis, with what it
 * wrote and test_innova handed it; a record erased, a feed forked, a right ended, a version under a
 * key that isn't there.
 * The same keys in every run, and the same values but for times and what is hashed of them.
 */
void read_all_open(void);
void read_all_close(void);
/* The same for a program that fuzzes: at the first call, up to its end, and quietly. */
void read_all_open_once(void);
/* One of all these parts of that node, while the rows of one of its stores are damaged
 * (tests/support/damage.h). */
struct lmdb;
void read_all_damaged(struct lmdb *lmdb, unsigned part, unsigned which, struct ayni_bytes how);

#endif
