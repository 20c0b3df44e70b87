#include "daemon/federation/receipts.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/records/erasure/erasure_drops.h"
#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/erasure/residue.h"
#include "daemon/records/erasure/scrub.h"

/* Found in one snapshot, and written before the next ones are looked for. */
enum { DUE_MAX = 2048 };

struct giving {
    struct records *records;
    struct reader *reader;
    const struct receipts_elsewhere *elsewhere;
    uint64_t scrubbed;
    bool residue;   /* there may be what no drop knows of */
    bool unsettled; /* what is erased is still being found: nobody can say that it is dropped */
    struct due {
        struct ayni_space space;
        enum ayni_receipt_state state;
        bool has_backup;
        struct ayni_entry_name name;
    } * due;
    size_t count;
    struct receipt_owed last; /* looked at */
    bool begun;
    struct receipts_left *left;
    enum ayni_status status;
};

/* --- which receipts are due --- */

static void add_due(struct giving *giving, const struct receipt_owed *owed,
                    const struct ayni_entry_name *name, enum ayni_receipt_state state,
                    bool may_be_in_backup)
{
    giving->due[giving->count++] =
        (struct due){ .space = owed->space,
                      .state = state,
                      .has_backup = may_be_in_backup && giving->elsewhere->backup.exists,
                      .name = *name };
}

/* One that reaches nothing, by the registry as it is, needs no receipt. */
static bool counts(const struct giving *giving, const struct erasure_order *order)
{
    const struct ayni_registry *registry = reader_charter(giving->reader)->registry;

    return ayni_registry_may_receive(registry, &giving->records->node, &order->place.space) &&
           ayni_registry_giver_standing(registry, &order->place, NULL) != AYNI_STANDING_NO_RIGHT;
}

static int by_space(const void *a, const void *b)
{
    return ayni_id_compare((const struct ayni_space *)a, (const struct ayni_space *)b);
}

static bool may_wait_elsewhere(const struct giving *giving, const struct ayni_space *space)
{
    struct ayni_bytes waiting = giving->elsewhere->waiting;

    return waiting.size > 0 && bsearch(space, waiting.data, waiting.size / sizeof(*space),
                                       sizeof(*space), by_space) != NULL;
}

/* In the order in which they come, which is by space. */
static void note_left(struct giving *giving, const struct ayni_space *space,
                      struct ayni_instant since)
{
    struct receipts_left *left = giving->left;
    size_t count = left->spaces.size / sizeof(*space);
    const struct ayni_space *spaces = (const struct ayni_space *)left->spaces.data;

    if (left->since.ms == 0 || since.ms < left->since.ms)
        left->since = since;
    if (count == 0 || !ayni_id_equal(&spaces[count - 1], space))
        ayni_buffer_append(&left->spaces, space, sizeof(*space));
}

static enum ayni_status consider(struct giving *giving, const struct receipt_owed *owed)
{
    struct erasure_order order;
    struct receipt_held own;
    struct erasure_drops drops;
    enum ayni_status status = erasure_order_get(giving->reader, &owed->order, &order);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (!counts(giving, &order))
        return AYNI_OK;
    status = erasure_drops_of(giving->reader, &order, &drops);
    if (status != AYNI_OK || drops.pending)
        return status; /* told of when they are done */
    struct ayni_entry_name name = erasure_order_name(&order);
    enum ayni_receipt_state state = drops.last <= giving->scrubbed && !giving->residue &&
                                            !may_wait_elsewhere(giving, &owed->space)
                                        ? AYNI_RECEIPT_SCRUBBED
                                        : AYNI_RECEIPT_DROPPED;
    status = receipt_get(reader_views(giving->reader), &name, &giving->records->node, &own);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    bool told = status == AYNI_OK && own.arrival > owed->since;
    bool given = told && own.state == state;
    if (state == AYNI_RECEIPT_DROPPED)
        note_left(giving, &owed->space, given ? own.time : clock_now());
    if (!given) /* a backup that was begun when it had been dropped hasn't got it */
        add_due(giving, owed, &name, state, drops.last > 0 && (!told || own.has_backup));
    return AYNI_OK;
}

