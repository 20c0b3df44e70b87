#include "daemon/control/past.h"

#include <inttypes.h>
#include <stdio.h>

#include "daemon/control/error.h"
#include "daemon/records/erasure/erasure_drops.h"

enum ayni_status past_warn(struct outbox *outbox, struct reader *reader,
                           const struct ayni_space *space, uint32_t type)
{
    struct complaints warnings = { 0 };
    size_t count;
    char text[32];
    enum ayni_status status = erasure_dropped_in(reader, space, type, &count);

    if (status != AYNI_OK || count == 0)
        return status;
    snprintf(text, sizeof(text), "%zu", count);
    struct complaint *warning = complaints_add(&warnings);
    complain_code(warning, "erased");
    (void)complain(
        warning, AYNI_OK,
        N_("{} versions that were here by then were erased since: the answer lacks them"), text,
        NULL);
    struct ayni_control_writer *item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    control_warnings_put(item, &warnings);
    ayni_control_close(item);
    outbox_end(outbox);
    return AYNI_OK;
}
