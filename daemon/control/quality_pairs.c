#include "daemon/control/quality_pairs.h"

#include "daemon/daemon.h"
#include "daemon/view/quality_unique.h"

static bool went_on(void *context, uint64_t done, uint64_t total)
{
    struct control_call *call = context;

    return call_progress(call, done, total) == AYNI_OK && !call_cancelled(call);
}

static enum ayni_status count_slice(struct daemon *daemon, struct quality *quality,
                                    const struct duplicates *duplicates, size_t *from)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    return status == AYNI_OK ? quality_unique_pairs(quality, reader, duplicates, from) : status;
}

enum ayni_status quality_pairs_count(struct daemon *daemon, struct control_call *call,
                                     struct quality *quality, bool *more)
{
    SCOPED_DUPLICATES duplicates = { 0 };
    const char *territory = quality->request.territory;
    const struct duplicates_scope scope = { .space = quality->request.space,
                                            .territory = territory[0] == '\0' ? NULL : territory };
    const struct duplicates_listener listener = { went_on, call };
    size_t from = 0;
    enum ayni_status status = duplicates_find(&daemon->records, &scope, &listener, &duplicates);

    while (status == AYNI_OK && from < duplicates.count)
        status = count_slice(daemon, quality, &duplicates, &from);
    *more = duplicates.more;
    return status;
}
