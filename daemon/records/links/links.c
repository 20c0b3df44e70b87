#include "daemon/records/links/links.h"

#include <stdlib.h>

#include "daemon/records/tables.h"
#include "proto/cbor.h"

const char *link_verdict_word(enum link_verdict verdict)
{
    static const char *const words[LINK_VERDICTS] = { "undecided", "same", "different", "twins" };

    return words[verdict];
}

const struct ayni_record *link_other(const struct link *link, const struct ayni_record *record)
{
    return ayni_id_equal(&link->a, record) ? &link->b : &link->a;
}

/* --- one decision --- */

static bool shown_id(const struct record_state *state, uint32_t field, struct ayni_record *record)
{
    struct ayni_cbor_reader value = ayni_cbor_reader(record_state_value(state, field));

    ayni_cbor_read_id(&value, record);
    return ayni_cbor_done(&value) == AYNI_OK;
}

/* What is no word of the catalogue decides nothing. */
static enum link_verdict verdict_of(struct ayni_bytes shown)
{
    struct ayni_cbor_reader value = ayni_cbor_reader(shown);
    struct ayni_bytes word = ayni_cbor_read_text(&value);

    for (int verdict = 0; ayni_cbor_done(&value) == AYNI_OK && verdict < LINK_VERDICTS; verdict++)
        if (ayni_bytes_equal(word, ayni_bytes_of_text(link_verdict_word(verdict))))
            return verdict;
    return LINK_UNDECIDED;
}

static void put_in_order(struct link *link)
{
    struct ayni_record lower = link->b;

    if (ayni_id_compare(&link->a, &link->b) <= 0)
        return;
    link->b = link->a;
    link->a = lower;
}

/* False where it says nothing of two records: deleted, or not of that form. */
static bool read_link(const struct record_state *state, struct link *link)
{
    const struct ayni_folded_field *verdict = ayni_folded_field(&state->folded, LINK_FIELD_VERDICT);

    *link = (struct link){ .decision = state->key };
    if (record_state_gone(state) || verdict == NULL || verdict->alternative_count == 0 ||
        !shown_id(state, LINK_FIELD_A, &link->a) || !shown_id(state, LINK_FIELD_B, &link->b) ||
        ayni_id_equal(&link->a, &link->b))
        return false;
    put_in_order(link);
    const struct ayni_fold_item *item = &state->items[verdict->alternatives[0].items[0]];
    link->verdict = verdict_of(verdict->shown);
    link->contested = verdict->contested;
    link->time = item->time;
    link->chain = item->chain;
    link->has_keep = shown_id(state, LINK_FIELD_KEEP, &link->keep) &&
                     (ayni_id_equal(&link->keep, &link->a) || ayni_id_equal(&link->keep, &link->b));
    return true;
}

/* --- those that name a record --- */

enum ayni_status links_decisions(struct reader *reader, const struct ayni_record *record,
                                 struct ayni_buffer *keys)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, value;
    struct record_key key;

    views_cursor_open(reader_views(reader), RECORDS_TABLE_LINKS,
                      (struct ayni_bytes){ record->bytes, sizeof(record->bytes) }, &cursor);
    while (views_cursor_next(&cursor, &found, &value)) {
        if (found.size != SUBJECT_KEY_SIZE)
            continue;
        memset(&key, 0, sizeof(key));
        record_key_decode(found.data + sizeof(record->bytes), &key);
        ayni_buffer_append(keys, &key, sizeof(key));
    }
    return cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(keys);
}

