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
    enum ayni_status status =
        outbox->items.failed || outbox->sizes.failed ? AYNI_E_MEMORY : AYNI_OK;

    if (status == AYNI_OK)
        status =
            call_send_all(call, ayni_buffer_bytes(&outbox->items),
                          (const size_t *)outbox->sizes.data, outbox->sizes.size / sizeof(size_t));
    ayni_buffer_clear(&outbox->items);
    ayni_buffer_clear(&outbox->sizes);
    return status;
}

void outbox_free(struct outbox *outbox)
{
    ayni_buffer_free(&outbox->items);
    ayni_buffer_free(&outbox->sizes);
}
