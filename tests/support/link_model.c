#include "tests/support/link_model.h"

#include <string.h>

/* --- what happens --- */

void link_model_put(struct link_model *model, size_t child, const struct ayni_record *id,
                    const unsigned values[LINK_MODEL_FIELDS])
{
    struct link_model_child *put = &model->children[child];

    model->step++;
    for (size_t i = 0; i < LINK_MODEL_FIELDS; i++) {
        if (put->here && put->values[i] == values[i])
            continue;
        put->values[i] = values[i];
        put->steps[i] = model->step;
    }
    put->id = *id;
    put->here = true;
    put->deleted = false;
}

void link_model_delete(struct link_model *model, size_t child)
{
    model->step++;
    model->children[child].deleted = true;
}

static void set(struct link_model *model, size_t one, size_t other, enum link_verdict verdict,
                size_t kept)
{
    model->verdicts[one][other] = model->verdicts[other][one] = verdict;
    model->kept[one][other] = model->kept[other][one] = kept;
}

bool link_model_decide(struct link_model *model, size_t one, size_t other,
                       enum link_verdict verdict, size_t keep)
{
    enum link_verdict before = model->verdicts[one][other];
    size_t kept = verdict == LINK_SAME && before == LINK_SAME ? model->kept[one][other] : 0;

    model->step++;
    if (one == other || !model->children[one].here || !model->children[other].here ||
        (verdict == LINK_UNDECIDED && before == LINK_UNDECIDED))
        return false;
    set(model, one, other, verdict, keep == LINK_MODEL_NOBODY ? kept : keep + 1);
    return true;
}

bool link_model_erase(struct link_model *model, size_t child, bool alone)
{
    struct link_model_component component = link_model_component(model, child);

    model->step++;
    if (component.contested && !alone)
        return false;
    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++) {
        if (alone ? i != child : !component.members[i])
            continue;
        model->children[i].here = false;
        for (size_t j = 0; j < LINK_MODEL_CHILDREN; j++)
            set(model, i, j, LINK_UNDECIDED, 0);
    }
    return true;
}

/* --- who is one --- */

/* Until nobody is joined any more. */
static void join(const struct link_model *model, struct link_model_component *component)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++)
            for (size_t j = 0; component->members[i] && j < LINK_MODEL_CHILDREN; j++)
                if (!component->members[j] && model->verdicts[i][j] == LINK_SAME)
                    component->members[j] = more = true;
    }
}

/* Who is kept and not given up, who is neither, who is both, who is given up: the lowest id. */
static unsigned rank_of(const struct link_model *model,
                        const struct link_model_component *component, size_t child)
{
    bool kept = false, given_up = false;

    for (size_t j = 0; j < LINK_MODEL_CHILDREN; j++) {
        size_t keep = model->kept[child][j];
        if (!component->members[j] || keep == 0)
            continue;
        kept = kept || keep == child + 1;
        given_up = given_up || keep == j + 1;
    }
    return given_up ? (kept ? 2 : 3) : (kept ? 0 : 1);
}

struct link_model_component link_model_component(const struct link_model *model, size_t child)
{
    struct link_model_component component = { .child = child };
    unsigned best = 4;

    component.members[child] = true;
    join(model, &component);
    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++) {
        if (!component.members[i])
            continue;
        unsigned rank = rank_of(model, &component, i);
        if (rank < best ||
            (rank == best &&
             ayni_id_compare(&model->children[i].id, &model->children[component.child].id) < 0)) {
            component.child = i;
            best = rank;
        }
        component.count++;
        for (size_t j = 0; j < LINK_MODEL_CHILDREN; j++) {
            enum link_verdict verdict = model->verdicts[i][j];
            if (!component.members[j])
                continue;
            component.contested =
                component.contested || verdict == LINK_DIFFERENT || verdict == LINK_TWINS;
            component.kept = component.kept || model->kept[i][j] != 0;
        }
    }
    return component;
}

/* --- who counts --- */

/* Of the one that is kept if it is there, else what was set last. */
static bool value_of(const struct link_model *model, const struct link_model_component *component,
                     size_t field, unsigned *value)
{
    unsigned newest = 0;

    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++) {
        const struct link_model_child *child = &model->children[i];
        bool first = component->kept && i == component->child;
        unsigned step = first ? UINT32_MAX : child->steps[field];
        if (!component->members[i] || !child->here || child->deleted || step <= newest)
            continue;
        newest = step;
        *value = child->values[field];
    }
    return newest > 0;
}

struct link_model_count link_model_count(const struct link_model *model, const char *const *births,
                                         size_t birth, unsigned place, unsigned sex)
{
    struct link_model_count count = { 0 };
    bool seen[LINK_MODEL_CHILDREN] = { 0 };

    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++) {
        struct link_model_component component = link_model_component(model, i);
        unsigned born, lives, is;
        if (seen[i])
            continue;
        for (size_t j = 0; j < LINK_MODEL_CHILDREN; j++)
            seen[j] = seen[j] || component.members[j];
        if (!value_of(model, &component, LINK_MODEL_BIRTH, &born) ||
            !value_of(model, &component, LINK_MODEL_PLACE, &lives) ||
            !value_of(model, &component, LINK_MODEL_SEX, &is) || lives != place || is != sex ||
            strncmp(births[born], births[birth], strlen("2024-02")) > 0)
            continue;
        count.children++;
        count.contested += component.contested;
    }
    return count;
}