static bool consider_owed(void *context, const struct receipt_owed *owed)
{
    struct giving *giving = context;

    giving->status = consider(giving, owed);
    giving->last = *owed;
    giving->begun = true;
    return giving->status == AYNI_OK && giving->count < DUE_MAX;
}

static enum ayni_status find_due(struct giving *giving)
{
    struct views_snapshot *views = reader_views(giving->reader);
    enum ayni_status status = scrub_reached(reader_log(giving->reader), &giving->scrubbed);

    giving->count = 0;
    if (status == AYNI_OK)
        status = residue_may_be(reader_log(giving->reader), &giving->residue);
    if (status == AYNI_OK)
        status = erasure_tasks_left(views, &giving->unsettled);
    if (status == AYNI_OK && !giving->unsettled)
        status =
            receipts_each_owed(views, giving->begun ? &giving->last : NULL, consider_owed, giving);
    return status == AYNI_OK ? giving->status : status;
}

/* --- writing them: one for those of a space that say the same --- */

static bool says_the_same(const struct due *a, const struct due *b)
{
    return a->state == b->state && a->has_backup == b->has_backup &&
           ayni_id_equal(&a->space, &b->space);
}

static int by_saying(const void *a, const void *b)
{
    const struct due *left = a, *right = b;
    int order = ayni_id_compare(&left->space, &right->space);

    if (order == 0)
        order = (int)left->state - (int)right->state;
    if (order == 0)
        order = (int)left->has_backup - (int)right->has_backup;
    return order != 0 ? order : ayni_entry_name_compare(&left->name, &right->name);
}

static enum ayni_status write_receipt(struct giving *giving, const struct due *due, size_t count)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_receipt receipt = { .order_count = count,
                                    .state = due->state,
                                    .has_backup = due->has_backup,
                                    .backup_day = giving->elsewhere->backup.day };

    for (size_t i = 0; i < count; i++)
        receipt.orders[i] = due[i].name;
    ayni_receipt_encode(&receipt, &payload);
    if (payload.failed)
        return AYNI_E_MEMORY;
    return author_write_entry(giving->records->author, &due->space, AYNI_KIND_RECEIPT,
                              ayni_buffer_bytes(&payload), NULL);
}

static enum ayni_status write_all(struct giving *giving)
{
    enum ayni_status status = AYNI_OK;

    if (giving->count > 1)
        qsort(giving->due, giving->count, sizeof(*giving->due), by_saying);
    for (size_t from = 0, to; status == AYNI_OK && from < giving->count; from = to) {
        for (to = from + 1; to < giving->count && to - from < AYNI_RECEIPT_ORDERS_MAX &&
                            says_the_same(&giving->due[from], &giving->due[to]);
             to++)
            ;
        status = write_receipt(giving, &giving->due[from], to - from);
    }
    return status;
}

static enum ayni_status give_some(struct giving *giving)
{
    enum ayni_status status = reader_begin(giving->records, &giving->reader);

    if (status != AYNI_OK)
        return status;
    status = find_due(giving);
    reader_end(giving->reader); /* nobody waits for a write while she reads */
    return status == AYNI_OK ? write_all(giving) : status;
}

void receipts_left_free(struct receipts_left *left)
{
    ayni_buffer_free(&left->spaces);
}

enum ayni_status receipts_give(struct records *records, const struct receipts_elsewhere *elsewhere,
                               struct receipts_left *left)
{
    struct giving giving = { .records = records, .elsewhere = elsewhere, .left = left };
    enum ayni_status status;

    left->since = (struct ayni_instant){ 0 };
    ayni_buffer_clear(&left->spaces);
    giving.due = calloc(DUE_MAX, sizeof(*giving.due));
    if (giving.due == NULL)
        return AYNI_E_MEMORY;
    do {
        status = give_some(&giving);
    } while (status == AYNI_OK && giving.count == DUE_MAX);
    free(giving.due);
    return status == AYNI_OK ? ayni_buffer_status(&left->spaces) : status;
}
