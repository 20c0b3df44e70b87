#include "daemon/view/counters.h"

#include "proto/cbor.h"
#include "proto/text.h"

const char *const view_table_names[VIEW_TABLE_COUNT] = { "view_plan", "view_contributions",
                                                         "view_counters", "view_sources" };

static const uint32_t month_zero = UINT32_C(1) << 31; /* months before 1970 sort before */

const char *view_dimension_name(enum view_dimension dimension)
{
    static const char *const names[VIEW_DIMENSIONS] = { NULL, "sex", "language" };

    return names[dimension];
}

size_t counter_key_encode(const struct counter_key *key, uint8_t to[COUNTER_KEY_MAX])
{
    size_t value = strlen(key->value), place = strlen(key->place), size = 2;

    to[0] = key->indicator;
    to[1] = key->dimension;
    memcpy(to + size, key->value, value + 1);
    size += value + 1;
    memcpy(to + size, key->place, place + 1);
    size += place + 1;
    ayni_put_u32(to + size, (uint32_t)key->month ^ month_zero);
    return size + 4;
}

/* A NUL-terminated text at `*at`; false where there is none. */
static bool take_text(struct ayni_bytes bytes, size_t *at, char *text, size_t size)
{
    const uint8_t *end = *at < bytes.size ? memchr(bytes.data + *at, 0, bytes.size - *at) : NULL;
    size_t length = end == NULL ? 0 : (size_t)(end - bytes.data) - *at;

    if (end == NULL || length >= size)
        return false;
    memcpy(text, bytes.data + *at, length + 1);
    *at += length + 1;
    return true;
}

enum ayni_status counter_key_decode(struct ayni_bytes bytes, struct counter_key *key)
{
    size_t at = 2;

    if (bytes.size < 2 || !take_text(bytes, &at, key->value, sizeof(key->value)) ||
        !take_text(bytes, &at, key->place, sizeof(key->place)) || bytes.size != at + 4)
        return AYNI_E_MALFORMED;
    key->indicator = bytes.data[0];
    key->dimension = bytes.data[1];
    key->month = (month_no)(ayni_get_u32(bytes.data + at) ^ month_zero);
    return AYNI_OK;
}

void counter_value_encode(const struct counts *counts, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_int(to, counts->numerator);
    ayni_cbor_put_int(to, counts->denominator);
    ayni_cbor_put_int(to, counts->excluded);
    ayni_cbor_put_int(to, counts->unknown);
    ayni_cbor_put_int(to, counts->contested);
}

/* Within what can be added up without end: a damaged row may hold any number. */
static int64_t read_count(struct ayni_cbor_reader *reader)
{
    const int64_t count_max = INT64_C(1) << 40;
    int64_t count = ayni_cbor_read_int(reader);

    if (count < -count_max || count > count_max)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return count;
}

enum ayni_status counter_value_decode(struct ayni_bytes bytes, struct counts *counts)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);

    if (ayni_cbor_read_array(&reader) != 5)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    counts->numerator = read_count(&reader);
    counts->denominator = read_count(&reader);
    counts->excluded = read_count(&reader);
    counts->unknown = read_count(&reader);
    counts->contested = read_count(&reader);
    return ayni_cbor_done(&reader);
}

struct counts contribution_counts(const struct contribution *contribution)
{
    return (struct counts){
        .numerator = (contribution->flags & CONTRIBUTION_NUMERATOR) != 0,
        .denominator = 1,
        .unknown = (contribution->flags & CONTRIBUTION_UNKNOWN) != 0,
        .contested = (contribution->flags & CONTRIBUTION_CONTESTED) != 0,
    };
}

static void add_change(struct tally *tally, struct counter_key *key, month_no month,
                       const struct counts *counts, int64_t times)
{
    uint8_t bytes[COUNTER_KEY_MAX];

    key->month = month;
    tally_add(tally, (struct ayni_bytes){ bytes, counter_key_encode(key, bytes) }, counts, times);
}

static void add_share(struct tally *tally, const struct indicator *indicator,
                      const struct subject_facts *facts, const struct subject_share *share,
                      int64_t times)
{
    const char *const values[VIEW_DIMENSIONS] = {
        "", facts->sex, language_groups_find(&indicator->languages, facts->language)
    };
    struct counts counts = contribution_counts(&share->contribution);

    for (unsigned dimension = 0; dimension < VIEW_DIMENSIONS; dimension++) {
        struct counter_key key = { .indicator = (uint8_t)share->indicator,
                                   .dimension = (uint8_t)dimension };
        (void)ayni_text_copy(ayni_bytes_of_text(values[dimension]), key.value, sizeof(key.value));
        (void)ayni_text_copy(ayni_bytes_of_text(facts->place), key.place, sizeof(key.place));
        add_change(tally, &key, share->contribution.first, &counts, times);
        add_change(tally, &key, share->contribution.last + 1, &counts, -times);
    }
}

void counters_add_subject(struct tally *tally, const struct plan *plan,
                          const struct subject_result *subject, int64_t times)
{
    for (size_t i = 0; i < subject->count; i++)
        if (subject->shares[i].indicator < plan->count)
            add_share(tally, &plan->indicators[subject->shares[i].indicator], &subject->facts,
                      &subject->shares[i], times);
}

static enum ayni_status apply_cell(struct views_txn *views, const struct tally_cell *cell)
{
    SCOPED_BUFFER value = { 0 };
    struct ayni_bytes key = { cell->key, cell->key_size }, held;
    struct counts counts = { 0 };

    if (counts_are_zero(&cell->counts))
        return AYNI_OK;
    enum ayni_status status = views_get(views_txn_snapshot(views), VIEW_TABLE_COUNTERS, key, &held);
    if (status == AYNI_OK)
        status = counter_value_decode(held, &counts);
    else if (status == AYNI_E_NOT_FOUND)
        status = AYNI_OK;
    if (status != AYNI_OK)
        return status;
    counts_add(&counts, &cell->counts, 1);
    if (counts_are_zero(&counts))
        return views_delete(views, VIEW_TABLE_COUNTERS, key);
    counter_value_encode(&counts, &value);
    status = ayni_buffer_status(&value);
    return status == AYNI_OK ? views_put(views, VIEW_TABLE_COUNTERS, key, ayni_buffer_bytes(&value))
                             : status;
}

enum ayni_status counters_apply(struct views_txn *views, struct tally *tally)
{
    enum ayni_status status = tally_sort(tally);

    for (size_t i = 0; status == AYNI_OK && i < tally->count; i++)
        status = apply_cell(views, &tally->cells[i]);
    return status;
}

void contribution_key_encode(uint32_t type, const struct ayni_record *subject,
                             uint8_t to[CONTRIBUTION_KEY_SIZE])
{
    ayni_put_u32(to, type);
    memcpy(to + 4, subject->bytes, 16);
}
