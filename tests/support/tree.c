#include "tests/support/tree.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* --- histories --- */

static void append_entry(const struct tree *tree, struct tree_history *history,
                         struct test_random *random)
{
    SCOPED_BUFFER payload = { 0 };
    uint64_t at = history->length;

    if (tree->fill != NULL)
        tree->fill(tree, history, random, &payload);
    else
        test_random_fill(random, ayni_buffer_extend(&payload, 8), 8);
    assert(!payload.failed && payload.size <= TREE_PAYLOAD_MAX);
    memcpy(history->payloads[at], payload.data, payload.size);
    history->entries[at] =
        (struct ayni_entry){ .kind = tree->fill != NULL ? AYNI_KIND_VERSION : 99,
                             .time = { 1795317165678 },
                             .payload = { history->payloads[at], payload.size } };
    ayni_entry_complete(&history->entries[at]);
    history->chains[at + 1] = ayni_chain_next(&history->chains[at], &history->entries[at]);
    history->length++;
}

static void seal(struct tree *tree, struct tree_history *history, uint64_t before)
{
    struct tree_run *made = &history->runs[history->run_count++];
    struct ayni_head head = { before, history->chains[before] }, after;
    struct ayni_hash chains[TREE_ENTRIES_MAX];
    struct ayni_run run = { .entries = history->entries + before,
                            .count = history->length - before };

    ayni_run_seal(&run, &tree->feed, &tree->keys.secret, &head, &after, chains);
    *made = (struct tree_run){ before, run.count, run.signature };
}

/* More runs until it is so long. */
static void grow(struct tree *tree, struct tree_history *history, uint64_t length,
                 struct test_random *random)
{
    while (history->length < length) {
        uint64_t before = history->length;
        uint64_t end = before + 1 + test_random_below(random, 5);
        while (history->length < end && history->length < TREE_ENTRIES_MAX)
            append_entry(tree, history, random);
        seal(tree, history, before);
    }
}

/* Leave `base` after the entry `cut`: what no seal of its own covers there is sealed anew. */
static void branch_off(struct tree *tree, struct tree_history *history,
                       const struct tree_history *base, uint64_t cut, struct test_random *random)
{
    uint64_t before = 0, more = 1 + test_random_below(random, 4);

    for (size_t i = 0; i < base->run_count && base->runs[i].before + base->runs[i].count <= cut;
         i++) {
        history->runs[history->run_count++] = base->runs[i];
        before = base->runs[i].before + base->runs[i].count;
    }
    for (uint64_t i = 0; i < cut; i++) {
        memcpy(history->payloads[i], base->payloads[i], sizeof(base->payloads[i]));
        history->entries[i] = base->entries[i];
        history->entries[i].payload.data = history->payloads[i];
        history->chains[i + 1] = base->chains[i + 1];
    }
    history->length = cut;
    for (uint64_t i = 0; i < more; i++)
        append_entry(tree, history, random);
    seal(tree, history, before);
}

void tree_make(struct tree *tree, uint8_t number, const struct ayni_space *space, size_t count,
               tree_fill *fill, struct test_random *random)
{
    assert(count >= 1 && count <= TREE_HISTORIES_MAX);
    memset(tree, 0, sizeof(*tree));
    tree->keys = test_keys(number);
    tree->root = test_root().node;
    tree->descriptor = (struct ayni_feed_descriptor){ .node = tree->keys.node,
                                                      .space = *space,
                                                      .lane = AYNI_LANE_CURRENT };
    test_random_fill(random, tree->descriptor.incarnation.bytes, 16);
    tree->feed = ayni_feed_of(&tree->root, &tree->descriptor);
    tree->count = count;
    tree->fill = fill;
    for (size_t i = 0; i < count; i++) {
        struct tree_history *history = &tree->histories[i];
        history->chains[0] = ayni_chain_start(&tree->feed);
        if (i > 0) {
            const struct tree_history *base = &tree->histories[test_random_below(random, i)];
            branch_off(tree, history, base, test_random_below(random, base->length), random);
        }
        grow(tree, history, 3 + test_random_below(random, 30), random);
    }
}

