#include "daemon/bundle/met.h"

#include <stdlib.h>

#include "daemon/net/meets.h"

struct met {
    struct ayni_buffer meets; /* struct meet */
    uint64_t *first;          /* by feed number: the lowest seq that came since; 0: none */
    size_t first_count;
    bool failed; /* no memory */
};

static const struct meet *find_meet(const struct met *met, const struct ayni_space *space)
{
    const struct meet *meets = (const struct meet *)met->meets.data;

    for (size_t i = 0; i < met->meets.size / sizeof(*meets); i++)
        if (ayni_id_equal(&meets[i].space, space))
            return &meets[i];
    return NULL;
}

/* The earliest of all spaces: what came since in one is taken for unknown in all. */
static uint64_t earliest(const struct met *met)
{
    const struct meet *meets = (const struct meet *)met->meets.data;
    uint64_t arrival = UINT64_MAX;

    for (size_t i = 0; i < met->meets.size / sizeof(*meets); i++)
        if (meets[i].arrival < arrival)
            arrival = meets[i].arrival;
    return arrival;
}

static bool note_arrival(void *context, const struct log_arrival *arrival)
{
    struct met *met = context;

    if (arrival->feed >= met->first_count) {
        size_t count = 2 * ((size_t)arrival->feed + 1);
        uint64_t *grown = realloc(met->first, count * sizeof(*grown));
        if (grown == NULL) {
            met->failed = true;
            return false;
        }
        memset(grown + met->first_count, 0, (count - met->first_count) * sizeof(*grown));
        met->first = grown;
        met->first_count = count;
    }
    uint64_t *first = &met->first[arrival->feed];
    if (*first == 0 || arrival->from < *first)
        *first = arrival->from;
    return true;
}

enum ayni_status met_load(struct log_snapshot *snapshot, const struct ayni_incarnation *instance,
                          const struct ayni_node *node, struct met **met)
{
    struct met *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = meets_read(snapshot, instance, node, &made->meets);
    if (status == AYNI_OK && made->meets.size > 0)
        status = log_each_arrival(snapshot, earliest(made) + 1, note_arrival, made);
    if (status == AYNI_OK && made->failed)
        status = AYNI_E_MEMORY;
    if (status != AYNI_OK) {
        met_free(made);
        return status;
    }
    *met = made;
    return AYNI_OK;
}

void met_free(struct met *met)
{
    if (met == NULL)
        return;
    ayni_buffer_free(&met->meets);
    free(met->first);
    free(met);
}

uint64_t met_seq(const struct met *met, const struct log_segment *segment)
{
    const struct meet *meet = find_meet(met, &segment->descriptor.space);
    feed_no no = segment->no;

    if (meet == NULL)
        return 0;
    if (segment->arrival <= meet->arrival)
        return segment->head.seq;
    if (no >= met->first_count || met->first[no] == 0)
        return 0;
    return met->first[no] <= segment->head.seq ? met->first[no] - 1 : segment->head.seq;
}
