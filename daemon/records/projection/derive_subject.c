#include "daemon/records/projection/derive_subject.h"

#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/links/links.h"
#include "daemon/records/order.h"
#include "daemon/records/tables.h"
#include "proto/catalogue.h"

bool derive_reference_in(const struct ayni_version *version, uint32_t field,
                         struct ayni_record *record)
{
    for (size_t i = 0; i < version->field_count; i++) {
        struct ayni_cbor_reader reader;
        if (version->fields[i].number != field)
            continue;
        reader = ayni_cbor_reader(version->fields[i].value);
        ayni_cbor_read_id(&reader, record);
        return ayni_cbor_done(&reader) == AYNI_OK;
    }
    return false;
}

/*
 * All versions count here, also those that lost or have no right: so the index
 * only grows, and who reads it asks the fold.
 */
static void put_subjects(struct derive_subjects *subjects, const struct ayni_catalogue *catalogue,
                         const struct record_state *state)
{
    const struct ayni_catalogue_type *type = ayni_catalogue_type(catalogue, state->key.type);
    struct ayni_record subject;
    uint8_t name[SUBJECT_KEY_SIZE];

    if (type == NULL || type->subject_field == 0) {
        ayni_buffer_append(&subjects->named, &state->key.record, sizeof(state->key.record));
        return;
    }
    for (size_t i = 0; i < state->count; i++) {
        if (!derive_reference_in(&state->versions[i].version, type->subject_field, &subject))
            continue;
        subject_key_encode(&subject, &state->key, name);
        puts_add(&subjects->subjects, (struct ayni_bytes){ name, sizeof(name) },
                 (struct ayni_bytes){ 0 });
        ayni_buffer_append(&subjects->named, &subject, sizeof(subject));
    }
}

/* Both whom a link decision is about are named, whichever of them is its subject: what is derived
 * of either may be another. */
static void put_links(struct derive_subjects *subjects, const struct record_state *state)
{
    struct ayni_record linked;
    uint8_t name[SUBJECT_KEY_SIZE];

    for (size_t i = 0; state->key.type == LINK_TYPE && i < state->count; i++)
        for (uint32_t field = LINK_FIELD_A; field <= LINK_FIELD_B; field++) {
            if (!derive_reference_in(&state->versions[i].version, field, &linked))
                continue;
            subject_key_encode(&linked, &state->key, name);
            puts_add(&subjects->links, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ 0 });
            ayni_buffer_append(&subjects->named, &linked, sizeof(linked));
        }
}

enum ayni_status derive_subject(struct derive_subjects *subjects, const struct charter *charter,
                                const struct record_state *state)
{
    put_subjects(subjects, charter->catalogue, state);
    put_links(subjects, state);
    return ayni_buffer_status(&subjects->named);
}

enum ayni_status derive_no_subject(struct derive_subjects *subjects, const struct record_key *key)
{
    ayni_buffer_append(&subjects->named, &key->record, sizeof(key->record));
    return ayni_buffer_status(&subjects->named);
}

void derive_subject_without(struct derive_subjects *subjects, const struct record_key *key,
                            const struct ayni_record *subject)
{
    uint8_t name[SUBJECT_KEY_SIZE];

    subject_key_encode(subject, key, name);
    puts_remove(&subjects->subjects, (struct ayni_bytes){ name, sizeof(name) });
    if (key->type == LINK_TYPE)
        puts_remove(&subjects->links, (struct ayni_bytes){ name, sizeof(name) });
    ayni_buffer_append(&subjects->named, subject, sizeof(*subject));
}

static struct ayni_bytes record_at(const void *records, size_t index)
{
    const struct ayni_record *record = (const struct ayni_record *)records + index;

    return (struct ayni_bytes){ record->bytes, sizeof(record->bytes) };
}

enum ayni_status derive_subjects_named(struct derive_subjects *subjects,
                                       const struct ayni_record **once, size_t *count)
{
    const struct ayni_record *named = (const struct ayni_record *)subjects->named.data;
    size_t all = subjects->named.size / sizeof(*named);
    uint32_t *order;

    free(subjects->once);
    subjects->once = calloc(all + 1, sizeof(*subjects->once));
    if (subjects->once == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = order_by_key(named, all, record_at, &order);
    if (status != AYNI_OK)
        return status;
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (*count == 0 || !ayni_id_equal(&subjects->once[*count - 1], &named[order[i]]))
            subjects->once[(*count)++] = named[order[i]];
    free(order);
    *once = subjects->once;
    return AYNI_OK;
}

enum ayni_status derive_subjects_flush(struct derive_subjects *subjects, struct views_txn *txn)
{
    enum ayni_status status = puts_flush(&subjects->subjects, txn, RECORDS_TABLE_SUBJECTS);

    return status == AYNI_OK ? puts_flush(&subjects->links, txn, RECORDS_TABLE_LINKS) : status;
}

void derive_subjects_free(struct derive_subjects *subjects)
{
    puts_free(&subjects->subjects);
    puts_free(&subjects->links);
    ayni_buffer_free(&subjects->named);
    free(subjects->once);
}
