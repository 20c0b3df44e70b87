#include "daemon/control/import_alike.h"

#include "daemon/control/import_call.h"
#include "daemon/records/links/alike.h"

enum {
    SLICE = 256,           /* children looked at under one snapshot */
    COMPARED_MAX = 100000, /* pairs, for one import: 10 for each child that is looked at */
};

/* The strongest of each; what there is to say is gathered, so that nobody sends while she reads. */
struct said {
    uint64_t line;
    struct alike alike;
};
struct slice {
    struct said said[SLICE];
    size_t said_count, looked_at;
};

static uint64_t compared_by(const struct likeness_search *search)
{
    return likeness_search_work(search).compared;
}

/* Some of `count` children: all, unless `*left` pairs are compared before. */
static enum ayni_status find_slice(const struct records *records,
                                   const struct import_child *children, size_t count,
                                   uint64_t *left, struct slice *slice, struct import_alike *alike)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = likeness_search_new(reader, &likeness_at_entry, &search);
    slice->said_count = slice->looked_at = 0;
    for (; status == AYNI_OK && slice->looked_at < count && compared_by(search) < *left;
         slice->looked_at++) {
        const struct import_child *child = &children[slice->looked_at];
        struct alike_list list;
        status = alike_find(search, reader, &child->record, &list);
        if (status != AYNI_OK)
            break;
        alike->crowded += list.crowded;
        if (list.count > 0)
            slice->said[slice->said_count++] = (struct said){ child->line, list.items[0] };
    }
    if (status == AYNI_OK)
        *left -= compared_by(search) < *left ? compared_by(search) : *left;
    alike->found += slice->said_count;
    return status;
}

static enum ayni_status send_slice(struct control_call *call, const struct slice *slice)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < slice->said_count; i++) {
        struct ayni_reason reason;
        alike_reason(&slice->said[i].alike, &reason);
        status =
            import_call_problem(call, slice->said[i].line, NULL, &reason, reason.message, true);
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
                                   const struct import *import, struct import_alike *alike)
{
    size_t count, at = 0;
    const struct import_child *children = import_children(import, &count);
    uint64_t left = COMPARED_MAX;
    enum ayni_status status = AYNI_OK;

    *alike = (struct import_alike){ 0 };
    while (status == AYNI_OK && at < count && left > 0) {
        struct slice slice;
        size_t some = count - at < SLICE ? count - at : SLICE;
        status = find_slice(records, &children[at], some, &left, &slice, alike);
        if (status == AYNI_OK)
            status = send_slice(call, &slice);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
        at += slice.looked_at;
    }
    return status == AYNI_OK && (at < count || count == IMPORT_CHILDREN_MAX)
               ? send_too_many(call, children[at < count ? at : count - 1].line)
               : status;
}
