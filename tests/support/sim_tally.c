#include "tests/support/sim_tally.h"

#include <stddef.h>
#include <stdio.h>

static const char *const names[SIM_COUNT_KINDS] = {
    [SIM_COUNT_WRITES] = "writes",
    [SIM_COUNT_MESSAGES] = "messages",
    [SIM_COUNT_BYTES] = "bytes",
    [SIM_COUNT_ENTRIES_SENT] = "entries sent",
    [SIM_COUNT_ENTRIES_STORED] = "entries stored",
    [SIM_COUNT_RIDERS] = "entries in notes",
    [SIM_COUNT_VERIFIED] = "runs verified",
    [SIM_COUNT_REMEMBERED] = "runs known to verify",
    [SIM_COUNT_CHECKS] = "checks",
    [SIM_COUNT_RANGES] = "lines of ranges",
    [SIM_COUNT_STALLS] = "stalls",
    [SIM_COUNT_REFILLS] = "payloads asked for",
    [SIM_COUNT_TREE] = "trees",
    [SIM_COUNT_HUB] = "hubs",
    [SIM_COUNT_RANDOM] = "random graphs",
    [SIM_COUNT_CONTINENTS] = "continents with one line",
    [SIM_COUNT_RING] = "rings",
    [SIM_COUNT_METERED] = "metered lines",
    [SIM_COUNT_SLOW_LINES] = "lines of 200 to 900 ms",
    [SIM_COUNT_PRELOADED] = "nodes with a registry from the start",
    [SIM_COUNT_LOST] = "messages lost",
    [SIM_COUNT_DUPLICATED] = "messages twice",
    [SIM_COUNT_REORDERED] = "messages out of order",
    [SIM_COUNT_STRAGGLERS] = "messages of an older connection",
    [SIM_COUNT_CUTS] = "cuts",
    [SIM_COUNT_PARTITIONS] = "partitions",
    [SIM_COUNT_PARTED_A_DAY] = "lines parted for days",
    [SIM_COUNT_VISITS] = "weekly visits",
    [SIM_COUNT_RESTARTS] = "crashes",
    [SIM_COUNT_STORES_LOST] = "commits lost in a crash",
    [SIM_COUNT_FULL_DISKS] = "runs refused by a full disk",
    [SIM_COUNT_CLOCKS_OFF] = "clocks off by years",
    [SIM_COUNT_CLOCKS_SET_BACK] = "clocks set anew",
    [SIM_COUNT_LOSSES] = "payloads lost",
    [SIM_COUNT_ERASURES] = "orders to erase",
    [SIM_COUNT_ERASED] = "payloads erased",
    [SIM_COUNT_RESTORED] = "restored from a backup",
    [SIM_COUNT_ROLLED_BACK] = "rolled back",
    [SIM_COUNT_COPIES] = "copies of a home",
    [SIM_COUNT_STEERING_BACK] = "steering put back",
    [SIM_COUNT_STEERING_COPIES] = "runs of steering in two places",
    [SIM_COUNT_LATE_GRANTS] = "late grants",
    [SIM_COUNT_RIGHTS_UNKNOWN] = "rights not known yet",
    [SIM_COUNT_REVOKED] = "told of a revocation",
    [SIM_COUNT_NEWER_NODES] = "nodes of a newer version",
    [SIM_COUNT_UNKNOWN_FIELDS] = "messages with unknown fields",
    [SIM_COUNT_UNKNOWN_MESSAGES] = "messages of unknown types",
    [SIM_COUNT_UNKNOWN_KINDS] = "runs of unknown kinds",
    [SIM_COUNT_BUNDLES] = "bundles taken in",
    [SIM_COUNT_BUNDLES_LOST] = "bundles lost",
    [SIM_COUNT_BUNDLES_TWICE] = "bundles taken in twice",
    [SIM_COUNT_BUNDLES_BROKEN] = "bundles broken",
    [SIM_COUNT_BUNDLED_ENTRIES] = "entries by bundle",
    [SIM_COUNT_BUNDLED_FORKS] = "forks shown by a bundle",
    [SIM_COUNT_GARBAGE] = "garbage",
    [SIM_COUNT_LIES] = "lies",
    [SIM_COUNT_FLOODS] = "messages of floods",
    [SIM_COUNT_REPLAYS] = "replays",
    [SIM_COUNT_WITHHELD] = "batches withheld",
    [SIM_COUNT_CORRUPTED] = "batches corrupted",
    [SIM_COUNT_HOLLOWED] = "batches hollowed out",
    [SIM_COUNT_EQUIVOCATED] = "runs in two places",
    [SIM_COUNT_DROPS] = "drops",
    [SIM_COUNT_FORKS] = "forks proven",
    [SIM_COUNT_REFUSED] = "batches refused",
};

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void sim_tally_add(struct sim_tally *sum, const struct sim_tally *tally)
{
    for (unsigned i = 0; i < SIM_COUNT_KINDS; i++) {
        sum->of[i] += tally->of[i];
        sum->seeds_with[i] += tally->of[i] > 0;
    }
    sum->seeds++;
    sum->agreed_after_ms = larger(sum->agreed_after_ms, tally->agreed_after_ms);
    sum->memory_max = larger(sum->memory_max, tally->memory_max);
}

void sim_tally_print(const struct sim_tally *tally)
{
    const char *comma = "  ";

    for (unsigned i = 0; i < SIM_COUNT_KINDS; i++)
        if (tally->of[i] > 0) {
            printf("%s%s %llu", comma, names[i], (unsigned long long)tally->of[i]);
            comma = ", ";
        }
    printf("; agreed after %llu ms; memory %llu\n", (unsigned long long)tally->agreed_after_ms,
           (unsigned long long)tally->memory_max);
}

void sim_tally_print_table(const struct sim_tally *sum)
{
    printf("%-34s %14s %8s\n", "what came about", "times", "seeds");
    for (unsigned i = 0; i < SIM_COUNT_KINDS; i++)
        printf("%-34s %14llu %8llu\n", names[i], (unsigned long long)sum->of[i],
               (unsigned long long)sum->seeds_with[i]);
    printf("%llu seeds; agreed at the latest %llu ms after the last fault; a peer cost %llu bytes "
           "at most\n",
           (unsigned long long)sum->seeds, (unsigned long long)sum->agreed_after_ms,
           (unsigned long long)sum->memory_max);
}

const char *sim_tally_missing(const struct sim_tally *sum)
{
    for (unsigned i = 0; i < SIM_COUNT_KINDS; i++)
        if (sum->of[i] == 0)
            return names[i];
    return NULL;
}
