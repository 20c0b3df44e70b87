#include "daemon/records/copies.h"

#include <stdlib.h>

/* A history of a feed with its life: when its writer began it, and went on in it last. */
struct life {
    struct ayni_feed_descriptor descriptor;
    feed_no no;
    struct ayni_instant first, last;
};

static bool keep_life(void *context, const struct log_feed *feed)
{
    struct ayni_buffer *lives = context;
    struct life life = { .descriptor = feed->descriptor, .no = feed->no, .last = feed->last_time };

    if (feed->head.seq > 0)
        ayni_buffer_append(lives, &life, sizeof(life));
    return true;
}

static int by_place(const struct life *a, const struct life *b)
{
    int order = ayni_id_compare(&a->descriptor.node, &b->descriptor.node);

    if (order == 0)
        order = ayni_id_compare(&a->descriptor.space, &b->descriptor.space);
    return order != 0 ? order : (int)a->descriptor.lane - (int)b->descriptor.lane;
}

static int compare(const void *a, const void *b)
{
    return by_place(a, b);
}

static enum ayni_status read_first(struct log_snapshot *log, struct life *life)
{
    struct log_entry entry;
    enum ayni_status status = log_find_entry(log, life->no, 1, &entry);

    if (status == AYNI_OK)
        life->first = entry.entry.time;
    return status;
}

static void note(struct copies_finding *finding, const struct life *began, bool twice,
                 struct ayni_instant last)
{
    if ((finding->twice && !twice) || (finding->twice == twice && finding->last.ms >= last.ms))
        return;
    *finding = (struct copies_finding){ began->descriptor.node, twice, began->descriptor.space,
                                        began->first, last };
}

/* Two feeds of one place: which came later, and whether the other went on. Two histories of one
 * feed are a fork, which is told as such. */
static void judge_pair(const struct life *a, const struct life *b, struct copies_finding *finding)
{
    if (ayni_id_equal(&a->descriptor.incarnation, &b->descriptor.incarnation))
        return;
    const struct life *older = a->first.ms <= b->first.ms ? a : b;
    const struct life *newer = older == a ? b : a;

    if (older->last.ms > newer->first.ms)
        note(finding, newer, true, older->last.ms < newer->last.ms ? older->last : newer->last);
    else
        note(finding, newer, false, newer->first);
}

/* The feeds of one place. */
static enum ayni_status judge_place(struct log_snapshot *log, struct life *lives, size_t count,
                                    struct copies_finding *finding)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; count > 1 && status == AYNI_OK && i < count; i++)
        status = read_first(log, &lives[i]);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            judge_pair(&lives[i], &lives[j], finding);
    return status;
}

static bool is_recent(const struct copies_finding *finding, struct ayni_instant now)
{
    const uint64_t long_ms = (uint64_t)COPIES_DAYS * 24 * 3600 * 1000;

    return finding->last.ms > 0 && finding->last.ms + long_ms > now.ms;
}

/* From `*at` on, all places of one node. */
static enum ayni_status judge_node(struct log_snapshot *log, struct life *lives, size_t count,
                                   size_t *at, struct copies_finding *finding)
{
    enum ayni_status status = AYNI_OK;
    size_t from = *at;

    while (status == AYNI_OK && *at < count &&
           ayni_id_equal(&lives[from].descriptor.node, &lives[*at].descriptor.node)) {
        size_t to = *at;
        while (to < count && by_place(&lives[*at], &lives[to]) == 0)
            to++;
        status = judge_place(log, &lives[*at], to - *at, finding);
        *at = to;
    }
    return status;
}

enum ayni_status copies_each(struct log_snapshot *log, struct ayni_instant now,
                             bool (*visit)(void *context, const struct copies_finding *finding),
                             void *context)
{
    SCOPED_BUFFER kept = { 0 };
    enum ayni_status status = log_each_feed(log, keep_life, &kept);
    size_t count = kept.size / sizeof(struct life);
    struct life *lives = (struct life *)(void *)kept.data;

    if (status == AYNI_OK)
        status = ayni_buffer_status(&kept);
    if (status == AYNI_OK && count > 1)
        qsort(lives, count, sizeof(*lives), compare);
    for (size_t at = 0; status == AYNI_OK && at < count;) {
        struct copies_finding finding = { .twice = false };
        status = judge_node(log, lives, count, &at, &finding);
        if (status == AYNI_OK && is_recent(&finding, now) && !visit(context, &finding))
            break;
    }
    return status;
}
