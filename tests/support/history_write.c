#include "tests/support/history_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/fold_model.h"

static uint64_t below(struct history *h, uint64_t count)
{
    return test_random_below(&h->random, count);
}

/* Also outside of tests, where Check isn't at hand. */
static void require(const struct history *h, int node, bool holds, const char *else_what)
{
    if (holds)
        return;
    fprintf(stderr, "AYNI_SEED=%llu: node %d, step %d: %s\n", (unsigned long long)h->seed, node,
            h->step, else_what);
    abort();
}

static struct ayni_bytes text(const char *word)
{
    return ayni_bytes_of_text(word);
}

/* --- values --- */

#define VALUE(bytes)                                                                               \
    {                                                                                              \
        (const uint8_t *)(bytes), sizeof(bytes) - 1                                                \
    }

/* A few of each kind, so that equal ones are common. Field 10 mixes what a catalogue wouldn't. */
static const struct ayni_bytes numbers[] = { VALUE("\x01"),         VALUE("\x17"),
                                             VALUE("\x18\x18"),     VALUE("\x20"),
                                             VALUE("\x38\x63"),     VALUE("\x19\x01\x00"),
                                             VALUE("\x39\x01\x00"), VALUE("\xf6") };
static const struct ayni_bytes flags[] = { VALUE("\xf4"), VALUE("\xf5"), VALUE("\xf6") };
static const struct ayni_bytes sets[] = { VALUE("\x80"),
                                          VALUE("\x81\x61\x62"),
                                          VALUE("\x82\x61\x61\x61\x63"),
                                          VALUE("\x83\x61\x61\x61\x62\x62\x61\x61"),
                                          VALUE("\x82\x61\x63\x61\x62"),
                                          VALUE("\xf6") };
static const struct ayni_bytes mixed[] = { VALUE("\x61\x7a"), VALUE("\x62\x61\x61"), VALUE("\x05"),
                                           VALUE("\x24"),     VALUE("\xf4"),         VALUE("\xf6"),
                                           VALUE("\x81\x05"), VALUE("\x41\x01") };

#define PICK(h, values) (values)[below(h, sizeof(values) / sizeof((values)[0]))]

static struct ayni_bytes any_value(struct history *h, uint32_t field)
{
    switch (field) {
    case 5:
        return PICK(h, sets);
    case 6:
        return PICK(h, flags);
    case 9:
    case 11:
        return PICK(h, mixed);
    default:
        return PICK(h, numbers);
    }
}

static void set_field(struct history_entry *entry, uint32_t number, struct ayni_bytes value)
{
    struct ayni_version *version = &entry->version;
    size_t at = version->field_count;

    for (size_t i = 0; i < version->field_count; i++)
        if (version->fields[i].number == number)
            return;
    if (at == HISTORY_FIELDS_MAX)
        return;
    version->field_count++;
    for (; at > 0 && version->fields[at - 1].number > number; at--)
        version->fields[at] = version->fields[at - 1];
    version->fields[at] = (struct ayni_field){ number, value };
}

static void set_some_fields(struct history *h, struct history_entry *entry)
{
    for (uint64_t left = 1 + below(h, 3); left > 0; left--) {
        uint32_t number = 1 + (uint32_t)below(h, HISTORY_FIELD_NUMBERS - 1);
        set_field(entry, number, any_value(h, number));
    }
}

/* --- kinds of versions --- */

static const struct ayni_bytes delete_mark = VALUE("\xf5");
static const struct ayni_bytes undelete_mark = VALUE("\xf6");

static void make_import(struct history *h, struct history_entry *entry)
{
    static const char *const names[] = { "padron", "his", "padron", "manual" };
    static const char *const organisations[] = { "A", "A", "B", "A" };
    uint64_t origin = below(h, 4);

    entry->version.origin = text(names[origin]);
    entry->version.origin_organisation = text(organisations[origin]);
    set_some_fields(h, entry);
    if (below(h, 12) == 0)
        set_field(entry, 0, delete_mark);
}

static void make_resolution(struct history *h, struct history_entry *entry,
                            const struct ayni_folded *folded)
{
    entry->version.act = AYNI_ACT_RESOLUTION;
    for (size_t i = 0; i < folded->field_count; i++) {
        const struct ayni_folded_field *field = &folded->fields[i];
        if (field->contested)
            set_field(entry, field->number,
                      field->alternatives[below(h, field->alternative_count)].value);
    }
    if (entry->version.field_count == 0 || below(h, 4) == 0)
        set_some_fields(h, entry);
}

