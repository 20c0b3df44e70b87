#include "daemon/control/outbox.h"

struct ayni_control_writer *outbox_begin(struct outbox *outbox)
{
    outbox->start = outbox->items.size;
    outbox->writer = ayni_control_writer(&outbox->items);
    return &outbox->writer;
}

void outbox_end(struct outbox *outbox)
{
    size_t size = outbox->items.size - outbox->start;

    ayni_buffer_append(&outbox->sizes, &size, sizeof(size));
}

bool outbox_is_full(const struct outbox *outbox)
{
    return outbox->items.failed || outbox->items.size >= OUTBOX_SIZE_MAX;
}

enum ayni_status outbox_send(struct outbox *outbox, struct control_call *call)
{
    const size_t *sizes = (const size_t *)outbox->sizes.data;
    size_t count = outbox->sizes.size / sizeof(*sizes);
    size_t at = 0;
    enum ayni_status status =
        outbox->items.failed || outbox->sizes.failed ? AYNI_E_MEMORY : AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; at += sizes[i++]) {
        ayni_control_put_encoded(call_item(call), NULL,
                                 (struct ayni_bytes){ outbox->items.data + at, sizes[i] });
        status = call_send(call);
    }
    ayni_buffer_clear(&outbox->items);
    ayni_buffer_clear(&outbox->sizes);
    return status;
}

void outbox_free(struct outbox *outbox)
{
    ayni_buffer_free(&outbox->items);
    ayni_buffer_free(&outbox->sizes);
}
