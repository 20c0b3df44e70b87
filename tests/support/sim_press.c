/* Runs that all logs of a simulation share, and what they verified after. */
#include <stdlib.h>

#include "proto/cbor.h"
#include "tests/support/sim_log.h"

enum { PRESS_SLOTS = 4096 };

static size_t slot_of(const struct ayni_hash *name)
{
    return ayni_get_u16(name->bytes) % PRESS_SLOTS;
}

static void free_run(struct sim_run *run)
{
    ayni_buffer_free(&run->bytes);
    free(run->chains);
    free(run);
}

void sim_press_free(struct sim_press *press)
{
    for (size_t i = 0; i < PRESS_SLOTS; i++)
        for (struct sim_run *run = press->runs[i], *next; run != NULL; run = next) {
            next = run->next;
            free_run(run);
        }
    for (size_t i = 0; i < press->feeds.capacity; i++)
        free(press->feeds.slots[i]);
    sync_table_free(&press->feeds);
}

const struct ayni_space *sim_press_space(const struct sim_press *press,
                                         const struct ayni_feed_prefix *feed)
{
    const struct sim_known *known = sync_table_get(&press->feeds, feed->bytes);

    return known == NULL ? NULL : &known->space;
}

void sim_press_know(struct sim_press *press, const struct ayni_feed *id,
                    const struct ayni_space *space)
{
    if (sync_table_get(&press->feeds, id->bytes) != NULL)
        return;
    struct sim_known *known = calloc(1, sizeof(*known));
    known->name = ayni_feed_prefix_of(id);
    known->space = *space;
    if (!sync_table_put(&press->feeds, known))
        abort();
}

struct ayni_hash sim_press_name(const struct ayni_feed *feed, const struct ayni_head *before,
                                struct ayni_bytes bytes)
{
    SCOPED_BUFFER place = { 0 };

    ayni_buffer_append(&place, feed->bytes, sizeof(feed->bytes));
    ayni_cbor_put_uint(&place, before->seq);
    ayni_buffer_append(&place, before->chain.bytes, sizeof(before->chain.bytes));
    return ayni_hash_of_two(ayni_buffer_bytes(&place), bytes);
}

struct sim_run *sim_press_find(struct sim_press *press, const struct ayni_hash *name)
{
    struct sim_run *run = press->runs[slot_of(name)];

    while (run != NULL && !ayni_id_equal(&run->name, name))
        run = run->next;
    return run;
}

struct sim_run *sim_press_keep(struct sim_press *press, const struct ayni_feed *feed,
                               const struct ayni_head *before, const struct ayni_head *after,
                               const struct ayni_run *content, const struct ayni_hash *chains)
{
    struct sim_run *run = calloc(1, sizeof(*run));

    run->feed = *feed;
    run->before = *before;
    run->after = *after;
    run->last_time = content->entries[content->count - 1].time;
    run->chains = malloc(content->count * sizeof(*chains));
    memcpy(run->chains, chains, content->count * sizeof(*chains));
    for (size_t i = 0; i < content->count; i++)
        run->hollow += content->entries[i].hollow != AYNI_HOLLOW_NONE;
    ayni_run_encode(content, &run->bytes);
    run->name = sim_press_name(feed, before, ayni_buffer_bytes(&run->bytes));
    run->next = press->runs[slot_of(&run->name)];
    press->runs[slot_of(&run->name)] = run;
    return run;
}
