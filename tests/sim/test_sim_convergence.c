#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/support/sim_world.h"
#include "tests/support/suite.h"

/*
 * Fifty nodes under every trouble that the simulator knows, from one seed
 * each: in the end honest members of a space hold the same, and say so. Unless
 * some key writes in two places, or a home is put back that doesn't know it,
 * nobody ever proves a fork, whatever is lost, twice, out of order, changed or
 * made up, and whoever is restored.
 *
 *     AYNI_SEEDS=100   how many seeds
 *     AYNI_SEED=17     only this one, with what it planned
 *     AYNI_NODES=50    nodes in each
 */
enum {
    SEEDS = 20,
    NODES = 50,
    AGREE_WITHIN_MS = 15 * 60 * 1000, /* after the last fault, of virtual time */
    LOOK_EVERY_MS = 2000,
};

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

static uint64_t first_seed(void)
{
    return number_of("AYNI_SEED", 1);
}

static struct sim_tally *total; /* of all seeds; shared by the processes that run them */

static void add(const struct sim_tally *tally)
{
    const uint64_t *from = (const uint64_t *)tally;
    uint64_t *to = (uint64_t *)total;

    for (size_t i = 0; i < sizeof(*total) / sizeof(*to); i++)
        to[i] += from[i];
}

static void print_plan(const struct sim_world *world)
{
    const struct sim_plan *plan = &world->plan;

    printf("seed %llu: %u nodes, %u spaces, topology %u, %zu lines; per mille lost %u, twice %u, "
           "out of order %u; partitions %d, restarts %d, late grants %d, metered %d, hostile %u, "
           "clones %d, losses %d, returns %d; %u writes\n",
           (unsigned long long)world->seed, plan->node_count, plan->space_count, plan->topology,
           world->link_count, plan->loss, plan->duplicates, plan->reordered, plan->partitions,
           plan->restarts, plan->late_grants, plan->metered, plan->hostile_count, plan->clones,
           plan->losses, plan->returns, plan->write_count);
}

static void print_tally(const char *title, const struct sim_tally *t)
{
#define NUMBER(field) (unsigned long long)t->field
    printf(
        "%s: %llu writes, %llu messages (%llu bytes), lost %llu, twice %llu, out of order %llu, "
        "cuts %llu, partitions %llu, restarts %llu, grants %llu, attacks %llu, drops %llu, forks "
        "%llu, stalls %llu, ranges %llu, checks %llu, refused %llu, lost payloads %llu, asked for "
        "them %llu, put back %llu; entries sent %llu, stored "
        "%llu; agreed after %llu ms; memory %llu\n",
        title, NUMBER(writes), NUMBER(messages), NUMBER(bytes), NUMBER(lost), NUMBER(duplicated),
        NUMBER(reordered), NUMBER(cuts), NUMBER(partitions), NUMBER(restarts), NUMBER(grants),
        NUMBER(attacks), NUMBER(drops), NUMBER(forks), NUMBER(stalls), NUMBER(ranges),
        NUMBER(checks), NUMBER(refused), NUMBER(losses), NUMBER(refills), NUMBER(returns),
        NUMBER(entries_sent), NUMBER(entries_stored), NUMBER(agreed_after_ms), NUMBER(memory_max));
#undef NUMBER
}

/* Run on until `holds`; false when it did not within the time. */
static bool run_until(struct sim_world *world, bool (*holds)(const struct sim_world *))
{
    uint64_t end = world->now + AGREE_WITHIN_MS;

    for (uint64_t look = world->now; look <= end; look += LOOK_EVERY_MS) {
        while (sim_world_step(world, look))
            ;
        if (holds(world))
            return true;
    }
    return false;
}

static bool is_calm(const struct sim_plan *plan)
{
    return plan->loss + plan->duplicates + plan->reordered + plan->hostile_count == 0 &&
           !plan->partitions && !plan->restarts && !plan->clones && !plan->losses && !plan->returns;
}

START_TEST(honest_nodes_agree)
{
    struct sim_world *world = calloc(1, sizeof(*world));
    uint64_t seed = first_seed() + (uint64_t)_i;

    sim_world_init(world, seed, (unsigned)number_of("AYNI_NODES", NODES));
    print_plan(world);
    while (sim_world_step(world, world->plan.trouble_ms))
        ;
    sim_world_heal(world);
    bool agree = run_until(world, sim_world_agrees);
    world->tally.agreed_after_ms = world->now - world->plan.trouble_ms;
    bool say = agree && run_until(world, sim_world_says_so);
    sim_world_count(world);
    print_tally("  ", &world->tally);
    add(&world->tally);
    ck_assert_msg(agree, "seed %llu: nodes don't agree; AYNI_SEED=%llu shows it again",
                  (unsigned long long)seed, (unsigned long long)seed);
    ck_assert_msg(say && sim_world_agrees(world),
                  "seed %llu: nodes agree but don't say so; AYNI_SEED=%llu shows it again",
                  (unsigned long long)seed, (unsigned long long)seed);
    if (!world->plan.clones && !world->rolled_back)
        ck_assert_msg(world->tally.forks == 0, "seed %llu: a fork is told that nobody made",
                      (unsigned long long)seed);
    if (is_calm(&world->plan))
        ck_assert_msg(10 * world->tally.entries_sent <= 11 * world->tally.entries_stored,
                      "seed %llu: payloads were sent twice", (unsigned long long)seed);
    sim_world_free(world);
    free(world);
}
END_TEST

int main(void)
{
    bool one = getenv("AYNI_SEED") != NULL;
    int seeds = one ? 1 : (int)number_of("AYNI_SEEDS", SEEDS);
    Suite *suite = suite_create("sim.convergence");
    TCase *convergence = tcase_create("seeds");

    total = mmap(NULL, sizeof(*total), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (total == MAP_FAILED)
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    tcase_add_loop_test(convergence, honest_nodes_agree, 0, seeds);
    suite_add_tcase(suite, convergence);
    int result = test_run(suite);
    print_tally("all", total);
    return result;
}
