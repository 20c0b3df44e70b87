#include "daemon/records/conflict.h"

static void add_node(struct conflict *conflict, const struct ayni_node *node)
{
    size_t at = 0;

    while (at < conflict->node_count && ayni_id_compare(&conflict->nodes[at], node) < 0)
        at++;
    if (at < conflict->node_count && ayni_id_equal(&conflict->nodes[at], node))
        return;
    if (conflict->node_count == CONFLICT_NODES_MAX)
        return;
    memmove(&conflict->nodes[at + 1], &conflict->nodes[at],
            (conflict->node_count - at) * sizeof(conflict->nodes[0]));
    conflict->nodes[at] = *node;
    conflict->node_count++;
}

static void add_field(struct conflict *conflict, uint32_t number)
{
    if (conflict->field_count < CONFLICT_FIELDS_MAX)
        conflict->fields[conflict->field_count++] = number;
}

/* The first of its fields; of those merged the last. */
static void add_since(enum conflict_kind kind, struct ayni_instant since, struct conflict *conflict)
{
    bool first = conflict->field_count == 0;

    if (first || (kind == CONFLICT_OPEN) == (since.ms < conflict->since.ms))
        conflict->since = since;
}

struct ayni_instant conflict_field_since(const struct record_state *state,
                                         const struct ayni_folded_field *field)
{
    uint64_t first = UINT64_MAX;
    uint64_t second = UINT64_MAX;

    for (size_t i = 0; i < field->alternative_count; i++) {
        const struct ayni_alternative *alternative = &field->alternatives[i];
        uint64_t ms = state->items[alternative->items[alternative->item_count - 1]].time.ms;
        second = ms < first ? first : ms < second ? ms : second;
        first = ms < first ? ms : first;
    }
    return (struct ayni_instant){ second };
}

static void add_alternatives(const struct record_state *state,
                             const struct ayni_folded_field *field, enum conflict_kind kind,
                             struct conflict *conflict)
{
    for (size_t i = 0; i < field->alternative_count; i++)
        for (size_t j = 0; j < field->alternatives[i].item_count; j++)
            add_node(conflict, &state->items[field->alternatives[i].items[j]].node);
    add_since(kind, conflict_field_since(state, field), conflict);
    add_field(conflict, field->number);
}

/* Since the later of the two that don't know of each other. */
static void add_deletion(const struct record_state *state, struct conflict *conflict)
{
    const struct ayni_fold_item *deletes = &state->items[state->folded.deletes];
    const struct ayni_fold_item *keeps = &state->items[state->folded.keeps];

    add_node(conflict, &deletes->node);
    add_node(conflict, &keeps->node);
    add_since(CONFLICT_OPEN, deletes->time.ms < keeps->time.ms ? keeps->time : deletes->time,
              conflict);
    add_field(conflict, 0);
}

bool conflict_of(const struct record_state *state, enum conflict_kind kind,
                 struct conflict *conflict)
{
    conflict->key = state->key;
    conflict->field_count = 0;
    conflict->node_count = 0;
    if (state->folded.deleted)
        return false;
    if (kind == CONFLICT_OPEN && state->folded.delete_contested)
        add_deletion(state, conflict);
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (kind == CONFLICT_OPEN ? field->contested : field->merged)
            add_alternatives(state, field, kind, conflict);
    }
    return conflict->field_count > 0;
}

void conflict_encode(const struct conflict *conflict, struct ayni_buffer *to)
{
    uint8_t *head = ayni_buffer_extend(to, 8 + 1 + 4 * conflict->field_count);

    if (head == NULL)
        return;
    ayni_put_u64(head, conflict->since.ms);
    head[8] = (uint8_t)conflict->field_count;
    for (size_t i = 0; i < conflict->field_count; i++)
        ayni_put_u32(head + 9 + 4 * i, conflict->fields[i]);
    ayni_buffer_append(to, conflict->nodes, conflict->node_count * sizeof(conflict->nodes[0]));
}

enum ayni_status conflict_decode(const struct record_key *key, struct ayni_bytes value,
                                 struct conflict *conflict)
{
    size_t fields = value.size < 9 ? 0 : value.data[8];
    size_t nodes = value.size < 9 + 4 * fields ? SIZE_MAX : value.size - 9 - 4 * fields;

