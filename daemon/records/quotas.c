#include "daemon/records/quotas.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct quota_use *x = a;
    const struct quota_use *y = b;
    int order = ayni_id_compare(&x->node, &y->node);

    if (order == 0)
        order = ayni_id_compare(&x->space, &y->space);
    return order != 0 ? order : (int)x->lane - (int)y->lane;
}

static size_t count_of(const struct quotas *quotas)
{
    return quotas->uses.size / sizeof(struct quota_use);
}

/* The part of a feed before its first entry's fork is nothing. */
static bool note_segment(void *context, const struct log_segment *segment)
{
    const struct ayni_feed_descriptor *descriptor = &segment->descriptor;
    struct quota_use one = { descriptor->node, descriptor->space, descriptor->lane, 1 };
    bool is_branch = !ayni_id_equal(&segment->id, &segment->feed);

    if (is_branch || segment->head.seq > 0)
        ayni_buffer_append(context, &one, sizeof(one));
    return true;
}

/* Rows of one author, space and lane become one. */
static void add_up(struct quotas *quotas)
{
    struct quota_use *uses = (struct quota_use *)(void *)quotas->uses.data;
    size_t all = count_of(quotas), kept = 0;

    for (size_t i = 0; i < all; i++) {
        if (kept > 0 && compare(&uses[kept - 1], &uses[i]) == 0)
            uses[kept - 1].feeds++;
        else
            uses[kept++] = uses[i];
    }
    quotas->uses.size = kept * sizeof(*uses);
}

enum ayni_status quotas_read(struct log_snapshot *log, struct quotas *quotas)
{
    enum ayni_status status = log_each_segment(log, note_segment, &quotas->uses);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&quotas->uses);
    if (status != AYNI_OK || quotas->uses.size == 0)
        return status;
    qsort(quotas->uses.data, count_of(quotas), sizeof(struct quota_use), compare);
    add_up(quotas);
    return AYNI_OK;
}

void quotas_free(struct quotas *quotas)
{
    ayni_buffer_free(&quotas->uses);
}

/* The first row that isn't below `key`. */
static size_t place_of(const struct quotas *quotas, const struct quota_use *key)
{
    const struct quota_use *uses = (const struct quota_use *)(const void *)quotas->uses.data;
    size_t low = 0, high = count_of(quotas);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&uses[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The author's row, made if there is none; NULL where there is no memory. */
static struct quota_use *use_of(struct quotas *quotas, const struct ayni_feed_descriptor *author)
{
    struct quota_use key = { author->node, author->space, author->lane, 0 };
    size_t at = place_of(quotas, &key), count = count_of(quotas);
    struct quota_use *uses = (struct quota_use *)(void *)quotas->uses.data;

    if (at < count && compare(&uses[at], &key) == 0)
        return &uses[at];
    ayni_buffer_append(&quotas->uses, &key, sizeof(key));
    if (quotas->uses.failed)
        return NULL;
    uses = (struct quota_use *)(void *)quotas->uses.data;
    memmove(&uses[at + 1], &uses[at], (count - at) * sizeof(*uses));
    uses[at] = key;
    return &uses[at];
}

bool quotas_take(struct quotas *quotas, const struct ayni_feed_descriptor *author, uint64_t feeds)
{
    struct quota_use *use = use_of(quotas, author);

    if (use == NULL || use->feeds + feeds > AYNI_FEEDS_PER_AUTHOR_MAX)
        return false;
    use->feeds += feeds;
    return true;
}

void quotas_each(const struct quotas *quotas,
                 bool (*visit)(void *context, const struct quota_use *use), void *context)
{
    const struct quota_use *uses = (const struct quota_use *)(const void *)quotas->uses.data;

    for (size_t i = 0; i < count_of(quotas); i++)
        if (uses[i].feeds >= QUOTAS_ALERT && !visit(context, &uses[i]))
            return;
}
