#include "tests/support/sim_trials.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    /* After the last fault, of virtual time; payloads that nobody had for weeks are asked for every
     * six hours. */
    AGREE_WITHIN_MS = 15 * 60 * 1000,
    REFILL_WITHIN_MS = 7 * 3600 * 1000,
    /* A line that goes on losing messages, as no connection does, may lose each comparison, of
     * which there is one every five minutes between nodes that go on differing. */
    LOSSY_WITHIN_MS = 3 * 3600 * 1000,
    LOOK_EVERY_MS = 2000,
};

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

uint64_t sim_trials_first_seed(void)
{
    return number_of("AYNI_SEED", 1);
}

int sim_trials_seed_count(int fallback)
{
    return (int)number_of("AYNI_SIM_SEEDS", getenv("AYNI_SEED") != NULL ? 1 : (uint64_t)fallback);
}

struct sim_trials *sim_trials_new(void)
{
    struct sim_trials *trials =
        mmap(NULL, sizeof(*trials), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (trials == MAP_FAILED)
        abort();
    setvbuf(stdout, NULL, _IOLBF, 0);
    return trials;
}

/* A process that has ended without a word has failed. */
static void begin(struct sim_trials *trials, uint64_t seed)
{
    if (trials->running != 0 &&
        trials->failed_count < sizeof(trials->failed) / sizeof(*trials->failed))
        trials->failed[trials->failed_count++] = trials->running;
    trials->running = seed;
}

void sim_trials_print(struct sim_trials *trials)
{
    begin(trials, 0);
    sim_tally_print_table(&trials->tally);
    for (size_t i = 0; i < trials->failed_count; i++)
        printf("seed %llu failed; again: AYNI_SEED=%llu %s\n",
               (unsigned long long)trials->failed[i], (unsigned long long)trials->failed[i],
               program_invocation_name);
}

/* Run on until they agree and say so at the same time: what those of ill will wrote may come later
 * than all else. False when it did not within the time. */
static bool settles(struct sim_world *world)
{
    const struct sim_plan *plan = &world->plan;
    uint64_t soon = world->now + AGREE_WITHIN_MS;
    uint64_t end = plan->weeks && plan->losses ? world->now + REFILL_WITHIN_MS
                   : plan->loss > 0            ? world->now + LOSSY_WITHIN_MS
                                               : soon;

    for (uint64_t look = world->now; look <= end; look += LOOK_EVERY_MS * (look < soon ? 1 : 60)) {
        while (sim_world_step(world, look))
            ;
        if (sim_world_agrees(world) && sim_world_says_so(world))
            return true;
    }
    return false;
}

/* Nothing goes wrong that makes payloads be sent again. */
static bool is_calm(const struct sim_plan *plan)
{
    return plan->loss + plan->duplicates + plan->reordered + plan->hostile_count +
                   plan->revoked_count ==
               0 &&
           !plan->partitions && !plan->restarts && !plan->clones && !plan->losses &&
           !plan->returns && !plan->copies && !plan->full_disks && !plan->islands;
}

/* What rides in notes to who doesn't know of its own grant yet is sent again when it does. */
static bool sent_once(const struct sim_world *world)
{
    const uint64_t *of = world->tally.of;
    uint64_t sent = of[SIM_COUNT_ENTRIES_SENT];

    if (world->plan.late_grants)
        sent -= of[SIM_COUNT_RIDERS];
    return 10 * sent <= 11 * of[SIM_COUNT_ENTRIES_STORED];
}

static void check(const struct sim_world *world, bool settled)
{
    unsigned long long seed = world->seed;

    if (!settled)
        sim_world_explain(world);
    ck_assert_msg(settled, "seed %llu: nodes don't %s", seed,
                  sim_world_agrees(world) ? "say that they agree" : "agree");
    if (!world->plan.clones && !world->rolled_back && !world->has_copy)
        ck_assert_msg(world->tally.of[SIM_COUNT_FORKS] == 0,
                      "seed %llu: a fork is told that nobody made", seed);
    if (is_calm(&world->plan))
        ck_assert_msg(sent_once(world), "seed %llu: payloads were sent twice", seed);
    sim_check_erased(world);
    sim_world_check_stores(world);
}

void sim_trials_run(struct sim_trials *trials, uint64_t seed, enum sim_ground ground)
{
    struct sim_world *world = calloc(1, sizeof(*world));

    begin(trials, seed);
    sim_world_init(world, seed, (unsigned)number_of("AYNI_NODES", 0), ground);
    sim_plan_print(world);
    while (sim_world_step(world, world->plan.trouble_ms))
        ;
    sim_world_heal(world);
    bool settled = settles(world);
    world->tally.agreed_after_ms = world->now - world->plan.trouble_ms;
    sim_world_count(world);
    sim_tally_print(&world->tally);
    sim_tally_add(&trials->tally, &world->tally);
    check(world, settled);
    trials->running = 0;
    sim_world_free(world);
    free(world);
}
