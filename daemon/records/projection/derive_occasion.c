#include "daemon/records/projection/derive_occasion.h"

#include "daemon/records/charter.h"
#include "daemon/records/occasion_list.h"

/* --- rows --- */

void derive_occasion_without(struct derive_occasions *occasions, const struct record_key *key,
                             const struct version_ref *ref, const struct occasion *occasion)
{
    uint8_t name[OCCASION_KEY_SIZE];

    occasion_key_encode(&key->space, key->type, occasion, ref, name);
    puts_remove(&occasions->lists, (struct ayni_bytes){ name, sizeof(name) });
}

static void put_listed(struct derive_occasions *occasions, const struct record_key *key,
                       const struct version_ref *ref, const struct occasion *occasion)
{
    uint8_t name[OCCASION_KEY_SIZE];

    occasion_key_encode(&key->space, key->type, occasion, ref, name);
    puts_add(&occasions->lists, (struct ayni_bytes){ name, sizeof(name) },
             (struct ayni_bytes){ &occasion->day, 1 });
}

/* `occasion` NULL: it isn't shown. */
static void put_revised(struct derive_occasions *occasions, const struct record_key *key,
                        const struct occasion *occasion)
{
    uint8_t name[RECORD_KEY_SIZE], place[REVISED_KEY_SIZE], at[OCCASION_SIZE];

    record_key_encode(key, name);
    if (occasion != NULL) {
        revised_key_encode(key, occasion, place);
        occasion_encode(occasion, at);
        puts_add(&occasions->revised, (struct ayni_bytes){ place, sizeof(place) },
                 (struct ayni_bytes){ &occasion->day, 1 });
    }
    puts_add(&occasions->revised_at, (struct ayni_bytes){ name, sizeof(name) },
             (struct ayni_bytes){ at, occasion == NULL ? 0 : sizeof(at) });
}

static enum ayni_status drop_revised(struct derive_occasions *occasions, struct reader *reader,
                                     const struct record_key *key)
{
    uint8_t name[RECORD_KEY_SIZE], place[REVISED_KEY_SIZE];
    struct occasion occasion;
    struct ayni_bytes held;

    record_key_encode(key, name);
    enum ayni_status status = views_get(reader_views(reader), RECORDS_TABLE_REVISED_AT,
                                        (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (held.size == OCCASION_SIZE) {
        occasion_decode(held.data, &occasion);
        revised_key_encode(key, &occasion, place);
        puts_remove(&occasions->revised, (struct ayni_bytes){ place, sizeof(place) });
    }
    puts_remove(&occasions->revised_at, (struct ayni_bytes){ name, sizeof(name) });
    return AYNI_OK;
}

/* --- a record --- */

/* Most records of a batch are of the type of the one before. */
static bool find_fields(struct derive_occasions *occasions, struct reader *reader, uint32_t number)
{
    if (occasions->type == NULL || occasions->type->number != number) {
        occasions->type = ayni_catalogue_type(reader_charter(reader)->catalogue, number);
        occasions->has_fields = occasion_fields_of(occasions->type, &occasions->fields);
    }
    return occasions->has_fields;
}

/* What it had as a record of one version, whichever that was. */
static void drop_listed(struct derive_occasions *occasions, const struct record_state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct version_ref ref = { state->versions[i].feed, state->items[i].seq };
        struct occasion occasion;
        if (occasion_of_version(&occasions->fields, &state->versions[i].version, &occasion))
            derive_occasion_without(occasions, &state->key, &ref, &occasion);
    }
}

static struct ayni_bytes value_of(const struct record_state *state, uint32_t field)
{
    return field == 0 ? (struct ayni_bytes){ 0 } : record_state_value(state, field);
}

enum ayni_status derive_occasion(struct derive_occasions *occasions, struct reader *reader,
                                 const struct record_state *state, bool fresh)
{
    struct occasion occasion;

    if (!find_fields(occasions, reader, state->key.type))
        return AYNI_OK;
    const struct occasion_fields *fields = &occasions->fields;
    enum ayni_status status = fresh ? AYNI_OK : drop_revised(occasions, reader, &state->key);
    if (status != AYNI_OK)
        return status;
    if (!fresh)
        drop_listed(occasions, state);
    bool shown = state->count > 0 && !record_state_gone(state);
    bool regular = occasion_of(fields, value_of(state, fields->place),
                               value_of(state, fields->date), &occasion);
    if (state->total > 1 || (shown && !regular)) {
        put_revised(occasions, &state->key, shown ? &occasion : NULL);
    } else if (shown) {
        const struct version_ref ref = { state->versions[0].feed, state->items[0].seq };
        put_listed(occasions, &state->key, &ref, &occasion);
    }
    return AYNI_OK;
}

enum ayni_status derive_no_occasion(struct derive_occasions *occasions, struct reader *reader,
                                    const struct record_key *key)
{
    return find_fields(occasions, reader, key->type) ? drop_revised(occasions, reader, key)
                                                     : AYNI_OK;
}

/* --- all of them --- */

enum ayni_status derive_occasions_flush(struct derive_occasions *occasions, struct views_txn *txn)
{
    enum ayni_status status = occasion_lists_put(&occasions->lists, txn);

    if (status == AYNI_OK)
        status = puts_flush(&occasions->revised, txn, RECORDS_TABLE_REVISED);
    return status == AYNI_OK ? puts_flush(&occasions->revised_at, txn, RECORDS_TABLE_REVISED_AT)
                             : status;
}

void derive_occasions_free(struct derive_occasions *occasions)
{
    puts_free(&occasions->lists);
    puts_free(&occasions->revised);
    puts_free(&occasions->revised_at);
}

enum ayni_status derive_occasions_forget(struct views_txn *txn, const struct ayni_space *space,
                                         uint32_t type)
{
    static const enum records_table tables[] = { RECORDS_TABLE_OCCASIONS, RECORDS_TABLE_REVISED,
                                                 RECORDS_TABLE_REVISED_AT };
    uint8_t prefix[COUNT_KEY_SIZE];
    enum ayni_status status = AYNI_OK;

    count_key_encode(space, type, prefix);
    for (size_t i = 0; status == AYNI_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        status = views_delete_prefix(txn, tables[i], (struct ayni_bytes){ prefix, sizeof(prefix) });
    return status;
}