enum ayni_status links_decisions_on(struct reader *reader, const struct ayni_record *one,
                                    const struct ayni_record *other, struct ayni_buffer *keys)
{
    SCOPED_BUFFER of_one = { 0 };
    SCOPED_BUFFER of_other = { 0 };
    enum ayni_status status = links_decisions(reader, one, &of_one);

    if (status == AYNI_OK)
        status = links_decisions(reader, other, &of_other);
    if (status != AYNI_OK)
        return status;
    const struct record_key *ones = (const struct record_key *)of_one.data;
    const struct record_key *others = (const struct record_key *)of_other.data;
    size_t one_count = of_one.size / sizeof(*ones), other_count = of_other.size / sizeof(*others);
    for (size_t i = 0, j = 0; i < one_count && j < other_count;) {
        int order = record_key_compare(&ones[i], &others[j]);
        if (order == 0)
            ayni_buffer_append(keys, &ones[i], sizeof(ones[i]));
        i += order <= 0;
        j += order >= 0;
    }
    return ayni_buffer_status(keys);
}

static enum ayni_status add_link(struct reader *reader, const struct ayni_record *record,
                                 const struct record_key *key, struct ayni_buffer *links)
{
    SCOPED_STATE state = { 0 };
    struct link link;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (read_link(&state, &link) &&
        (ayni_id_equal(&link.a, record) || ayni_id_equal(&link.b, record)))
        ayni_buffer_append(links, &link, sizeof(link));
    return AYNI_OK;
}

/* Pairs together, and of a pair the decision that was written last first. */
static int by_pair(const void *first, const void *second)
{
    const struct link *one = first, *other = second;
    int order = ayni_id_compare(&one->a, &other->a);

    if (order == 0)
        order = ayni_id_compare(&one->b, &other->b);
    if (order == 0)
        order = (one->time.ms < other->time.ms) - (one->time.ms > other->time.ms);
    return order != 0 ? order : -ayni_id_compare(&one->chain, &other->chain);
}

static bool same_pair(const struct link *one, const struct link *other)
{
    return ayni_id_equal(&one->a, &other->a) && ayni_id_equal(&one->b, &other->b);
}

/* What the decisions with these keys say that names the record. */
static enum ayni_status read_list(struct reader *reader, const struct ayni_record *record,
                                  const struct ayni_buffer *keys, struct link_list *list)
{
    SCOPED_BUFFER links = { 0 };
    enum ayni_status status = AYNI_OK;

    *list = (struct link_list){ .looked_at = keys->size / sizeof(struct record_key) };
    for (size_t i = 0; status == AYNI_OK && i < list->looked_at; i++)
        status = add_link(reader, record, (const struct record_key *)keys->data + i, &links);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&links);
    if (status != AYNI_OK || links.size == 0)
        return status;
    size_t count = links.size / sizeof(struct link);
    list->items = (struct link *)links.data;
    links = (struct ayni_buffer){ 0 };
    qsort(list->items, count, sizeof(*list->items), by_pair);
    for (size_t i = 0; i < count; i++)
        if (list->count == 0 || !same_pair(&list->items[i], &list->items[list->count - 1]))
            list->items[list->count++] = list->items[i];
    return AYNI_OK;
}

enum ayni_status links_of(struct reader *reader, const struct ayni_record *record,
                          struct link_list *list)
{
    SCOPED_BUFFER keys = { 0 };
    enum ayni_status status = links_decisions(reader, record, &keys);

    *list = (struct link_list){ 0 };
    return status == AYNI_OK ? read_list(reader, record, &keys, list) : status;
}

void link_list_free(struct link_list *list)
{
    free(list->items);
    *list = (struct link_list){ 0 };
}

enum ayni_status links_verdict(struct reader *reader, const struct ayni_record *one,
                               const struct ayni_record *other, struct link *link)
{
    SCOPED_LINKS links = { 0 };
    SCOPED_BUFFER keys = { 0 };
    enum ayni_status status = links_decisions_on(reader, one, other, &keys);

    if (status == AYNI_OK)
        status = read_list(reader, one, &keys, &links);
    for (size_t i = 0; status == AYNI_OK && i < links.count; i++) {
        if (!ayni_id_equal(link_other(&links.items[i], one), other))
            continue;
        *link = links.items[i];
        return AYNI_OK;
    }
    return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
}
