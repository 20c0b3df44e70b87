#include "daemon/records/link_component.h"

#include "daemon/records/tables.h"

/* A component while it is walked from one member to the next. */
struct walking {
    struct reader *reader;
    struct id_set members;
    struct ayni_buffer links; /* struct link: all that name a member, most of them twice */
};

static void walking_done(struct walking *walking)
{
    id_set_free(&walking->members);
    ayni_buffer_free(&walking->links);
}

/* --- from one to the next --- */

/* Those whom a decision joins with `record`; all decisions on it are kept in `links` if there is
 * one. */
static enum ayni_status add_joined(struct reader *reader, const struct ayni_record *record,
                                   struct id_set *set, struct ayni_buffer *links)
{
    SCOPED_LINKS list = { 0 };
    enum ayni_status status = links_of(reader, record, &list);

    for (size_t i = 0; status == AYNI_OK && i < list.count; i++)
        if (list.items[i].verdict == LINK_SAME)
            status = id_set_add(set, link_other(&list.items[i], record), NULL);
    if (status == AYNI_OK && links != NULL)
        ayni_buffer_append(links, list.items, list.count * sizeof(*list.items));
    return status;
}

/* Most records are in no link, and most nodes have few. */
static enum ayni_status are_there_any(struct reader *reader, bool *any)
{
    uint64_t count;
    enum ayni_status status = views_count(reader_views(reader), RECORDS_TABLE_LINKS, &count);

    *any = status == AYNI_OK && count > 0;
    return status;
}

static enum ayni_status walk(struct walking *walking, const struct ayni_record *from)
{
    enum ayni_status status = id_set_add(&walking->members, from, NULL);

    for (size_t i = 0; status == AYNI_OK && i < walking->members.count &&
                       walking->members.count <= LINK_MEMBERS_MAX;
         i++) {
        const struct ayni_record member = walking->members.items[i];
        status = add_joined(walking->reader, &member, &walking->members, &walking->links);
    }
    return status == AYNI_OK ? ayni_buffer_status(&walking->links) : status;
}

/* --- what the decisions say of it --- */

static void judge(const struct walking *walking, struct link_component *component)
{
    const struct link *links = (const struct link *)walking->links.data;

    for (size_t i = 0; i < walking->links.size / sizeof(*links); i++) {
        bool apart = links[i].verdict == LINK_DIFFERENT || links[i].verdict == LINK_TWINS;
        bool disputed = links[i].verdict == LINK_SAME && links[i].contested;
        if ((apart || disputed) && id_set_has(&walking->members, &links[i].a) &&
            id_set_has(&walking->members, &links[i].b))
            component->contested = true;
    }
}

/* Whom a decision between two of them keeps, and whom it gives up. */
static void choose_child(const struct walking *walking, struct link_component *component)
{
    const struct link *links = (const struct link *)walking->links.data;
    bool kept[LINK_MEMBERS_MAX] = { 0 }, given_up[LINK_MEMBERS_MAX] = { 0 };

    for (size_t i = 0; i < walking->links.size / sizeof(*links); i++) {
        if (links[i].verdict != LINK_SAME || !links[i].has_keep)
            continue;
        component->kept = true;
        for (size_t m = 0; m < component->count; m++) {
            if (ayni_id_equal(&component->members[m], &links[i].keep))
                kept[m] = true;
            else if (ayni_id_equal(&component->members[m], &links[i].a) ||
                     ayni_id_equal(&component->members[m], &links[i].b))
                given_up[m] = true;
        }
    }
    int best = 0;
    for (size_t m = 0; m < component->count; m++) {
        int rank = 1 + (kept[m] ? 1 : 0) + (given_up[m] ? 0 : 2);
        if (rank > best) { /* of equal ones the lowest id */
            component->child = component->members[m];
            best = rank;
        }
    }
}

static void take_members(struct walking *walking, struct link_component *component)
{
    id_set_sort(&walking->members);
    component->count = walking->members.count;
    memcpy(component->members, walking->members.items,
           component->count * sizeof(component->members[0]));
}

static enum ayni_status find(struct walking *walking, const struct ayni_record *record,
                             struct link_component *component)
{
    enum ayni_status status = walk(walking, record);

    if (status != AYNI_OK || walking->members.count == 1)
        return status;
    if (walking->members.count > LINK_MEMBERS_MAX) {
        component->contested = component->too_many = true;
        return AYNI_OK;
    }
    judge(walking, component);
    take_members(walking, component);
    choose_child(walking, component);
    return AYNI_OK;
}

void link_component_alone(const struct ayni_record *record, struct link_component *component)
{
    component->members[0] = component->child = *record;
    component->count = 1;
    component->kept = component->contested = component->too_many = false;
}

enum ayni_status links_component(struct reader *reader, const struct ayni_record *record,
                                 struct link_component *component)
{
    __attribute__((cleanup(walking_done))) struct walking walking = { .reader = reader };
    bool any;
    enum ayni_status status = are_there_any(reader, &any);

    link_component_alone(record, component);
    return status == AYNI_OK && any ? find(&walking, record, component) : status;
}

bool link_component_has(const struct link_component *component, const struct ayni_record *record)
{
    for (size_t i = 0; i < component->count; i++)
        if (ayni_id_equal(&component->members[i], record))
            return true;
    return false;
}

enum ayni_status links_reach(struct reader *reader, struct id_set *set)
{
    bool any;
    enum ayni_status status = are_there_any(reader, &any);

    for (size_t i = 0; status == AYNI_OK && any && i < set->count; i++) {
        const struct ayni_record member = set->items[i];
        status = add_joined(reader, &member, set, NULL);
    }
    return status;
}
