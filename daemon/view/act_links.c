#include "daemon/view/act_links.h"

#include <stdlib.h>

#include "daemon/records/links/link_component.h"
#include "daemon/records/walk.h"
#include "daemon/view/shown.h"
#include "proto/cbor.h"

/* Two that a decision joins. */
struct pair {
    struct ayni_record a, b;
};

void act_links_free(struct act_links *links)
{
    free(links->ids);
    free(links->parents);
    free(links->sizes);
    *links = (struct act_links){ 0 };
}

/* --- the decisions --- */

static bool read_end(const struct record_state *state, uint32_t field, struct ayni_record *end)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));

    ayni_cbor_read_id(&reader, end);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

static void note_pair(const struct record_state *state, struct ayni_buffer *pairs)
{
    struct ayni_bytes verdict = shown_text(record_state_value(state, LINK_FIELD_VERDICT));
    const struct ayni_bytes same = ayni_bytes_of_text(link_verdict_word(LINK_SAME));
    struct pair pair;

    if (!record_state_gone(state) && ayni_bytes_equal(verdict, same) &&
        read_end(state, LINK_FIELD_A, &pair.a) && read_end(state, LINK_FIELD_B, &pair.b))
        ayni_buffer_append(pairs, &pair, sizeof(pair));
}

static enum ayni_status read_pairs(struct reader *reader, const struct ayni_space *space,
                                   struct ayni_buffer *pairs)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_type(reader, space, LINK_TYPE, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        enum ayni_status status = reader_fold_refs(reader, &key, walk.value, &state);
        if (status == AYNI_OK)
            note_pair(&state, pairs);
        else if (status != AYNI_E_NOT_FOUND)
            return status;
    }
    return walk.status == AYNI_OK ? ayni_buffer_status(pairs) : walk.status;
}

/* --- who is one --- */

static int compare_ids(const void *a, const void *b)
{
    const struct ayni_record *x = a, *y = b;

    return ayni_id_compare(x, y);
}

/* The ids of all pairs, each once. */
static enum ayni_status take_ids(const struct pair *pairs, size_t count, struct act_links *links)
{
    links->ids = calloc(2 * count, sizeof(*links->ids));
    links->parents = calloc(2 * count, sizeof(*links->parents));
    links->sizes = calloc(2 * count, sizeof(*links->sizes));
    if (links->ids == NULL || links->parents == NULL || links->sizes == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        links->ids[2 * i] = pairs[i].a;
        links->ids[2 * i + 1] = pairs[i].b;
    }
    qsort(links->ids, 2 * count, sizeof(*links->ids), compare_ids);
    for (size_t i = 0; i < 2 * count; i++)
        if (links->count == 0 || !ayni_id_equal(&links->ids[links->count - 1], &links->ids[i]))
            links->ids[links->count++] = links->ids[i];
    for (size_t i = 0; i < links->count; i++) {
        links->parents[i] = (uint32_t)i;
        links->sizes[i] = 1;
    }
    return AYNI_OK;
}

static bool find(const struct act_links *links, const struct ayni_record *record, uint32_t *at)
{
    const struct ayni_record *found = links->count == 0 ? NULL
                                                        : bsearch(record, links->ids, links->count,
                                                                  sizeof(*links->ids), compare_ids);

    if (found == NULL)
        return false;
    *at = (uint32_t)(found - links->ids);
    return true;
}

/* The larger takes the smaller in, so ways up stay short. */
static uint32_t top_of(const struct act_links *links, uint32_t at)
{
    while (links->parents[at] != at)
        at = links->parents[at];
    return at;
}

static void join(struct act_links *links, const struct pair *pair)
{
    uint32_t a, b;

    if (!find(links, &pair->a, &a) || !find(links, &pair->b, &b))
        return;
    a = top_of(links, a);
    b = top_of(links, b);
    if (a == b)
        return;
    if (links->sizes[a] < links->sizes[b]) {
        uint32_t other = a;
        a = b;
        b = other;
    }
    links->parents[b] = a;
    links->sizes[a] += links->sizes[b];
}

enum ayni_status act_links_read(struct reader *reader, const struct ayni_space *space,
                                struct act_links *links)
{
    SCOPED_BUFFER bytes = { 0 };
    enum ayni_status status = read_pairs(reader, space, &bytes);
    const struct pair *pairs = (const struct pair *)bytes.data;
    size_t count = bytes.size / sizeof(*pairs);

    *links = (struct act_links){ 0 };
    if (status != AYNI_OK || count == 0)
        return status;
    status = take_ids(pairs, count, links);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        join(links, &pairs[i]);
    if (status != AYNI_OK)
        act_links_free(links);
    return status;
}

bool act_links_group(const struct act_links *links, const struct ayni_record *record,
                     uint32_t *group)
{
    uint32_t at;

    if (!find(links, record, &at))
        return false;
    *group = top_of(links, at);
    return links->sizes[*group] > 1 && links->sizes[*group] <= LINK_MEMBERS_MAX;
}
