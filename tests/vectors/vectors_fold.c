#include <stdio.h>
#include <stdlib.h>

#include "tests/support/history.h"
#include "tests/vectors/vector.h"

/*
 * What some node of an invented federation (tests/support/history.h) holds of
 * one record, and what must come of it: the state, and the context of that
 * node's next version. Entries are given in the order in which they were
 * written; "before" is the chain hash of the entry before it on its chain.
 */
enum { CASES = 12, ENTRIES_MIN = 12, ENTRIES_MAX = 26 };

static void put_rules(json_t *made)
{
    static const char *const names[] = { "review", "latest", "max", "min", "union", "authority" };
    json_t *rules = vector_put_object(made, "rules");

    for (uint32_t i = 1; i < HISTORY_FIELD_NUMBERS; i++) {
        struct ayni_merge_rule rule = history_rule(NULL, 0, i);
        char number[12];
        char text[64];
        snprintf(number, sizeof(number), "%u", i);
        snprintf(text, sizeof(text), "%s%s%.*s", names[rule.merge], rule.role.size == 0 ? "" : ":",
                 (int)rule.role.size, rule.role.size == 0 ? "" : (const char *)rule.role.data);
        json_object_set_new(rules, number, json_string(text));
    }
}

static void put_payload(const struct history *h, int node, int at, json_t *made)
{
    SCOPED_BUFFER payload = { 0 };
    const struct history_entry *entry = &h->entries[at];

    if (h->nodes[node].erased[at]) {
        vector_put_text(made, "payload", ayni_bytes_of_text("erased"));
    } else if (h->nodes[node].hollow[at]) {
        vector_put_text(made, "payload", ayni_bytes_of_text("unreadable"));
    } else if (!entry->of_record) {
        vector_put_text(made, "payload", ayni_bytes_of_text("of another record"));
    } else {
        ayni_version_encode(&entry->version, &payload);
        vector_put_hex(made, "payload", ayni_buffer_bytes(&payload));
    }
}

static void put_entries(const struct history *h, int node, json_t *made)
{
    json_t *entries = vector_put_array(made, "entries");

    for (int i = 0; i < h->entry_count; i++) {
        const struct history_entry *entry = &h->entries[i];
        if (!h->nodes[node].holds[i])
            continue;
        json_t *put = json_object();
        vector_put_id(put, "feed", &h->feeds[entry->feed].id);
        vector_put_number(put, "seq", entry->seq);
        vector_put_id(put, "chain", &entry->chain);
        if (entry->before >= 0)
            vector_put_id(put, "before", &h->entries[entry->before].chain);
        vector_put_number(put, "time", entry->time_ms);
        put_payload(h, node, i, put);
        json_array_append_new(entries, put);
    }
}

/* What the registry says of the versions that can be read: their right, and the roles of their
 * writers. */
static void put_standing(const struct ayni_fold_item *items, size_t count, json_t *made)
{
    json_t *standing = vector_put_object(made, "standing");

    for (size_t i = 0; i < count; i++) {
        char chain[65];
        ayni_hex_text((struct ayni_bytes){ items[i].chain.bytes, 32 }, chain);
        json_t *put = vector_put_object(standing, chain);
        json_object_set_new(put, "valid", json_boolean(items[i].valid));
        json_t *roles = vector_put_array(put, "roles");
        const char *word = (const char *)items[i].roles.data;
        const char *end = word + items[i].roles.size;
        for (; word < end; word += strnlen(word, (size_t)(end - word)) + 1)
            json_array_append_new(roles, json_stringn(word, strnlen(word, (size_t)(end - word))));
    }
}

static json_t *chain_of(const struct ayni_fold_item *item)
{
    char chain[65];

    ayni_hex_text((struct ayni_bytes){ item->chain.bytes, 32 }, chain);
    return json_string(chain);
}

