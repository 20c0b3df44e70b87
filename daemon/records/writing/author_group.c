#include "daemon/records/writing/author_private.h"

#include <stdlib.h>

/* Groups that views/ hasn't followed yet, at most: who writes faster waits for it. */
enum { GROUPS_MAX = 32 };

void author_group_free(struct author_group *group)
{
    author_draft_free(&group->draft);
    author_keys_free(&group->keys);
    pthread_cond_destroy(&group->told);
    free(group);
}

void author_group_release(struct author_group *group)
{
    if (--group->users == 0 && !group->listed)
        author_group_free(group);
}

void author_groups_prune(struct author *author)
{
    uint64_t reached = follow_reached(projector_follow(author->records->projector));
    struct author_group **link = &author->groups;

    while (*link != NULL) {
        struct author_group *group = *link;
        if (!group->committed || (group->status == AYNI_OK && group->arrival > reached)) {
            link = &group->next;
            continue;
        }
        *link = group->next;
        group->listed = false;
        if (group->users == 0)
            author_group_free(group);
    }
}

/* The group on its way that touches one of these records, or NULL. */
static struct author_group *find_touching(struct author *author, const struct author_keys *keys)
{
    struct author_group *group = author->groups;

    while (group != NULL && !author_keys_meet(&group->keys, keys))
        group = group->next;
    return group;
}

void author_group_wait_committed(struct author *author, struct author_group *group)
{
    pthread_mutex_lock(&author->telling);
    while (!group->committed)
        pthread_cond_wait(&group->told, &author->telling);
    pthread_mutex_unlock(&author->telling);
}

typedef enum ayni_status wait_by(struct projector *projector, uint64_t arrival);

static enum ayni_status wait_followed(struct author *author, struct author_group *group,
                                      wait_by *wait)
{
    enum ayni_status status = AYNI_OK;

    group->users++;
    pthread_mutex_unlock(&author->mutex);
    author_group_wait_committed(author, group);
    if (group->status == AYNI_OK)
        status = wait(author->records->projector, group->arrival);
    pthread_mutex_lock(&author->mutex);
    author_group_release(group);
    return status;
}

enum ayni_status author_group_wait_followed(struct author *author, struct author_group *group)
{
    return wait_followed(author, group, projector_wait);
}

/* The oldest group, if there are too many. */
static struct author_group *one_too_many(struct author *author)
{
    struct author_group *oldest = author->groups;
    size_t count = 0;

    for (struct author_group *group = author->groups; group != NULL; group = group->next, count++)
        oldest = group;
    return count >= GROUPS_MAX ? oldest : NULL;
}

enum ayni_status author_groups_wait_turn(struct author *author, const struct author_keys *keys)
{
    for (;;) {
        wait_by *wait = projector_wait;
        struct author_group *group;
        enum ayni_status status;
        author_groups_prune(author);
        group = find_touching(author, keys);
        if (group == NULL) {
            group = one_too_many(author);
            wait = projector_wait_unhurried;
        }
        if (group == NULL)
            return AYNI_OK;
        status = wait_followed(author, group, wait);
        if (status != AYNI_OK)
            return status;
    }
}

void author_groups_wait_committed(struct author *author)
{
    for (struct author_group *group = author->groups; group != NULL; group = group->next)
        author_group_wait_committed(author, group);
}
