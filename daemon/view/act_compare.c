#include "daemon/view/act_compare.h"

#include <stdlib.h>

const char *act_change_name(enum act_change change)
{
    static const char *const names[] = { "added", "removed", "edited" };

    return names[change];
}

/* Whether a list of differences has that child. */
static bool has(const struct ayni_listed *list, size_t count, const struct ayni_record *child)
{
    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&list[i].id, child))
            return true;
    return false;
}

static bool has_listed(const struct ayni_listed *list, size_t count,
                       const struct ayni_listed *listed)
{
    for (size_t i = 0; i < count; i++)
        if (ayni_listed_compare(&list[i], listed) == 0)
            return true;
    return false;
}

/* The act's list, as the differences say that it was. */
static enum ayni_status make_then(const struct act_list *now,
                                  const struct ayni_sketch_difference *difference,
                                  struct ayni_buffer *then)
{
    for (size_t i = 0; i < now->count; i++)
        if (!has_listed(difference->second, difference->second_count, &now->children[i]))
            ayni_buffer_append(then, &now->children[i], sizeof(now->children[i]));
    ayni_buffer_append(then, difference->first,
                       difference->first_count * sizeof(difference->first[0]));
    if (ayni_buffer_status(then) == AYNI_OK && then->size > 0)
        qsort(then->data, then->size / sizeof(struct ayni_listed), sizeof(struct ayni_listed),
              ayni_listed_compare);
    return ayni_buffer_status(then);
}

/* Whether it has the act's hash: the sketch is the word of whoever wrote the act. */
static enum ayni_status prove(const struct act *act, const struct act_list *now,
                              const struct ayni_sketch_difference *difference, bool *proven)
{
    SCOPED_BUFFER then = { 0 };
    struct ayni_hash root;
    enum ayni_status status = make_then(now, difference, &then);

    if (status == AYNI_OK)
        status = ayni_list_root("children", act->scope.place, month_first_day(act->scope.month),
                                (const struct ayni_listed *)then.data,
                                then.size / sizeof(struct ayni_listed), &root);
    if (status == AYNI_OK)
        *proven = ayni_id_equal(&root, &act->root);
    return status;
}

static int compare_differences(const void *a, const void *b)
{
    const struct act_difference *x = a, *y = b;

    return ayni_id_compare(&x->child, &y->child);
}

static void add(struct act_comparison *comparison, const struct ayni_record *child,
                enum act_change change)
{
    comparison->differences[comparison->count++] = (struct act_difference){ *child, change };
}

static void name_differences(const struct ayni_sketch_difference *difference,
                             struct act_comparison *comparison)
{
    for (size_t i = 0; i < difference->first_count; i++) {
        const struct ayni_record *child = &difference->first[i].id;
        add(comparison, child,
            has(difference->second, difference->second_count, child) ? ACT_CHILD_EDITED
                                                                     : ACT_CHILD_REMOVED);
    }
    for (size_t i = 0; i < difference->second_count; i++)
        if (!has(difference->first, difference->first_count, &difference->second[i].id))
            add(comparison, &difference->second[i].id, ACT_CHILD_ADDED);
    if (comparison->count > 0)
        qsort(comparison->differences, comparison->count, sizeof(comparison->differences[0]),
              compare_differences);
}

enum ayni_status act_compare_with(const struct act *act, const struct act_list *now,
                                  struct act_comparison *comparison)
{
    struct ayni_sketch_difference difference;
    struct ayni_sketch sketch;
    bool proven = false;
    enum ayni_status status;

    *comparison = (struct act_comparison){ .known = true, .children = (int64_t)now->count };
    comparison->changed =
        !ayni_id_equal(&now->root, &act->root) || act->children != comparison->children;
    if (ayni_id_equal(&now->root, &act->root)) {
        comparison->named = true;
        return AYNI_OK;
    }
    act_list_sketch(now, &sketch);
    if (!act->has_sketch || ayni_sketch_compare(&act->sketch, &sketch, &difference) != AYNI_OK)
        return AYNI_OK;
    status = prove(act, now, &difference, &proven);
    if (status == AYNI_OK && proven) {
        name_differences(&difference, comparison);
        comparison->named = true;
    }
    return status;
}

enum ayni_status act_compare(struct reader *reader, const struct act *act,
                             struct act_comparison *comparison)
{
    SCOPED_ACT_LIST now = { 0 };
    enum ayni_status status;

    *comparison = (struct act_comparison){ .known = act->scope.place[0] != '\0' };
    if (!comparison->known)
        return AYNI_OK;
    status = act_list_make(reader, &act->scope, &now);
    if (status == AYNI_E_NOT_FOUND) {
        comparison->known = false;
        return AYNI_OK;
    }
    return status == AYNI_OK ? act_compare_with(act, &now, comparison) : status;
}
