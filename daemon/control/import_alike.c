#include "daemon/control/import_alike.h"

#include "daemon/control/import_call.h"
#include "daemon/records/alike.h"

enum { SLICE = 256 }; /* children looked at under one snapshot */

/* The strongest of each; what there is to say is gathered, so that nobody sends while she reads. */
struct said {
    uint64_t line;
    struct alike alike;
};

static enum ayni_status find_slice(const struct records *records,
                                   const struct import_child *children, size_t count,
                                   struct said *said, size_t *said_count)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = likeness_search_new(reader, &search);
    *said_count = 0;
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct alike_list list;
        status = alike_find(search, reader, &children[i].record, &list);
        if (status == AYNI_OK && list.count > 0)
            said[(*said_count)++] = (struct said){ children[i].line, list.items[0] };
    }
    return status;
}

static enum ayni_status send_slice(struct control_call *call, const struct said *said, size_t count)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct ayni_reason reason;
        alike_reason(&said[i].alike, &reason);
        status = import_call_problem(call, said[i].line, NULL, &reason, reason.message, true);
    }
    return status;
}

static enum ayni_status send_too_many(struct control_call *call, uint64_t line)
{
    struct ayni_reason reason;

    ayni_reason_set(
        &reason, "too_many_children",
        N_("from here on nobody looked whether they are here already: `ayni duplicates`"));
    return import_call_problem(call, line, NULL, &reason, reason.message, true);
}

enum ayni_status import_alike_send(struct control_call *call, const struct records *records,
                                   const struct import *import, uint64_t *found)
{
    size_t count, said_count;
    const struct import_child *children = import_children(import, &count);
    enum ayni_status status = AYNI_OK;

    *found = 0;
    for (size_t at = 0; status == AYNI_OK && at < count; at += SLICE) {
        struct said said[SLICE];
        size_t some = count - at < SLICE ? count - at : SLICE;
        status = find_slice(records, &children[at], some, said, &said_count);
        if (status == AYNI_OK)
            status = send_slice(call, said, said_count);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
        *found += said_count;
    }
    return status == AYNI_OK && count == IMPORT_CHILDREN_MAX
               ? send_too_many(call, children[count - 1].line)
               : status;
}
