#include "tests/support/history.h"

#include <stdlib.h>

#include "tests/support/history_write.h"

static uint64_t below(struct history *h, uint64_t count)
{
    return test_random_below(&h->random, count);
}

/* --- chains --- */

bool history_in_past(const struct history *h, int older, int newer)
{
    while (newer >= 0 && newer != older)
        newer = h->entries[newer].before;
    return newer == older;
}

int history_entry_of(const struct history *h, const struct ayni_fold_item *item)
{
    for (int i = 0; i < h->entry_count; i++)
        if (ayni_id_equal(&h->entries[i].chain, &item->chain))
            return i;
    return -1;
}

/* The entry that a pair names in `feed`, if the reader holds it. */
static int named(const struct history *h, const struct ayni_feed *feed,
                 const struct ayni_seen *seen)
{
    for (int i = 0; i < h->entry_count; i++) {
        const struct history_entry *entry = &h->entries[i];
        if (h->nodes[h->reader].holds[i] && entry->seq == seen->seq &&
            ayni_id_equal(&h->feeds[entry->feed].id, feed) &&
            memcmp(entry->chain.bytes, seen->chain.bytes, sizeof(seen->chain.bytes)) == 0)
            return i;
    }
    return -1;
}

bool history_fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    return named(context, feed, seen) >= 0;
}

bool history_on_chain(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen,
                      const struct ayni_fold_item *item)
{
    const struct history *h = context;
    int top = named(h, feed, seen);

    return top >= 0 && history_in_past(h, history_entry_of(h, item), top);
}

bool history_covers(void *context, const struct ayni_fold_item *by,
                    const struct ayni_fold_item *what)
{
    const struct history *h = context;

    for (size_t i = 0; i < by->version->seen_count; i++) {
        const struct ayni_seen *seen = &by->version->seen[i];
        for (int f = 0; f < h->feed_count; f++) {
            const struct ayni_feed *feed = &h->feeds[f].id;
            if (seen->own ? !ayni_id_equal(feed, &by->feed)
                          : memcmp(feed->bytes, seen->feed.bytes, sizeof(seen->feed.bytes)) != 0)
                continue;
            int top = named(h, feed, seen);
            if (top >= 0 && history_in_past(h, history_entry_of(h, what), top) &&
                !history_in_past(h, history_entry_of(h, by), top))
                return true;
        }
    }
    return false;
}

bool history_item_in_past(void *context, const struct ayni_fold_item *older,
                          const struct ayni_fold_item *newer)
{
    return history_in_past(context, history_entry_of(context, older),
                           history_entry_of(context, newer));
}

bool history_has_forks(const struct history *h, int node)
{
    const bool *holds = h->nodes[node].holds;

    for (int i = 0; i < h->entry_count; i++)
        for (int k = 0; k < i; k++)
            if (holds[i] && holds[k] && h->entries[i].feed == h->entries[k].feed &&
                h->entries[i].seq == h->entries[k].seq)
                return true;
    return false;
}

/* --- what a node sees --- */

static const char *const roles_of[HISTORY_WRITERS] = { "health\0municipality", "", "municipality",
                                                       "municipal\0health" };
static const size_t roles_size[HISTORY_WRITERS] = { 19, 0, 12, 16 };

static bool is_valid(const struct history *h, int node, int at)
{
    const struct history_entry *entry = &h->entries[at];
    const struct history_rights *rights = &h->nodes[node].rights[h->feeds[entry->feed].writer];

    return (rights->granted && (!rights->ended || entry->in_cut)) || rights->renewed;
}

size_t history_items(const struct history *h, int node, struct ayni_fold_item *items)
{
    const struct history_node *reader = &h->nodes[node];
    size_t count = 0;

    for (int i = 0; i < h->entry_count; i++) {
        const struct history_entry *entry = &h->entries[i];
        if (!reader->holds[i] || reader->erased[i] || (!entry->of_record && !reader->hollow[i]))
            continue;
        int writer = h->feeds[entry->feed].writer;
        items[count] = (struct ayni_fold_item){
            .feed = h->feeds[entry->feed].id,
            .seq = entry->seq,
            .chain = entry->chain,
            .time = { entry->time_ms },
            .version = reader->hollow[i] ? NULL : &entry->version,
            .valid = is_valid(h, node, i),
            .roles = { (const uint8_t *)roles_of[writer], roles_size[writer] },
        };
        memset(items[count].node.bytes, writer, sizeof(items[count].node.bytes));
        count++;
    }
    return count;
}

struct ayni_merge_rule history_rule(void *context, uint32_t type, uint32_t field)
{
    static const enum ayni_merge rules[HISTORY_FIELD_NUMBERS] = {
        AYNI_MERGE_REVIEW, AYNI_MERGE_REVIEW, AYNI_MERGE_LATEST,    AYNI_MERGE_MAX,
        AYNI_MERGE_MIN,    AYNI_MERGE_UNION,  AYNI_MERGE_UNION,     AYNI_MERGE_AUTHORITY,
        AYNI_MERGE_REVIEW, AYNI_MERGE_UNION,  AYNI_MERGE_AUTHORITY, AYNI_MERGE_MAX,
    };
    struct ayni_merge_rule rule = { AYNI_MERGE_REVIEW, { NULL, 0 } };

    (void)context;
    (void)type;
    if (field < HISTORY_FIELD_NUMBERS)
        rule.merge = rules[field];
    if (rule.merge == AYNI_MERGE_AUTHORITY)
        rule.role = ayni_bytes_of_text(field == 7 ? "municipality" : "midis");
    return rule;
}

/* --- what happens --- */