static json_t *field_of(const struct ayni_folded *folded, const struct ayni_folded_field *field)
{
    json_t *made = json_object();

    vector_put_number(made, "number", field->number);
    vector_put_hex(made, "shown", field->shown);
    json_object_set_new(made, "contested", json_boolean(field->contested));
    json_object_set_new(made, "merged", json_boolean(field->merged));
    json_t *alternatives = vector_put_array(made, "alternatives");
    for (size_t i = 0; i < field->alternative_count; i++) {
        const struct ayni_alternative *alternative = &field->alternatives[i];
        json_t *put = json_object();
        vector_put_hex(put, "value", alternative->value);
        json_t *by = vector_put_array(put, "by");
        for (size_t k = 0; k < alternative->item_count; k++)
            json_array_append_new(by, chain_of(&folded->items[alternative->items[k]]));
        json_array_append_new(alternatives, put);
    }
    return made;
}

static void put_state(const struct ayni_folded *folded, json_t *made)
{
    json_t *state = vector_put_object(made, "state");

    json_object_set_new(state, "deleted", json_boolean(folded->deleted));
    json_object_set_new(state, "delete_contested", json_boolean(folded->delete_contested));
    json_object_set_new(state, "contested", json_boolean(folded->contested));
    json_t *fields = vector_put_array(state, "fields");
    for (size_t i = 0; i < folded->field_count; i++)
        json_array_append_new(fields, field_of(folded, &folded->fields[i]));
    json_t *withdrawn = vector_put_array(state, "withdrawn");
    for (size_t i = 0; i < folded->item_count; i++)
        if (folded->withdrawn[i])
            json_array_append_new(withdrawn, chain_of(&folded->items[i]));
}

static void put_context(struct history *h, int node, const struct ayni_fold_item *items,
                        size_t count, const struct ayni_fold_chains *chains, json_t *made)
{
    SCOPED_BUFFER context = { 0 };
    int feed = h->nodes[node].feed;
    struct ayni_seen *seen;
    size_t seen_count;

    vector_expect(ayni_fold_context(items, count, chains, feed < 0 ? NULL : &h->feeds[feed].id,
                                    &seen, &seen_count),
                  AYNI_OK, "context");
    ayni_context_put(seen, seen_count, &context);
    free(seen);
    if (feed >= 0)
        vector_put_id(made, "own", &h->feeds[feed].id);
    vector_put_hex(made, "context", ayni_buffer_bytes(&context));
}

static void add_history(json_t *cases, struct history *h, int node)
{
    struct ayni_fold_item items[HISTORY_ENTRIES_MAX];
    struct ayni_fold_chains chains = { h, history_fits, history_on_chain };
    struct ayni_folded folded;
    char name[64];

    snprintf(name, sizeof(name), "history %llu as node %d has it", (unsigned long long)h->seed,
             node);
    json_t *made = vector_case(cases, name);
    h->reader = node;
    size_t count = history_items(h, node, items);
    put_rules(made);
    put_entries(h, node, made);
    put_standing(items, count, made);
    vector_expect(ayni_fold(items, count, &chains, history_rule, NULL, &folded), AYNI_OK, name);
    put_state(&folded, made);
    ayni_folded_free(&folded);
    put_context(h, node, items, count, &chains, made);
}

static size_t held_count(const struct history *h, int node)
{
    size_t count = 0;

    for (int i = 0; i < h->entry_count; i++)
        count += h->nodes[node].holds[i];
    return count;
}

json_t *vectors_fold(void)
{
    json_t *cases = json_array();
    struct history *h = calloc(1, sizeof(*h));

    for (uint64_t seed = 1; h != NULL && json_array_size(cases) < CASES; seed++) {
        history_start(h, seed);
        for (int i = 0; i < 90; i++)
            history_go_on(h);
        if (seed % 3 == 0)
            history_settle(h);
        int node = (int)(seed % (uint64_t)h->node_count);
        size_t held = held_count(h, node);
        if (held >= ENTRIES_MIN && held <= ENTRIES_MAX)
            add_history(cases, h, node);
        history_end(h);
    }
    free(h);
    return cases;
}
