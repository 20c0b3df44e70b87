#include "daemon/records/import/import_memo.h"

#include <string.h>

/* By the text alone (FNV-1a): few fields have references, and most of them to the same. */
static size_t slot_of(struct ayni_bytes text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ text.data[i]) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32) % IMPORT_MEMO_SLOTS;
}

bool import_memo_find(const struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_buffer *cbor)
{
    const struct import_memo_slot *slot = &memo->slots[slot_of(text)];

    if (slot->as != field->reads_as || slot->text_size != text.size ||
        memcmp(slot->text, text.data, text.size) != 0)
        return false;
    ayni_buffer_append(cbor, slot->value, slot->value_size);
    return true;
}

void import_memo_keep(struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_bytes value)
{
    struct import_memo_slot *slot = &memo->slots[slot_of(text)];

    if (text.size == 0 || text.size > IMPORT_MEMO_TEXT_SIZE || value.size == 0 ||
        value.size > IMPORT_MEMO_VALUE_SIZE)
        return;
    slot->as = field->reads_as;
    slot->text_size = (uint8_t)text.size;
    slot->value_size = (uint8_t)value.size;
    memcpy(slot->text, text.data, text.size);
    memcpy(slot->value, value.data, value.size);
}