static void learn_rights(struct history *h, int from, int to)
{
    for (int i = 0; i < HISTORY_WRITERS; i++) {
        const struct history_rights *known = &h->nodes[from].rights[i];
        struct history_rights *rights = &h->nodes[to].rights[i];
        rights->granted = rights->granted || known->granted;
        rights->ended = rights->ended || known->ended;
        rights->renewed = rights->renewed || known->renewed;
    }
}

static void receive(struct history *h, int from, int to, int at)
{
    struct history_node *node = &h->nodes[to];
    bool without = h->nodes[from].hollow[at];

    if (!node->holds[at]) {
        node->hollow[at] = without || below(h, 20) == 0;
        node->holds[at] = true;
    } else if (!without && below(h, 3) > 0) {
        node->hollow[at] = false;
    }
}

/* A chain up to some entry of it, never with a gap; or all; and sometimes what else is known. */
static void hand_over(struct history *h, int from, int to, bool all)
{
    int top = (int)below(h, (uint64_t)h->entry_count);

    for (int i = 0; i < h->entry_count; i++)
        if (h->nodes[from].holds[i] && h->nodes[from].holds[top] &&
            (all || history_in_past(h, i, top)))
            receive(h, from, to, i);
    if (all || below(h, 3) == 0)
        learn_rights(h, from, to);
    for (int i = 0; i < h->entry_count; i++)
        if (h->nodes[from].erased[i] && (all || below(h, 2) == 0))
            h->nodes[to].erased[i] = true;
}

/*
 * An old backup: what it doesn't hold is gone. An honest node then draws a new
 * incarnation; one that doesn't know that it was rolled back writes on, and forks its feed.
 */
static void roll_back(struct history *h, int at)
{
    struct history_node *node = &h->nodes[at];
    int kept = (int)below(h, (uint64_t)h->entry_count + 1);

    for (int i = kept; i < h->entry_count; i++)
        node->holds[i] = node->hollow[i] = node->erased[i] = false;
    while (node->tip >= kept)
        node->tip = h->entries[node->tip].before;
    if (below(h, 2) == 0)
        node->feed = node->tip = -1;
}

/* A disk that was copied: two homes, one key, one feed. */
static void clone(struct history *h, int of)
{
    if (h->node_count == HISTORY_NODES_MAX)
        return;
    h->nodes[h->node_count] = h->nodes[of];
    h->nodes[h->node_count++].clock = (int)below(h, 5);
}

/* A grant ends: the giver lists how far the feeds that it holds count. The others are cut at 0. */
static void end_grant(struct history *h, int giver)
{
    int writer = (int)below(h, HISTORY_WRITERS);

    for (int i = 0; i < h->node_count; i++)
        if (h->nodes[i].rights[writer].ended)
            return;
    for (int f = 0; f < h->feed_count; f++) {
        int top = (int)below(h, (uint64_t)h->entry_count);
        if (h->feeds[f].writer != writer || !h->nodes[giver].holds[top] ||
            h->entries[top].feed != f)
            continue;
        for (int i = 0; i < h->entry_count; i++)
            h->entries[i].in_cut = h->entries[i].in_cut || history_in_past(h, i, top);
    }
    h->nodes[giver].rights[writer].ended = true;
}

static void erase(struct history *h, int giver)
{
    int at = (int)below(h, (uint64_t)h->entry_count);

    if (!h->nodes[giver].holds[at] || !h->entries[at].of_record)
        return;
    h->entries[at].erased = true;
    h->nodes[giver].erased[at] = true;
}

static void something_rare(struct history *h, int node)
{
    switch (below(h, 8)) {
    case 0:
        roll_back(h, node);
        break;
    case 1:
        clone(h, node);
        break;
    case 2:
        end_grant(h, node);
        break;
    case 3:
        h->nodes[node].rights[below(h, HISTORY_WRITERS)].renewed = true;
        break;
    case 4:
        erase(h, node);
        break;
    case 5:
        h->nodes[node].feed = h->nodes[node].tip = -1;
        break;
    default:
        h->nodes[node].rights[below(h, HISTORY_WRITERS)].granted = true;
        break;
    }
}

void history_go_on(struct history *h)
{
    int node = (int)below(h, (uint64_t)h->node_count);

    h->step++;
    if (h->entry_count == 0 || below(h, 10) < 4)
        history_write(h, node);
    else if (below(h, 5) > 0)
        hand_over(h, (int)below(h, (uint64_t)h->node_count), node, below(h, 4) == 0);
    else
        something_rare(h, node);
}

void history_settle(struct history *h)
{
    for (int round = 0; round < 2; round++)
        for (int from = 0; from < h->node_count && h->entry_count > 0; from++)
            for (int to = 0; to < h->node_count; to++)
                learn_rights(h, from, to);
    for (int i = 0; i < h->node_count; i++)
        for (int k = 0; k < h->entry_count; k++) {
            h->nodes[i].holds[k] = true;
            h->nodes[i].hollow[k] = false;
            h->nodes[i].erased[k] = h->entries[k].erased;
        }
}

void history_start(struct history *h, uint64_t seed)
{
    *h = (struct history){ .seed = seed, .random = { seed }, .node_count = HISTORY_WRITERS };
    for (int i = 0; i < HISTORY_WRITERS; i++) {
        h->nodes[i] = (struct history_node){ .writer = i, .feed = -1, .tip = -1 };
        h->nodes[i].clock = (int)below(h, 8) == 0 ? 1000 : (int)below(h, 5);
    }
    for (int i = 0; i < HISTORY_WRITERS; i++) /* the rest hear of it later, or never */
        for (int k = 0; k < HISTORY_WRITERS; k++)
            h->nodes[i].rights[k].granted = i == k ? below(h, 10) > 0 : below(h, 10) > 2;
}

void history_end(struct history *h)
{
    for (int i = 0; i < h->entry_count; i++)
        free(h->entries[i].version.seen);
}
