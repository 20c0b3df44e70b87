#include "daemon/records/erasure/erasure_problem.h"

#include "daemon/records/erasure/erasure_tables.h"
#include "daemon/records/problem.h"

/* --- versions --- */

/* Whether its writer has written the record since, knowing that it was erased. */
static bool was_entered_anew(const struct record_state *state, const struct log_feed *feed)
{
    for (size_t i = 0; i < state->count; i++)
        if (state->versions[i].version.erases_seen_count > 0 &&
            ayni_id_equal(&state->items[i].node, &feed->descriptor.node))
            return true;
    return false;
}

static enum ayni_status list_versions(struct reader *reader, const struct record_key *key,
                                      const struct record_state *state, struct puts *problems)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t prefix[RECORD_KEY_SIZE];
    struct ayni_bytes found, flags;

    record_key_encode(key, prefix);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_GONE,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (views_cursor_next(&cursor, &found, &flags)) {
        struct version_ref ref;
        const struct log_feed *feed;
        if (found.size != PROBLEM_KEY_SIZE || flags.size != 1 ||
            (flags.data[0] & ERASURE_GONE_LISTED) == 0)
            continue;
        ref = version_ref_decode(found.data + RECORD_KEY_SIZE);
        feed = reader_feed(reader, ref.feed);
        if (feed == NULL)
            return AYNI_E_MEMORY;
        if (!was_entered_anew(state, feed))
            problem_list(problems, key, &ref, PROBLEM_ERASED);
    }
    return cursor.status;
}

/* --- orders --- */

struct listing {
    struct reader *reader;
    const struct record_key *key;
    struct puts *problems;
};

static bool list_order(void *context, const struct erasure_order *order)
{
    struct listing *listing = context;
    enum ayni_standing standing = ayni_registry_giver_standing(
        reader_charter(listing->reader)->registry, &order->place, NULL);

    if (standing == AYNI_STANDING_NO_RIGHT)
        problem_list(listing->problems, listing->key, &order->ref, PROBLEM_NO_RIGHT);
    else if (standing == AYNI_STANDING_MARKED)
        problem_list(listing->problems, listing->key, &order->ref, PROBLEM_MARKED);
    return true;
}

enum ayni_status erasure_list_problems(struct reader *reader, const struct record_key *key,
                                       const struct record_state *state, struct puts *problems)
{
    struct listing listing = { reader, key, problems };
    bool known;
    enum ayni_status status = erasure_is_known(reader_views(reader), &known);

    if (status != AYNI_OK || !known)
        return status;
    status = list_versions(reader, key, state, problems);
    return status == AYNI_OK ? erasure_each_order_of(reader, key, list_order, &listing) : status;
}
