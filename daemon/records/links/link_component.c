#include "daemon/records/links/link_component.h"

#include "daemon/records/links/link_memo.h"
#include "daemon/records/tables.h"

/* A component while it is walked from one member to the next. */
struct walking {
    struct reader *reader;
    const struct id_set *changed; /* links between two of these are passed over; NULL: none is */
    const struct id_set *crowd;   /* whoever meets one of these is among too many; NULL: nobody */
    struct id_set members;
    struct ayni_buffer links; /* struct link: all that name a member, most of them twice */
    size_t looked_at;
    bool too_many;
};

static void walking_done(struct walking *walking)
{
    id_set_free(&walking->members);
    ayni_buffer_free(&walking->links);
}

/* --- from one to the next --- */

static bool leads(const struct walking *walking, const struct link *link)
{
    return link->verdict == LINK_SAME &&
           (walking->changed == NULL || !id_set_has(walking->changed, &link->a) ||
            !id_set_has(walking->changed, &link->b));
}

static enum ayni_status add_member(struct walking *walking, const struct ayni_record *record)
{
    enum ayni_status status = id_set_add(&walking->members, record, NULL);

    if (walking->members.count > LINK_MEMBERS_MAX ||
        (walking->crowd != NULL && id_set_has(walking->crowd, record)))
        walking->too_many = true;
    return status;
}

/* Those whom a decision joins with `record`; all decisions on it are kept. */
static enum ayni_status add_joined(struct walking *walking, const struct ayni_record *record)
{
    SCOPED_LINKS list = { 0 };
    enum ayni_status status = links_of(walking->reader, record, &list);

    walking->looked_at += list.looked_at;
    for (size_t i = 0; status == AYNI_OK && !walking->too_many && i < list.count; i++)
        if (leads(walking, &list.items[i]))
            status = add_member(walking, link_other(&list.items[i], record));
    if (status == AYNI_OK && !walking->too_many)
        ayni_buffer_append(&walking->links, list.items, list.count * sizeof(*list.items));
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
    enum ayni_status status = add_member(walking, from);

    for (size_t i = 0; status == AYNI_OK && !walking->too_many && i < walking->members.count; i++) {
        const struct ayni_record member = walking->members.items[i];
        status = add_joined(walking, &member);
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
    struct link_memo *memo = reader_link_memo(walking->reader);
    enum ayni_status status = walk(walking, record);

    component->looked_at = walking->looked_at;
    if (status == AYNI_OK && walking->too_many) {
        component->contested = component->too_many = true;
        return link_memo_add_crowd(memo, &walking->members);
    }
    if (status == AYNI_OK && walking->members.count > 1) {
        judge(walking, component);
        take_members(walking, component);
        choose_child(walking, component);
    }
    return status == AYNI_OK ? link_memo_add(memo, component) : status;
}

void link_component_alone(const struct ayni_record *record, struct link_component *component)
{
    component->members[0] = component->child = *record;
    component->count = 1;
    component->kept = component->contested = component->too_many = false;
    component->looked_at = 0;
}

enum ayni_status links_component(struct reader *reader, const struct ayni_record *record,
                                 struct link_component *component)
{
    struct link_memo *memo = reader_link_memo(reader);
    const struct link_component *known = link_memo_find(memo, record);
    __attribute__((cleanup(walking_done))) struct walking walking = { .reader = reader,
                                                                      .crowd = &memo->crowd };
    bool any;

    if (known != NULL) {
        *component = *known;
        component->looked_at = 0;
        return AYNI_OK;
    }
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

/* --- whose answers may be others --- */

/* Those of whom something has changed, and what was found from them so far. */
struct reaching {
    struct reader *reader;
    struct id_set *reached;
    struct id_set changed;
    struct id_set crowd; /* they were among too many, and are */
};

static void reaching_done(struct reaching *reaching)
{
    id_set_free(&reaching->changed);
    id_set_free(&reaching->crowd);
}

static enum ayni_status add_all(const struct ayni_record *records, size_t count, struct id_set *set)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = id_set_add(set, &records[i], NULL);
    return status;
}

/*
 * Who was one with a record before it came to be among too many: whatever joined them then and
 * joins them still is no link between two that have changed, and whoever was parted from the rest
 * is found from another one that has changed.
 */
static enum ayni_status reach_former(struct reaching *reaching, const struct ayni_record *record)
{
    __attribute__((cleanup(walking_done))) struct walking walking = { .reader = reaching->reader,
                                                                      .changed = &reaching->changed,
                                                                      .crowd = &reaching->crowd };
    enum ayni_status status = walk(&walking, record);

    return status == AYNI_OK ? add_all(walking.members.items, walking.members.count,
                                       walking.too_many ? &reaching->crowd : reaching->reached)
                             : status;
}

static enum ayni_status reach(struct reaching *reaching, const struct ayni_record *record)
{
    struct link_component component;
    enum ayni_status status = links_component(reaching->reader, record, &component);

    if (status == AYNI_OK && component.too_many)
        return reach_former(reaching, record);
    return status == AYNI_OK ? add_all(component.members, component.count, reaching->reached)
                             : status;
}

enum ayni_status links_reach(struct reader *reader, struct id_set *set)
{
    __attribute__((cleanup(reaching_done))) struct reaching reaching = { .reader = reader,
                                                                         .reached = set };
    const size_t count = set->count;
    bool any;
    enum ayni_status status = are_there_any(reader, &any);

    if (status != AYNI_OK || !any)
        return status;
    status = add_all(set->items, count, &reaching.changed);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = reach(&reaching, &reaching.changed.items[i]);
    return status;
}
