#include "daemon/bundle/waiting.h"

#include <stdlib.h>

#include "daemon/report.h"
#include "proto/bundle_item.h"

static void add_spaces(const struct ayni_bundle_contents *contents, struct ayni_buffer *spaces)
{
    struct ayni_bundle_space space;

    for (size_t position = 0; ayni_bundle_contents_next(contents, &position, &space);)
        if (space.entries > 0)
            ayni_buffer_append(spaces, &space.space, sizeof(space.space));
}

/* The contents are in the first chunk of each volume. */
static enum ayni_status read_contents(struct ayni_bundle_volume *volume, struct ayni_buffer *spaces)
{
    enum ayni_status status = ayni_bundle_volume_next(volume);
    struct ayni_bytes items = ayni_buffer_bytes(&volume->plain);
    struct ayni_bundle_item item;
    size_t used;

    while (status == AYNI_OK && items.size > 0) {
        status = ayni_bundle_item_read(items, &used, &item);
        if (status != AYNI_OK)
            break;
        if (item.type == AYNI_BUNDLE_CONTENTS)
            add_spaces(&item.contents, spaces);
        items = (struct ayni_bytes){ items.data + used, items.size - used };
    }
    return status == AYNI_OK ? ayni_buffer_status(spaces) : status;
}

static enum ayni_status read_volume(struct ayni_bundle_source *source,
                                    const struct identity *identity, struct ayni_buffer *spaces)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    enum ayni_status status =
        ayni_bundle_volume_begin(&volume, source, &identity->node, identity->secret);

    if (status == AYNI_OK)
        status = read_contents(&volume, spaces);
    return status == AYNI_E_NOT_FOUND ? AYNI_E_TRUNCATED : status; /* nothing is in it */
}

/* Of one volume, in its order; nothing where it has gone meanwhile. Appends. */
static enum ayni_status spaces_of(struct inbox *inbox, const char *name,
                                  const struct identity *identity, struct ayni_buffer *spaces)
{
    struct ayni_bundle_source source;
    enum ayni_status status = inbox_open_volume(inbox, name, &source);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    status = read_volume(&source, identity, spaces);
    inbox_close_volume(&source);
    return inbox_judge(inbox, name, status);
}

/* --- lists of spaces --- */

static int by_space(const void *a, const void *b)
{
    return ayni_id_compare((const struct ayni_space *)a, (const struct ayni_space *)b);
}

static void sort_spaces(struct ayni_buffer *spaces)
{
    struct ayni_space *list = (struct ayni_space *)spaces->data;
    size_t count = spaces->size / sizeof(*list), kept = 0;

    if (count > 1)
        qsort(list, count, sizeof(*list), by_space);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_space(&list[kept - 1], &list[i]) != 0)
            list[kept++] = list[i];
    spaces->size = kept * sizeof(*list);
}

static bool has_any(struct ayni_bytes spaces, const struct ayni_buffer *wanted)
{
    const struct ayni_space *list = (const struct ayni_space *)wanted->data;

    for (size_t i = 0; spaces.size > 0 && i < wanted->size / sizeof(*list); i++)
        if (bsearch(&list[i], spaces.data, spaces.size / sizeof(*list), sizeof(*list), by_space) !=
            NULL)
            return true;
    return false;
}

/* --- all volumes --- */

enum ayni_status waiting_spaces(struct inbox *inbox, const struct identity *identity,
                                struct ayni_buffer *spaces)
{
    SCOPED_BUFFER names = { 0 };
    enum ayni_status status = inbox_list(inbox, &names);

    ayni_buffer_clear(spaces);
    for (size_t at = 0; status == AYNI_OK && at < names.size; at += INBOX_NAME_SIZE)
        status = spaces_of(inbox, (const char *)names.data + at, identity, spaces);
    sort_spaces(spaces);
    return status;
}

static enum ayni_status give_up(struct inbox *inbox, const char *name,
                                const struct identity *identity, struct ayni_bytes spaces)
{
    SCOPED_BUFFER brings = { 0 };
    enum ayni_status status = spaces_of(inbox, name, identity, &brings);

    if (status != AYNI_OK || !has_any(spaces, &brings))
        return status;
    report(REPORT_WARNING, "bundle_given_up", "name=%s reason=erasure", name);
    return inbox_remove(inbox, name);
}

enum ayni_status waiting_give_up(struct inbox *inbox, const struct identity *identity,
                                 struct ayni_bytes spaces)
{
    SCOPED_BUFFER names = { 0 };
    enum ayni_status status = inbox_list(inbox, &names);

    for (size_t at = 0; status == AYNI_OK && at < names.size; at += INBOX_NAME_SIZE)
        status = give_up(inbox, (const char *)names.data + at, identity, spaces);
    return status;
}
