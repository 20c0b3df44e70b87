#include "proto/bundle_item.h"

#include "proto/limits.h"
#include "proto/message_read.h"

enum { CONTENTS_ELEMENTS = 3, HEADS_ELEMENTS = 2, RUNS_ELEMENTS = 6 };

/* --- writing --- */

void ayni_bundle_contents_put(uint64_t entries, const struct ayni_bundle_space *spaces,
                              size_t count, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, CONTENTS_ELEMENTS);
    ayni_cbor_put_uint(to, AYNI_BUNDLE_CONTENTS);
    ayni_cbor_put_uint(to, entries);
    ayni_cbor_put_array(to, 2 * count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_id(to, &spaces[i].space);
        ayni_cbor_put_uint(to, spaces[i].entries);
    }
}

void ayni_bundle_heads_put(const struct ayni_listed_head *heads, size_t count,
                           struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, HEADS_ELEMENTS);
    ayni_cbor_put_uint(to, AYNI_BUNDLE_HEADS);
    ayni_cbor_put_array(to, 3 * count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_id(to, &heads[i].feed);
        ayni_cbor_put_uint(to, heads[i].seq);
        ayni_cbor_put_id(to, &heads[i].mark);
    }
}

void ayni_bundle_runs_put(const struct ayni_bundle_runs *runs, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, RUNS_ELEMENTS);
    ayni_cbor_put_uint(to, AYNI_BUNDLE_RUNS);
    ayni_cbor_put_id(to, &runs->feed);
    ayni_feed_descriptor_encode(&runs->descriptor, to);
    ayni_cbor_put_uint(to, runs->from.seq);
    ayni_cbor_put_id(to, &runs->from.chain);
    ayni_cbor_put_bytes(to, runs->runs);
}

/* --- reading --- */

static void read_space(struct ayni_cbor_reader *r, struct ayni_bundle_space *space)
{
    ayni_cbor_read_id(r, &space->space);
    space->entries = ayni_cbor_read_uint(r);
}

static void read_head(struct ayni_cbor_reader *r, struct ayni_listed_head *head)
{
    ayni_cbor_read_id(r, &head->feed);
    head->seq = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &head->mark);
    malformed_unless(r, head->seq > 0);
}

/* The head of an array of `count` things that are `elements` each. */
static size_t read_list(struct ayni_cbor_reader *r, size_t elements, size_t count_max)
{
    size_t count = ayni_cbor_read_array(r);

    malformed_unless(r, count % elements == 0);
    if (count / elements > count_max)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    return r->status == AYNI_OK ? count / elements : 0;
}

static void read_contents(struct ayni_cbor_reader *r, struct ayni_bundle_contents *contents)
{
    struct ayni_bundle_space space, before = { 0 };

    contents->entries = ayni_cbor_read_uint(r);
    size_t count = read_list(r, 2, AYNI_BUNDLE_SPACES_MAX), start = r->position;
    for (size_t i = 0; i < count && r->status == AYNI_OK; i++) {
        read_space(r, &space);
        malformed_unless(r, i == 0 || ayni_id_compare(&before.space, &space.space) < 0);
        before = space;
    }
    contents->spaces = read_since(r, start);
}

static void read_heads(struct ayni_cbor_reader *r, struct ayni_bundle_heads *heads)
{
    struct ayni_listed_head head;
    size_t count = read_list(r, 3, AYNI_BUNDLE_HEADS_MAX), start = r->position;

    for (size_t i = 0; i < count && r->status == AYNI_OK; i++)
        read_head(r, &head);
    heads->heads = read_since(r, start);
}

static void read_runs(struct ayni_cbor_reader *r, struct ayni_bundle_runs *runs)
{
    ayni_cbor_read_id(r, &runs->feed);
    struct ayni_bytes descriptor = ayni_cbor_read_raw(r);
    malformed_unless(r, r->status != AYNI_OK ||
                            ayni_feed_descriptor_decode(descriptor, &runs->descriptor) == AYNI_OK);
    runs->from.seq = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &runs->from.chain);
    runs->runs = ayni_cbor_read_bytes(r);
    if (runs->runs.size > AYNI_BATCH_SIZE_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
}

/* One whole item, whose type has been read; its known elements beside the type are counted. */
static size_t read_known(struct ayni_cbor_reader *r, struct ayni_bundle_item *item)
{
    switch (item->type) {
    case AYNI_BUNDLE_CONTENTS:
        read_contents(r, &item->contents);
        return CONTENTS_ELEMENTS;
    case AYNI_BUNDLE_HEADS:
        read_heads(r, &item->heads);
        return HEADS_ELEMENTS;
    case AYNI_BUNDLE_RUNS:
        read_runs(r, &item->runs);
        return RUNS_ELEMENTS;
    case AYNI_BUNDLE_OTHER:
        break;
    }
    return 1;
}

enum ayni_status ayni_bundle_item_read(struct ayni_bytes bytes, size_t *used,
                                       struct ayni_bundle_item *item)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_bundle_item read = { 0 };

    size_t count = read_begin(&r, 1);
    uint64_t type = ayni_cbor_read_uint(&r);
    read.type = type < AYNI_BUNDLE_OTHER ? (enum ayni_bundle_item_type)type : AYNI_BUNDLE_OTHER;
    size_t known = r.status == AYNI_OK ? read_known(&r, &read) : 0;
    malformed_unless(&r, count >= known);
    read_end(&r, count, known);
    if (r.status != AYNI_OK)
        return r.status == AYNI_E_TRUNCATED ? AYNI_E_MALFORMED : r.status;
    *used = r.position;
    *item = read;
    return AYNI_OK;
}

bool ayni_bundle_contents_next(const struct ayni_bundle_contents *contents, size_t *position,
                               struct ayni_bundle_space *space)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(contents->spaces);

    r.position = *position;
    if (*position >= contents->spaces.size)
        return false;
    read_space(&r, space);
    *position = r.position;
    return true;
}

bool ayni_bundle_heads_next(const struct ayni_bundle_heads *heads, size_t *position,
                            struct ayni_listed_head *head)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(heads->heads);

    r.position = *position;
    if (*position >= heads->heads.size)
        return false;
    read_head(&r, head);
    *position = r.position;
    return true;
}

enum ayni_status ayni_bundle_runs_verify(const struct ayni_node *root,
                                         const struct ayni_bundle_runs *runs, struct ayni_head *end)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_feed feed = ayni_feed_of(root, &runs->descriptor);
    struct ayni_bytes rest = runs->runs;
    struct ayni_instant last_time = { 0 };
    struct ayni_head head = runs->from;
    enum ayni_status status = rest.size > 0 ? AYNI_OK : AYNI_E_MALFORMED;

    while (status == AYNI_OK && rest.size > 0) {
        struct ayni_run run = { .entries = entries };
        size_t used = 0;
        status = ayni_run_read(rest, &used, &run);
        if (status == AYNI_OK)
            status = ayni_run_verify(&run, &feed, &runs->descriptor.node, runs->descriptor.lane,
                                     &head, last_time, &head, NULL);
        if (status == AYNI_OK)
            last_time = run.entries[run.count - 1].time;
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    if (status == AYNI_OK)
        *end = head;
    return status == AYNI_E_TRUNCATED ? AYNI_E_MALFORMED : status;
}