/* Of a resolution as a rule, sometimes of what can't be withdrawn or isn't there. */
static bool make_withdrawal(struct history *h, struct history_entry *entry, int node)
{
    int at = (int)below(h, (uint64_t)h->entry_count);

    for (int tries = 0; tries < 20; tries++) {
        int other = (int)below(h, (uint64_t)h->entry_count);
        if (h->nodes[node].holds[other] && h->entries[other].version.act == AYNI_ACT_RESOLUTION)
            at = other;
    }
    if (h->entries[at].version.act != AYNI_ACT_RESOLUTION && below(h, 4) > 0)
        return false;
    entry->version.act = AYNI_ACT_WITHDRAWAL;
    entry->version.has_withdraws = true;
    entry->version.withdraws.feed = h->feeds[h->entries[at].feed].id;
    entry->version.withdraws.seq = h->entries[at].seq;
    memcpy(entry->version.withdraws.chain.bytes, h->entries[at].chain.bytes, 8);
    if (below(h, 16) == 0)
        entry->version.withdraws.chain.bytes[7] ^= 1;
    return true;
}

static void make_edit(struct history *h, struct history_entry *entry,
                      const struct ayni_folded *folded)
{
    if (below(h, 6) == 0) {
        set_field(entry, 0, delete_mark);
        return;
    }
    if (folded->deleted || folded->delete_contested || below(h, 30) == 0)
        set_field(entry, 0, undelete_mark);
    set_some_fields(h, entry);
}

static void fill(struct history *h, struct history_entry *entry, int node,
                 const struct ayni_folded *folded)
{
    uint64_t kind = below(h, 10);

    entry->version.fields = entry->fields;
    entry->version.type = 101;
    if (kind < 2)
        make_resolution(h, entry, folded);
    else if (kind < 4 && h->entry_count > 0 && make_withdrawal(h, entry, node))
        return;
    else if (kind < 7)
        make_import(h, entry);
    else
        make_edit(h, entry, folded);
}

/* --- contexts --- */

static void forge_pair(struct history *h, struct ayni_seen *seen, int node)
{
    const struct history_entry *entry = &h->entries[below(h, (uint64_t)h->entry_count)];

    *seen = (struct ayni_seen){ .seq = entry->seq };
    memcpy(seen->feed.bytes, h->feeds[entry->feed].id.bytes, sizeof(seen->feed.bytes));
    memcpy(seen->chain.bytes, entry->chain.bytes, sizeof(seen->chain.bytes));
    seen->own = entry->feed == h->nodes[node].feed;
    switch (below(h, 8)) {
    case 0:
        seen->chain.bytes[0] ^= 1;
        break;
    case 1:
        seen->seq += 1 + below(h, 4);
        break;
    case 2:
        seen->seq = UINT64_MAX;
        break;
    default:
        break;
    }
}

static int by_encoding(const void *a, const void *b)
{
    return ayni_seen_order(a, b);
}

/* Forged or not, a context is well-formed: what isn't is refused before any fold. */
static void put_in_order(struct ayni_version *version)
{
    size_t kept = 0;

    qsort(version->seen, version->seen_count, sizeof(*version->seen), by_encoding);
    for (size_t i = 0; i < version->seen_count; i++)
        if (kept == 0 || ayni_seen_order(&version->seen[kept - 1], &version->seen[i]) != 0)
            version->seen[kept++] = version->seen[i];
    version->seen_count = kept;
}

static void forge_context(struct history *h, struct history_entry *entry, int node)
{
    struct ayni_version *version = &entry->version;

    free(version->seen);
    version->seen_count = h->entry_count == 0 ? 0 : below(h, 4);
    version->seen = calloc(version->seen_count + 1, sizeof(*version->seen));
    for (size_t i = 0; i < version->seen_count; i++)
        forge_pair(h, &version->seen[i], node);
    put_in_order(version);
    entry->honest = false;
}

/* What nobody can do: a pair with the hash of the chain that it is itself in. */
static void name_itself(struct history_entry *entry)
{
    struct ayni_seen *seen = &entry->version.seen[entry->version.seen_count++];

    *seen = (struct ayni_seen){ .own = true, .seq = entry->seq };
    memcpy(seen->chain.bytes, entry->chain.bytes, sizeof(seen->chain.bytes));
    put_in_order(&entry->version);
}

