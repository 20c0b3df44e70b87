#include "daemon/records/erasure/erasure_find.h"

#include "daemon/records/id_prefix.h"

struct finding {
    struct reader *reader;
    const struct ayni_record *record; /* or: */
    const struct id_prefix *prefix;
    uint32_t type; /* 0: any */
    struct record_key *keys;
    size_t max, count;
    bool several; /* different records */
};

static bool is_meant(const struct finding *finding, const struct erasure_order *order)
{
    if (!order->readable || order->adds || (finding->type != 0 && order->key.type != finding->type))
        return false;
    return finding->record != NULL ? ayni_id_equal(&order->key.record, finding->record)
                                   : id_prefix_begins(&order->key.record, finding->prefix);
}

/* Orders are few, and not listed by the record alone. */
static bool find(void *context, const struct erasure_order *order)
{
    struct finding *finding = context;

    if (!is_meant(finding, order) || reader_has(finding->reader, &order->key))
        return true;
    for (size_t i = 0; i < finding->count && i < finding->max; i++)
        if (record_key_compare(&finding->keys[i], &order->key) == 0)
            return true;
    finding->several =
        finding->several ||
        (finding->count > 0 && !ayni_id_equal(&finding->keys[0].record, &order->key.record));
    if (finding->count < finding->max)
        finding->keys[finding->count] = order->key;
    finding->count++;
    return true;
}

enum ayni_status erasure_find(struct reader *reader, const struct ayni_record *record,
                              const struct ayni_space *space, struct record_key *keys, size_t max,
                              size_t *count)
{
    struct finding finding = { .reader = reader, .record = record, .keys = keys, .max = max };
    enum ayni_status status = erasure_each_order(reader, space, find, &finding);

    if (status == AYNI_OK)
        *count = finding.count;
    return status;
}

enum ayni_status erasure_find_prefix(struct reader *reader, struct ayni_bytes text, uint32_t type,
                                     struct ayni_record *record)
{
    struct id_prefix prefix;
    struct record_key first;
    struct finding finding = {
        .reader = reader, .prefix = &prefix, .type = type, .keys = &first, .max = 1
    };
    enum ayni_status status = id_prefix_parse(text, &prefix);

    if (status == AYNI_OK)
        status = erasure_each_order(reader, NULL, find, &finding);
    if (status != AYNI_OK)
        return status;
    if (finding.count == 0)
        return AYNI_E_NOT_FOUND;
    if (finding.several)
        return AYNI_E_EXISTS;
    *record = first.record;
    return AYNI_OK;
}