struct ayni_run tree_run(struct tree *tree, size_t history, size_t run)
{
    struct tree_history *h = &tree->histories[history];

    return (struct ayni_run){ .entries = h->entries + h->runs[run].before,
                              .count = h->runs[run].count,
                              .signature = h->runs[run].signature };
}

/* --- segments --- */

/* Whether an earlier history has the entry, too. */
static bool is_shared(const struct tree *tree, size_t history, uint64_t seq)
{
    for (size_t i = 0; i < history; i++)
        if (tree->histories[i].length >= seq &&
            ayni_id_equal(&tree->histories[i].chains[seq], &tree->histories[history].chains[seq]))
            return true;
    return false;
}

uint64_t tree_entry_count(const struct tree *tree)
{
    uint64_t count = 0;

    for (size_t i = 0; i < tree->count; i++)
        for (uint64_t seq = 1; seq <= tree->histories[i].length; seq++)
            count += !is_shared(tree, i, seq);
    return count;
}

/* Whether histories part after the entry `seq` of one of them. */
static bool forks_after(const struct tree *tree, const struct tree_history *history, uint64_t seq)
{
    if (seq >= history->length)
        return false;
    for (size_t i = 0; i < tree->count; i++) {
        const struct tree_history *other = &tree->histories[i];
        if (other->length > seq && ayni_id_equal(&other->chains[seq], &history->chains[seq]) &&
            !ayni_id_equal(&other->chains[seq + 1], &history->chains[seq + 1]))
            return true;
    }
    return false;
}

enum { LINE_SIZE = 160, LINES_MAX = 256 };
struct lines {
    char lines[LINES_MAX][LINE_SIZE];
    size_t count;
};

static void add_line(struct lines *lines, const struct ayni_feed *id, uint64_t start, uint64_t end,
                     const struct ayni_hash *chain, bool ended)
{
    char name[65], hash[65];

    assert(lines->count < LINES_MAX);
    ayni_hex_text((struct ayni_bytes){ id->bytes, 8 }, name);
    ayni_hex_text((struct ayni_bytes){ chain->bytes, 8 }, hash);
    snprintf(lines->lines[lines->count++], LINE_SIZE, "%s %llu-%llu %s%s\n", name,
             (unsigned long long)start, (unsigned long long)end, hash, ended ? " ended" : "");
}

static int by_line(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Each once, in order. */
static void put_lines(struct lines *lines, struct ayni_buffer *text)
{
    qsort(lines->lines, lines->count, LINE_SIZE, by_line);
    for (size_t i = 0; i < lines->count; i++)
        if (i == 0 || strcmp(lines->lines[i], lines->lines[i - 1]) != 0)
            ayni_buffer_append_text(text, lines->lines[i]);
    ayni_buffer_append_byte(text, '\0');
}

void tree_segments(const struct tree *tree, struct ayni_buffer *text)
{
    struct lines *lines = calloc(1, sizeof(*lines));

    for (size_t i = 0; i < tree->count; i++) {
        const struct tree_history *history = &tree->histories[i];
        struct ayni_feed id = tree->feed;
        uint64_t start = 0;
        for (uint64_t seq = 0; seq <= history->length; seq++) {
            bool ended = forks_after(tree, history, seq);
            if (!ended && seq < history->length)
                continue;
            add_line(lines, &id, start, seq, &history->chains[seq], ended);
            start = seq;
            if (ended)
                id = ayni_feed_branch(&tree->feed, seq + 1, &history->chains[seq + 1]);
        }
    }
    put_lines(lines, text);
    free(lines);
}

static bool add_segment(void *context, const struct log_segment *segment)
{
    add_line(context, &segment->id, segment->start.seq, segment->head.seq, &segment->head.chain,
             segment->ended);
    return true;
}

void tree_segments_of_log(struct log_snapshot *log, const struct ayni_feed *feed,
                          struct ayni_buffer *text)
{
    struct lines *lines = calloc(1, sizeof(*lines));
    enum ayni_status status = log_each_segment_of(log, feed, add_segment, lines);

    assert(status == AYNI_OK || status == AYNI_E_NOT_FOUND);
    put_lines(lines, text);
    free(lines);
}
