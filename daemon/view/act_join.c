#include "daemon/view/act_join.h"

#include <stdlib.h>

#include "daemon/records/links/link_component.h"
#include "daemon/view/act_links.h"
#include "daemon/view/act_list.h"

/* What is joined, and by which reader. */
struct joining {
    struct reader *reader;
    const struct ayni_space *space;
    struct ayni_listed *children;
    char (*places)[CONTRIBUTION_PLACE_SIZE];
    size_t count;
};

/* One of a group, and where it is in the list. */
struct joined {
    uint32_t group;
    char place[CONTRIBUTION_PLACE_SIZE];
    size_t at;
};

/* By group and district. */
static int compare_groups(const struct joined *a, const struct joined *b)
{
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return memcmp(a->place, b->place, sizeof(a->place));
}

static int compare_joined(const void *a, const void *b)
{
    const struct joined *x = a, *y = b;
    int order = compare_groups(x, y);

    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static enum ayni_status find_joined(const struct joining *joining, struct ayni_buffer *found)
{
    SCOPED_ACT_LINKS links = { 0 };
    enum ayni_status status = act_links_read(joining->reader, joining->space, &links);

    for (size_t i = 0; status == AYNI_OK && i < joining->count; i++) {
        struct joined joined = { .at = i };
        if (!act_links_group(&links, &joining->children[i].id, &joined.group))
            continue;
        memcpy(joined.place, joining->places[i], sizeof(joined.place));
        ayni_buffer_append(found, &joined, sizeof(joined));
    }
    if (status == AYNI_OK)
        status = ayni_buffer_status(found);
    if (status == AYNI_OK && found->size > 0)
        qsort(found->data, found->size / sizeof(struct joined), sizeof(struct joined),
              compare_joined);
    return status;
}

/* The first of a group, which has the lowest id, stands for all of it. */
static enum ayni_status digest_group(const struct joining *joining, const struct joined *group,
                                     size_t count)
{
    struct record_state states[LINK_MEMBERS_MAX] = { 0 };
    struct ayni_shown shown[LINK_MEMBERS_MAX];
    SCOPED_ARENA memory = { 0 };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct record_key key = { *joining->space, ACT_LIST_TYPE,
                                  joining->children[group[i].at].id };
        status = reader_fold(joining->reader, &key, &states[i]);
        if (status == AYNI_OK)
            shown[i].fields = record_state_shown(&states[i], &memory, &shown[i].count);
    }
    if (status == AYNI_OK)
        status = ayni_arena_status(&memory);
    if (status == AYNI_OK)
        status =
            ayni_listed_digest(ACT_LIST_TYPE, shown, count, joining->children[group[0].at].digest);
    for (size_t i = 0; i < count; i++)
        record_state_free(&states[i]);
    return status;
}

/* Those of each group but the first are marked as gone. */
static enum ayni_status join_groups(const struct joining *joining, const struct joined *joined,
                                    size_t count, bool *gone)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0, end; status == AYNI_OK && i < count; i = end) {
        for (end = i + 1; end < count && compare_groups(&joined[end], &joined[i]) == 0; end++)
            gone[joined[end].at] = true;
        if (end > i + 1)
            status = digest_group(joining, &joined[i], end - i);
    }
    return status;
}

/* How many are left. */
static size_t leave_out(const struct joining *joining, const bool *gone)
{
    size_t kept = 0;

    for (size_t i = 0; i < joining->count; i++) {
        if (gone[i])
            continue;
        joining->children[kept] = joining->children[i];
        memmove(joining->places[kept++], joining->places[i], sizeof(joining->places[i]));
    }
    return kept;
}

enum ayni_status act_join(struct reader *reader, const struct ayni_space *space,
                          struct ayni_buffer *children, struct ayni_buffer *places)
{
    const struct joining joining = {
        .reader = reader,
        .space = space,
        .children = (struct ayni_listed *)children->data,
        .places = (char(*)[CONTRIBUTION_PLACE_SIZE])places->data,
        .count = children->size / sizeof(struct ayni_listed),
    };
    SCOPED_BUFFER found = { 0 };
    enum ayni_status status = find_joined(&joining, &found);

    if (status != AYNI_OK || found.size == 0)
        return status;
    bool *gone = calloc(joining.count, sizeof(*gone));
    if (gone == NULL)
        return AYNI_E_MEMORY;
    status = join_groups(&joining, (const struct joined *)found.data,
                         found.size / sizeof(struct joined), gone);
    size_t kept = leave_out(&joining, gone);
    children->size = kept * sizeof(*joining.children);
    places->size = kept * sizeof(*joining.places);
    free(gone);
    return status;
}
