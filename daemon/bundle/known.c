#include "daemon/bundle/known.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/bundle/met.h"
#include "daemon/clock.h"
#include "daemon/net/meets.h"
#include "proto/limits.h"

struct known {
    struct ayni_bundle_id bundle;
    struct ayni_instant time;
    struct ayni_listed_head *heads; /* by name */
    size_t head_count;
    struct met *met; /* NULL: what it said is all that counts */
};

enum { NAME_SIZE = AYNI_NODE_TEXT_SIZE + 16 };

static void setting_name(const struct ayni_node *node, char name[NAME_SIZE])
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(node, text);
    snprintf(name, NAME_SIZE, "bundle/heads/%s", text);
}

/* --- in the settings: bundle 16, time u64, then name 16, seq u64, mark 16 of each head --- */

enum { PREFACE_SIZE = 24, HEAD_SIZE = 40 };

enum { CLOCKS_APART_MS = 24 * 3600 * 1000 };

static void put_head(const struct ayni_listed_head *head, struct ayni_buffer *to)
{
    uint8_t seq[8];

    ayni_put_u64(seq, head->seq);
    ayni_buffer_append(to, head->feed.bytes, sizeof(head->feed.bytes));
    ayni_buffer_append(to, seq, sizeof(seq));
    ayni_buffer_append(to, head->mark.bytes, sizeof(head->mark.bytes));
}

static void get_head(const uint8_t *from, struct ayni_listed_head *head)
{
    memcpy(head->feed.bytes, from, sizeof(head->feed.bytes));
    head->seq = ayni_get_u64(from + 16);
    memcpy(head->mark.bytes, from + 24, sizeof(head->mark.bytes));
}

static int by_name(const void *a, const void *b)
{
    const struct ayni_listed_head *one = a, *other = b;

    return ayni_id_compare(&one->feed, &other->feed);
}

static enum ayni_status decode(struct ayni_bytes bytes, struct known *known)
{
    if (bytes.size < PREFACE_SIZE || (bytes.size - PREFACE_SIZE) % HEAD_SIZE != 0)
        return AYNI_E_MALFORMED;
    memcpy(known->bundle.bytes, bytes.data, sizeof(known->bundle.bytes));
    known->time.ms = ayni_get_u64(bytes.data + 16);
    known->head_count = (bytes.size - PREFACE_SIZE) / HEAD_SIZE;
    known->heads = calloc(known->head_count + 1, sizeof(*known->heads));
    if (known->heads == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < known->head_count; i++)
        get_head(bytes.data + PREFACE_SIZE + i * HEAD_SIZE, &known->heads[i]);
    qsort(known->heads, known->head_count, sizeof(*known->heads), by_name);
    return AYNI_OK;
}

/* --- reading --- */

/* What it said itself; nothing where it is damaged. */
static enum ayni_status load_said(struct log_snapshot *snapshot, const struct ayni_node *node,
                                  struct known *known)
{
    SCOPED_BUFFER value = { 0 };
    char name[NAME_SIZE];

    setting_name(node, name);
    enum ayni_status status = log_get_setting(snapshot, name, &value);
    if (status == AYNI_OK)
        status = decode(ayni_buffer_bytes(&value), known);
    return status == AYNI_E_NOT_FOUND || status == AYNI_E_MALFORMED ? AYNI_OK : status;
}

enum ayni_status known_load(struct log_snapshot *snapshot, const struct known_options *options,
                            struct known **known)
{
    struct known *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = load_said(snapshot, &options->node, made);
    if (status == AYNI_OK && !options->said_only)
        status = met_load(snapshot, &options->instance, &options->node, &made->met);
    if (status != AYNI_OK) {
        known_free(made);
        return status;
    }
    *known = made;
    return AYNI_OK;
}

void known_free(struct known *known)
{
    if (known == NULL)
        return;
    met_free(known->met);
    free(known->heads);
    free(known);
}

static const struct ayni_listed_head *find_said(const struct known *known,
                                                const struct ayni_feed_prefix *feed)
{
    struct ayni_listed_head wanted = { .feed = *feed };

    return known->head_count == 0
               ? NULL
               : bsearch(&wanted, known->heads, known->head_count, sizeof(wanted), by_name);
}

