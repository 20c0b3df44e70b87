#include "proto/entry_name.h"

void ayni_entry_name_put(const struct ayni_entry_name *name, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 3);
    ayni_cbor_put_id(to, &name->feed);
    ayni_cbor_put_uint(to, name->seq);
    ayni_cbor_put_id(to, &name->chain);
}

void ayni_entry_name_read(struct ayni_cbor_reader *reader, struct ayni_entry_name *name)
{
    if (ayni_cbor_read_array(reader) != 3)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    ayni_cbor_read_id(reader, &name->feed);
    name->seq = ayni_cbor_read_uint(reader);
    ayni_cbor_read_id(reader, &name->chain);
    if (name->seq == 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

int ayni_entry_name_compare(const struct ayni_entry_name *a, const struct ayni_entry_name *b)
{
    int order = ayni_id_compare(&a->feed, &b->feed);

    if (order == 0)
        order = (a->seq > b->seq) - (a->seq < b->seq);
    return order != 0 ? order : ayni_id_compare(&a->chain, &b->chain);
}
