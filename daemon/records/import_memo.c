#include "daemon/records/import_memo.h"

#include <string.h>

static size_t slot_of(const struct plan_field *field, struct ayni_bytes text)
{
    size_t hash = field->place;

    for (size_t i = 0; i < text.size; i++)
        hash = hash * 31 + text.data[i];
    return hash % IMPORT_MEMO_SLOTS;
}

bool import_memo_find(const struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_buffer *cbor)
{
    const struct import_memo_slot *slot = &memo->slots[slot_of(field, text)];

    if (slot->field != field || slot->text_size != text.size ||
        memcmp(slot->text, text.data, text.size) != 0)
        return false;
    ayni_buffer_append(cbor, slot->value, slot->value_size);
    return true;
}

void import_memo_keep(struct import_memo *memo, const struct plan_field *field,
                      struct ayni_bytes text, struct ayni_bytes value)
{
    struct import_memo_slot *slot = &memo->slots[slot_of(field, text)];

    if (text.size == 0 || text.size > IMPORT_MEMO_TEXT_SIZE || value.size == 0 ||
        value.size > IMPORT_MEMO_VALUE_SIZE)
        return;
    slot->field = field;
    slot->text_size = (uint8_t)text.size;
    slot->value_size = (uint8_t)value.size;
    memcpy(slot->text, text.data, text.size);
    memcpy(slot->value, value.data, value.size);
}
