#ifndef AYNI_TESTS_SUPPORT_SIM_TALLY_H
#define AYNI_TESTS_SUPPORT_SIM_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What came about in a simulation, and how often: what nodes did, and each
 * thing that can go wrong. Of the latter all must occur somewhere in a long
 * series of seeds, or the simulator has ceased to try something.
 */
enum sim_count {
    /* what is done */
    SIM_COUNT_WRITES,
    SIM_COUNT_MESSAGES,
    SIM_COUNT_BYTES,
    SIM_COUNT_ENTRIES_SENT,
    SIM_COUNT_ENTRIES_STORED,
    SIM_COUNT_RIDERS, /* entries that came in a note */
    SIM_COUNT_VERIFIED,
    SIM_COUNT_REMEMBERED,
    SIM_COUNT_CHECKS,
    SIM_COUNT_RANGES,
    SIM_COUNT_STALLS,
    SIM_COUNT_REFILLS,
    /* the ground */
    SIM_COUNT_TREE, /* in the order of enum sim_topology */
    SIM_COUNT_HUB,
    SIM_COUNT_RANDOM,
    SIM_COUNT_CONTINENTS,
    SIM_COUNT_RING,
    SIM_COUNT_METERED,
    SIM_COUNT_SLOW_LINES, /* 200 ms and more */
    SIM_COUNT_PRELOADED,  /* nodes that began with a registry */
    /* lines */
    SIM_COUNT_LOST,
    SIM_COUNT_DUPLICATED,
    SIM_COUNT_REORDERED,
    SIM_COUNT_STRAGGLERS,
    SIM_COUNT_CUTS,
    SIM_COUNT_PARTITIONS,
    SIM_COUNT_PARTED_A_DAY,
    SIM_COUNT_VISITS,
    /* nodes */
    SIM_COUNT_RESTARTS,
    SIM_COUNT_STORES_LOST,
    SIM_COUNT_FULL_DISKS,
    SIM_COUNT_CLOCKS_OFF,
    SIM_COUNT_CLOCKS_SET_BACK,
    SIM_COUNT_LOSSES,
    SIM_COUNT_ERASURES, /* orders */
    SIM_COUNT_ERASED,   /* payloads that went because of them */
    SIM_COUNT_RESTORED,
    SIM_COUNT_ROLLED_BACK,
    SIM_COUNT_COPIES,
    SIM_COUNT_STEERING_BACK,   /* it was restored or rolled back */
    SIM_COUNT_STEERING_COPIES, /* runs that steering writes in two places */
    /* the registry */
    SIM_COUNT_LATE_GRANTS,
    SIM_COUNT_RIGHTS_UNKNOWN, /* runs refused for a right that isn't known yet */
    SIM_COUNT_REVOKED,
    /* other versions */
    SIM_COUNT_NEWER_NODES,
    SIM_COUNT_UNKNOWN_FIELDS,
    SIM_COUNT_UNKNOWN_MESSAGES,
    SIM_COUNT_UNKNOWN_KINDS,
    /* bundles */
    SIM_COUNT_BUNDLES,
    SIM_COUNT_BUNDLES_LOST,
    SIM_COUNT_BUNDLES_TWICE,
    SIM_COUNT_BUNDLES_BROKEN,
    SIM_COUNT_BUNDLED_ENTRIES,
    SIM_COUNT_BUNDLED_FORKS,
    /* members of ill will, in the order of enum sim_malice */
    SIM_COUNT_GARBAGE,
    SIM_COUNT_LIES,
    SIM_COUNT_FLOODS,
    SIM_COUNT_REPLAYS,
    SIM_COUNT_WITHHELD,
    SIM_COUNT_CORRUPTED,
    SIM_COUNT_HOLLOWED,
    SIM_COUNT_EQUIVOCATED,
    SIM_COUNT_DROPS,
    SIM_COUNT_FORKS,
    SIM_COUNT_REFUSED,

    SIM_COUNT_KINDS,
};

struct sim_tally {
    uint64_t of[SIM_COUNT_KINDS];
    uint64_t seeds_with[SIM_COUNT_KINDS]; /* of a sum */
    uint64_t seeds, failed;
    uint64_t agreed_after_ms, memory_max; /* of a sum: the worst */
};

void sim_tally_add(struct sim_tally *sum, const struct sim_tally *tally);
/* One line, of what isn't 0. */
void sim_tally_print(const struct sim_tally *tally);
/* A table of a sum: what, how often, in how many seeds. */
void sim_tally_print_table(const struct sim_tally *sum);
/* The first thing that never came about in a sum; NULL: all did. */
const char *sim_tally_missing(const struct sim_tally *sum);

#endif