static void make_context(struct history *h, struct history_entry *entry, int node,
                         const struct ayni_fold_item *items, size_t count)
{
    const struct ayni_feed *own = &h->feeds[entry->feed].id;
    struct fold_model model = { .context = h, .in_past = history_item_in_past };
    struct ayni_fold_chains chains = { h, history_fits,
                                       history_has_forks(h, node) ? history_on_chain : NULL };
    struct ayni_seen expected[HISTORY_ENTRIES_MAX] = { 0 };
    struct ayni_version *version = &entry->version;

    enum ayni_status status =
        ayni_fold_context(items, count, &chains, own, &version->seen, &version->seen_count);
    require(h, node, status == AYNI_OK, "makes no context");
    size_t expected_count = fold_model_context(&model, items, count, own, expected);
    bool same = version->seen_count == expected_count;
    for (size_t i = 0; same && i < expected_count; i++)
        same = ayni_seen_order(&version->seen[i], &expected[i]) == 0 &&
               version->seen[i].own == expected[i].own;
    require(h, node, same, "makes another context than the model");
    entry->honest = true;
}

/* --- writing --- */

/* A feed of a new incarnation, now and then under an id that begins like another's. */
static bool start_feed(struct history *h, struct history_node *node)
{
    if (h->feed_count == HISTORY_FEEDS_MAX)
        return false;
    struct history_feed *feed = &h->feeds[h->feed_count];
    test_random_fill(&h->random, feed->id.bytes, sizeof(feed->id.bytes));
    if (h->feed_count > 0 && below(h, 8) == 0)
        memcpy(feed->id.bytes, h->feeds[below(h, (uint64_t)h->feed_count)].id.bytes,
               sizeof(struct ayni_feed_prefix));
    feed->writer = node->writer;
    node->feed = h->feed_count++;
    node->tip = -1;
    return true;
}

static void append(struct history *h, struct history_entry *entry, int at)
{
    struct history_node *node = &h->nodes[at];
    const struct history_entry *before = node->tip < 0 ? NULL : &h->entries[node->tip];

    entry->before = node->tip;
    entry->seq = before == NULL ? 1 : before->seq + 1;
    test_random_fill(&h->random, entry->chain.bytes, sizeof(entry->chain.bytes));
    entry->time_ms = (uint64_t)(h->step / 4 + node->clock);
    if (before != NULL && before->time_ms > entry->time_ms)
        entry->time_ms = before->time_ms;
    node->tip = h->entry_count;
    node->holds[h->entry_count++] = true;
}

static bool was_folded(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL;
}

static void note_folded(const struct history *h, struct history_entry *entry,
                        const struct ayni_fold_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int at = history_entry_of(h, &items[i]);
        bool free_way = true;
        for (size_t k = 0; k < count; k++)
            free_way = free_way && (was_folded(&items[k]) ||
                                    !history_in_past(h, history_entry_of(h, &items[k]), at));
        entry->folded[at] = was_folded(&items[i]);
        entry->reached[at] = was_folded(&items[i]) && free_way;
    }
}

void history_write(struct history *h, int at)
{
    struct ayni_fold_item items[HISTORY_ENTRIES_MAX];
    struct history_node *node = &h->nodes[at];
    struct ayni_fold_chains chains = { h, history_fits, history_on_chain };
    struct ayni_folded folded;

    if (h->entry_count == HISTORY_ENTRIES_MAX || (node->feed < 0 && !start_feed(h, node)))
        return;
    struct history_entry *entry = &h->entries[h->entry_count];
    *entry = (struct history_entry){ .feed = node->feed, .of_record = below(h, 6) > 0 };
    h->reader = at;
    if (entry->of_record) {
        size_t count = history_items(h, at, items);
        require(h, at, ayni_fold(items, count, &chains, history_rule, NULL, &folded) == AYNI_OK,
                "doesn't fold");
        make_context(h, entry, at, items, count);
        fill(h, entry, at, &folded);
        ayni_folded_free(&folded);
        note_folded(h, entry, items, count);
        if (below(h, 12) == 0)
            forge_context(h, entry, at);
    }
    append(h, entry, at);
    if (entry->of_record && !entry->honest && below(h, 4) == 0)
        name_itself(entry);
}