static enum ayni_status said_seq(const struct known *known, struct log_snapshot *snapshot,
                                 const struct log_segment *segment, uint64_t *seq)
{
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&segment->id);
    const struct ayni_listed_head *said = find_said(known, &name);
    struct ayni_hash chain;

    *seq = segment->start.seq;
    if (said == NULL || said->seq <= segment->start.seq)
        return AYNI_OK;
    if (said->seq > segment->head.seq) { /* it holds more than there is to bring */
        *seq = segment->head.seq;
        return AYNI_OK;
    }
    enum ayni_status status = log_get_chain(snapshot, segment->no, said->seq, &chain);
    if (status != AYNI_OK)
        return status;
    struct ayni_chain_mark mark = ayni_chain_mark_of(&chain);
    if (ayni_id_equal(&mark, &said->mark))
        *seq = said->seq;
    return AYNI_OK;
}

enum ayni_status known_seq(const struct known *known, struct log_snapshot *snapshot,
                           const struct log_segment *segment, uint64_t *seq)
{
    enum ayni_status status = said_seq(known, snapshot, segment, seq);
    uint64_t met = known->met == NULL ? 0 : met_seq(known->met, segment);

    if (status == AYNI_OK && met > *seq)
        *seq = met;
    return status;
}

/* --- keeping --- */

void known_add(struct known_statement *statement, const struct ayni_bundle_heads *heads)
{
    struct ayni_listed_head head;

    for (size_t position = 0; ayni_bundle_heads_next(heads, &position, &head);)
        if (statement->heads.size < AYNI_BUNDLE_KNOWN_MAX * sizeof(head))
            ayni_buffer_append(&statement->heads, &head, sizeof(head));
}

struct keeping {
    struct log_job job; /* first */
    const struct known_statement *statement;
};

/* What is kept already of the same bundle stays. */
static void put_before(const struct known *before, const struct known_statement *statement,
                       struct ayni_buffer *to)
{
    if (!ayni_id_equal(&before->bundle, &statement->bundle))
        return;
    for (size_t i = 0; i < before->head_count; i++)
        put_head(&before->heads[i], to);
}

static void put_statement(const struct known *before, const struct known_statement *statement,
                          struct ayni_buffer *to)
{
    const struct ayni_listed_head *heads = (const struct ayni_listed_head *)statement->heads.data;
    bool same = ayni_id_equal(&before->bundle, &statement->bundle);
    uint8_t time[8];

    ayni_put_u64(time, statement->time.ms);
    ayni_buffer_append(to, statement->bundle.bytes, sizeof(statement->bundle.bytes));
    ayni_buffer_append(to, time, sizeof(time));
    put_before(before, statement, to);
    for (size_t i = 0; i < statement->heads.size / sizeof(*heads); i++)
        if (to->size < PREFACE_SIZE + AYNI_BUNDLE_KNOWN_MAX * HEAD_SIZE &&
            (!same || find_said(before, &heads[i].feed) == NULL))
            put_head(&heads[i], to);
}

/* In the log writer's thread. */
static enum ayni_status keep(struct log_job *job, struct log_txn *txn)
{
    const struct known_statement *statement = ((struct keeping *)job)->statement;
    struct known_options options = { .node = statement->node, .said_only = true };
    struct known *before;
    SCOPED_BUFFER value = { 0 };
    char name[NAME_SIZE];

    setting_name(&statement->node, name);
    enum ayni_status status = known_load(log_txn_snapshot(txn), &options, &before);
    if (status != AYNI_OK)
        return status;
    /* What came from a clock that was wrong doesn't hold for ever. */
    bool older =
        before->time.ms > statement->time.ms && before->time.ms <= clock_now().ms + CLOCKS_APART_MS;
    if (!older)
        put_statement(before, statement, &value);
    known_free(before);
    status = ayni_buffer_status(&value);
    if (status != AYNI_OK || older)
        return status;
    status = meets_forget(txn, &statement->node);
    return status == AYNI_OK ? log_txn_put_setting(txn, name, ayni_buffer_bytes(&value)) : status;
}

enum ayni_status known_keep(struct log_writer *writer, const struct known_statement *statement)
{
    struct keeping keeping = { .job.run = keep, .statement = statement };

    return statement->heads.failed ? AYNI_E_MEMORY : log_writer_run(writer, &keeping.job);
}
