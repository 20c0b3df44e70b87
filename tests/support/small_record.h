#ifndef AYNI_TESTS_SUPPORT_SMALL_RECORD_H
#define AYNI_TESTS_SUPPORT_SMALL_RECORD_H

#include "proto/fold.h"
#include "tests/support/suite.h"

/*
 * A small record made by hand, for tests of the fold's rules one by one. A
 * feed is a letter; its chain hash at a seq begins with the letter and the
 * seq. Versions are written one after the other, a millisecond apart.
 */
enum { SMALL_ITEMS_MAX = 8 };

struct small_record {
    struct ayni_fold_item items[SMALL_ITEMS_MAX];
    struct ayni_version versions[SMALL_ITEMS_MAX];
    struct ayni_field fields[SMALL_ITEMS_MAX][4];
    struct ayni_seen contexts[SMALL_ITEMS_MAX][4];
    size_t count;
    uint64_t tail;                   /* what is held of each feed: 100 */
    struct ayni_merge_rule rules[8]; /* by field: review */
    struct ayni_folded folded;       /* by small_fold() */
};

extern struct small_record small;
extern const struct ayni_fold_chains small_chains;
ayni_fold_rule small_rule;

/* A checked fixture: an empty record. */
void small_setup(void);
void small_teardown(void);

#define ONE TEST_BYTES("\x01")
#define TWO TEST_BYTES("\x02")
#define THREE TEST_BYTES("\x03")
#define NONE TEST_BYTES("\xf6")
#define YES TEST_BYTES("\xf5")

/* A manual edit by `feed` at `seq`, valid, with an empty context, that sets nothing yet. */
struct ayni_version *small_add(char feed, uint64_t seq);
void small_set(struct ayni_version *version, uint32_t number, struct ayni_bytes value);
void small_see(struct ayni_version *version, char feed, uint64_t seq);
void small_come_from(struct ayni_version *version, const char *organisation, const char *name);
/* Makes `version` a withdrawal of an item. */
void small_withdraw(struct ayni_version *version, size_t item);
/* What chain hashes at `seq` of `feed` begin with. */
void small_chain(char feed, uint64_t seq, uint8_t *chain);

void small_fold(void);
/* Must be there. */
const struct ayni_folded_field *small_field(uint32_t number);
/* One alternative; two that wait for a steward; or what a rule made of several. */
void small_assert_settled(uint32_t number, struct ayni_bytes value);
void small_assert_contested(uint32_t number, struct ayni_bytes first, struct ayni_bytes second);
void small_assert_merged(uint32_t number, struct ayni_bytes shown);

#endif
