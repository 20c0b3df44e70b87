#include "daemon/records/erasure/erase_late.h"

#include <stdlib.h>

#include "daemon/records/erasure/erase_order.h"

/* Rows that one call takes; the rest are for the next. */
enum { ROWS_MAX = 1024 };

/* The late versions of one record. */
struct late {
    struct record_key key;
    struct ayni_buffer refs; /* struct version_ref: those that are ours to name */
};

struct naming_late {
    struct records *records;
    struct reader *reader;
    bool all, waiting;
    struct erase_draft drafts[ROWS_MAX];
    struct ayni_entry_name earlier[ROWS_MAX];
    size_t count;
};

/* --- whose it is to name them --- */

static bool is_keeper(const struct naming_late *naming, const struct ayni_space *space)
{
    const struct ayni_registry *registry = reader_charter(naming->reader)->registry;
    const struct ayni_space_info *info = ayni_registry_space_info(registry, space);
    const struct ayni_node *steering = ayni_registry_steering(registry);
    const struct ayni_member *owner =
        info == NULL ? NULL : ayni_registry_member(registry, &info->owner);

    if (info == NULL)
        return false;
    if (ayni_id_equal(&info->owner, &naming->records->node))
        return true;
    return owner != NULL && owner->revoked && steering != NULL &&
           ayni_id_equal(steering, &naming->records->node);
}

static void add_version(struct naming_late *naming, struct late *late,
                        const struct version_ref *ref)
{
    const struct log_feed *feed = reader_feed(naming->reader, ref->feed);
    bool own = feed != NULL && ayni_id_equal(&feed->descriptor.node, &naming->records->node);
    bool kept = !own && is_keeper(naming, &late->key.space);

    if (own || (kept && naming->all))
        ayni_buffer_append(&late->refs, ref, sizeof(*ref));
    else if (kept)
        naming->waiting = true;
}

/* --- to which order they are added --- */

struct choosing {
    struct reader *reader;
    const struct erase_draft *draft;
    struct ayni_entry_name name;
    bool found;
};

/* One that reaches the first of them; of several the first by name, so that nodes choose alike. */
static bool choose(void *context, const struct erasure_order *order)
{
    struct choosing *choosing = context;
    const struct log_feed *feed;
    struct ayni_entry_name name = erasure_order_name(order);
    struct log_feed held;

    if (log_find_feed(reader_log(choosing->reader), &choosing->draft->ranges[0].feed, &held) !=
        AYNI_OK)
        return true;
    feed = &held;
    struct ayni_registry_entry version = { .space = feed->descriptor.space,
                                           .feed = feed->id,
                                           .node = feed->descriptor.node,
                                           .seq = choosing->draft->ranges[0].from,
                                           .time = { UINT64_MAX } };
    if (erasure_order_standing(choosing->reader, order, &version) == AYNI_STANDING_NO_RIGHT ||
        (choosing->found && ayni_entry_name_compare(&name, &choosing->name) >= 0))
        return true;
    choosing->name = name;
    choosing->found = true;
    return true;
}

static enum ayni_status add_draft(struct naming_late *naming, const struct late *late)
{
    struct erase_draft *draft = &naming->drafts[naming->count];
    struct choosing choosing = { .reader = naming->reader, .draft = draft };
    enum ayni_status status;

    if (late->refs.size == 0)
        return ayni_buffer_status(&late->refs);
    status = erase_draft_of_versions(naming->reader, &late->key, &naming->records->node,
                                     (const struct version_ref *)late->refs.data,
                                     late->refs.size / sizeof(struct version_ref), draft);
    if (status == AYNI_OK && draft->versions > 0)
        status = erasure_each_order_of(naming->reader, &late->key, choose, &choosing);
    if (status == AYNI_OK && choosing.found)
        naming->earlier[naming->count++] = choosing.name;
    else
        erase_draft_free(draft);
    return status;
}

/* Rows are by record: when the next one begins, the last is done. */
static enum ayni_status gather(struct naming_late *naming)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct late late = { 0 };
    struct ayni_bytes found, value;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(reader_views(naming->reader), RECORDS_TABLE_LATE, (struct ayni_bytes){ 0 },
                      &cursor);
    for (size_t rows = 0;
         status == AYNI_OK && rows < ROWS_MAX && views_cursor_next(&cursor, &found, &value);
         rows++) {
        if (found.size != PROBLEM_KEY_SIZE)
            continue;
        struct version_ref ref = version_ref_decode(found.data + RECORD_KEY_SIZE);
        struct record_key key;
        record_key_decode(found.data, &key);
        if (late.refs.size > 0 && record_key_compare(&key, &late.key) != 0) {
            status = add_draft(naming, &late);
            ayni_buffer_clear(&late.refs);
        }
        late.key = key;
        add_version(naming, &late, &ref);
    }
    if (status == AYNI_OK)
        status = cursor.status;
    if (status == AYNI_OK)
        status = add_draft(naming, &late);
    ayni_buffer_free(&late.refs);
    return status;
}

enum ayni_status erase_name_late(struct records *records, bool all, bool *waiting)
{
    struct naming_late *naming = calloc(1, sizeof(*naming));
    struct ayni_bytes none = { 0 };
    enum ayni_status status;

    if (naming == NULL)
        return AYNI_E_MEMORY;
    naming->records = records;
    naming->all = all;
    status = reader_begin(records, &naming->reader);
    if (status == AYNI_OK)
        status = gather(naming);
    reader_end(naming->reader); /* nobody waits for a write while she reads */
    if (status == AYNI_OK && naming->count > 0)
        status = erase_drafts_write(records->author, naming->drafts, naming->count, naming->earlier,
                                    none, none);
    *waiting = naming->waiting;
    for (size_t i = 0; i < naming->count; i++)
        erase_draft_free(&naming->drafts[i]);
    free(naming);
    return status;
}