    if (value.size < 9 || fields > CONFLICT_FIELDS_MAX || nodes % 32 != 0 ||
        nodes / 32 > CONFLICT_NODES_MAX)
        return AYNI_E_MALFORMED;
    conflict->key = *key;
    conflict->since.ms = ayni_get_u64(value.data);
    conflict->field_count = fields;
    for (size_t i = 0; i < fields; i++)
        conflict->fields[i] = ayni_get_u32(value.data + 9 + 4 * i);
    conflict->node_count = nodes / 32;
    memcpy(conflict->nodes, value.data + 9 + 4 * fields, nodes);
    return AYNI_OK;
}

/* --- by their age --- */

/* The table of rows of a kind, and that of their ages. */
static size_t rows_of(enum conflict_kind kind)
{
    return kind == CONFLICT_OPEN ? RECORDS_TABLE_CONFLICTS : RECORDS_TABLE_MERGED;
}

static size_t ages_of(enum conflict_kind kind)
{
    return kind == CONFLICT_OPEN ? RECORDS_TABLE_AGES : RECORDS_TABLE_MERGED_AGES;
}

/* The first is the first that isn't too old. */
static bool next_age(struct views_cursor *cursor, const struct conflict_filter *filter,
                     struct conflict_cursor *from, struct ayni_bytes *key)
{
    const struct record_key least = { .type = 0 };
    struct ayni_bytes nothing;

    if (cursor->placed)
        return views_cursor_next(cursor, key, &nothing);
    if (!from->started)
        age_key_encode(filter->since, &least, from->last);
    return views_cursor_after(cursor, (struct ayni_bytes){ from->last, sizeof(from->last) }, key,
                              &nothing);
}

/* AYNI_E_NOT_FOUND where no row is so old: what damage left. */
static enum ayni_status get_conflict(struct reader *reader, enum conflict_kind kind,
                                     struct ayni_bytes age, struct conflict *conflict)
{
    const struct ayni_bytes name = { age.data + 8, RECORD_KEY_SIZE };
    struct record_key key = { .type = 0 };
    struct ayni_bytes value;
    enum ayni_status status = views_get(reader_views(reader), rows_of(kind), name, &value);

    record_key_decode(name.data, &key);
    if (status == AYNI_OK)
        status = conflict_decode(&key, value, conflict);
    return status == AYNI_OK && conflict->since.ms != ayni_get_u64(age.data) ? AYNI_E_NOT_FOUND
                                                                             : status;
}

static bool is_asked(const struct conflict_filter *filter, struct ayni_bytes age)
{
    struct record_key key = { .type = 0 };

    record_key_decode(age.data + 8, &key);
    return (filter->type == 0 || key.type == filter->type) &&
           (filter->space == NULL || ayni_id_equal(&key.space, filter->space));
}

enum ayni_status conflicts_each(struct reader *reader, const struct conflict_filter *filter,
                                struct conflict_cursor *from,
                                bool (*visit)(void *context, const struct conflict *conflict),
                                void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct conflict conflict;
    struct ayni_bytes age;
    bool more = true;

    views_cursor_open(reader_views(reader), ages_of(filter->kind), (struct ayni_bytes){ 0 },
                      &cursor);
    for (size_t looked = 0; more && next_age(&cursor, filter, from, &age); looked++) {
        if (age.size != AGE_KEY_SIZE)
            continue;
        from->started = true;
        memcpy(from->last, age.data, AGE_KEY_SIZE);
        more = looked + 1 < CONFLICT_ROWS_MAX;
        if (!is_asked(filter, age))
            continue;
        enum ayni_status status = get_conflict(reader, filter->kind, age, &conflict);
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
        more = (status != AYNI_OK || visit(context, &conflict)) && more;
    }
    from->done = more;
    return cursor.status;
}

enum ayni_status conflicts_count(struct reader *reader, enum conflict_kind kind, uint64_t *count)
{
    return views_count(reader_views(reader), rows_of(kind), count);
}
