#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

#include "proto/limits.h"
#include "proto/root.h"

/*
 * Steering follows from the root key alone: whoever carries a root statement
 * into the registry, its own signature says whether it is one.
 */
static int compare_terms(const void *left, const void *right)
{
    const struct term *a = left, *b = right;

    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return ayni_bytes_compare(b->statement,
                              a->statement); /* of two with one number the higher stands */
}

static enum ayni_status keep_term(struct ayni_registry *registry, struct ayni_bytes cose,
                                  const struct ayni_root_statement *statement, struct term *term)
{
    struct term t = { .number = statement->number,
                      .steering = statement->steering,
                      .has_cut = statement->has_cut,
                      .point_count = statement->point_count };

    t.points = state_take(registry, t.point_count, sizeof(*t.points));
    if (t.points == NULL || !state_keep(registry, cose, &t.statement))
        return AYNI_E_MEMORY;
    if (t.point_count > 0)
        memcpy(t.points, statement->points, t.point_count * sizeof(*t.points));
    *term = t;
    return AYNI_OK;
}

/* AYNI_E_INVALID where it is no statement of this root key. */
static enum ayni_status read_term(struct ayni_registry *registry, struct ayni_bytes cose,
                                  struct term *term)
{
    struct ayni_root_statement statement;

    enum ayni_status status = ayni_root_statement_decode(cose, &registry->root, &statement);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? AYNI_E_MEMORY : AYNI_E_INVALID;
    status = keep_term(registry, cose, &statement, term);
    ayni_root_statement_free(&statement);
    return status;
}

/* A version that carries a statement. By writer and place. */
struct carried {
    struct place place;
    struct ayni_bytes cose;
};

static int compare_carried(const void *left, const void *right)
{
    const struct carried *a = left, *b = right;
    int order = ayni_id_compare(&a->place.node, &b->place.node);
    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int compare_statements(const void *left, const void *right)
{
    return ayni_bytes_compare(((const struct carried *)left)->cose,
                              ((const struct carried *)right)->cose);
}

/*
 * The statements that are to be checked, each once. Any member may carry them,
 * and each costs a signature: of one writer only the first few are looked at.
 */
static size_t choose_carried(const struct item_list *list, struct carried *carried)
{
    size_t count = 0, chosen = 0, of_writer = 0;

    for (size_t i = 0; i < list->count; i++)
        if (field_view(list->items[i]->version, AYNI_FIELD_ROOT_STATEMENT_STATEMENT,
                       &carried[count].cose))
            carried[count++].place = place_of_item(list->items[i]);
    qsort(carried, count, sizeof(*carried), compare_carried);
    for (size_t i = 0; i < count; i++) {
        bool same =
            chosen > 0 && ayni_id_equal(&carried[chosen - 1].place.node, &carried[i].place.node);
        of_writer = same ? of_writer + 1 : 0;
        if (of_writer < AYNI_ROOT_STATEMENTS_PER_WRITER_MAX)
            carried[chosen++] = carried[i];
    }
    qsort(carried, chosen, sizeof(*carried), compare_statements);
    count = 0;
    for (size_t i = 0; i < chosen; i++)
        if (count == 0 || compare_statements(&carried[count - 1], &carried[i]) != 0)
            carried[count++] = carried[i];
    return count;
}

enum ayni_status steering_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list list = items_of_type(build->items, AYNI_TYPE_ROOT_STATEMENT);
    SCOPED_ARENA memory = { 0 };
    struct carried *carried = ayni_arena_take(&memory, list.count + 1, sizeof(*carried));
    struct term *terms = state_take(registry, list.count, sizeof(*terms));
    size_t found = 0, kept = 0;

    if (carried == NULL || terms == NULL)
        return AYNI_E_MEMORY;
    size_t count = choose_carried(&list, carried);
    for (size_t i = 0; i < count; i++) {
        enum ayni_status status = read_term(registry, carried[i].cose, &terms[found]);
        if (status == AYNI_E_MEMORY)
            return status;
        found += status == AYNI_OK;
    }
    qsort(terms, found, sizeof(*terms), compare_terms);
    for (size_t i = 0; i < found; i++)
        if (kept == 0 || terms[kept - 1].number != terms[i].number)
            terms[kept++] = terms[i];
    registry->terms = terms;
    registry->term_count = kept;
    return AYNI_OK;
}

bool steering_is(const struct ayni_registry *registry, const struct ayni_node *node)
{
    return registry->term_count > 0 &&
           ayni_id_equal(&registry->terms[registry->term_count - 1].steering, node);
}

/*
 * The cut that ends the terms of the node whose last one is at `last`: of the
 * statements that name its successor, before any third, the highest with a cut.
 */
static const struct term *ending_term(const struct ayni_registry *registry, size_t last)
{
    const struct term *successor = &registry->terms[last + 1];
    const struct term *ending = NULL;

    for (size_t i = last + 1; i < registry->term_count; i++) {
        const struct term *term = &registry->terms[i];
        if (!ayni_id_equal(&term->steering, &successor->steering))
            break;
        if (term->has_cut)
            ending = term;
    }
    return ending;
}

enum ayni_standing steering_standing(const struct ayni_registry *registry,
                                     const struct place *place,
                                     const struct ayni_chain_lookup *chains)
{
    size_t last = registry->term_count;

    if (steering_is(registry, &place->node))
        return AYNI_STANDING_VALID;
    while (last > 0 && !ayni_id_equal(&registry->terms[last - 1].steering, &place->node))
        last--;
    if (last == 0)
        return AYNI_STANDING_NO_RIGHT;

    const struct term *ending = ending_term(registry, last - 1);
    if (ending == NULL)
        return AYNI_STANDING_MARKED;
    return cut_covers(ending->points, ending->point_count, place, chains) ? AYNI_STANDING_VALID
                                                                          : AYNI_STANDING_NO_RIGHT;
}

enum ayni_standing steering_item_standing(const struct ayni_registry *registry,
                                          const struct ayni_registry_item *item,
                                          const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    return steering_standing(registry, &place, chains);
}

enum ayni_standing steering_member_standing(const struct ayni_registry *registry,
                                            const struct ayni_registry_item *item,
                                            const struct ayni_chain_lookup *chains)
{
    struct subject subject;

    if (!subject_of(registry, item->version, &subject))
        return AYNI_STANDING_NO_RIGHT;
    return steering_item_standing(registry, item, chains);
}

enum ayni_standing term_item_standing(const struct ayni_registry *registry,
                                      const struct ayni_registry_item *item,
                                      const struct ayni_chain_lookup *chains)
{
    struct ayni_root_statement statement;
    struct ayni_bytes cose;

    (void)chains;
    if (!field_view(item->version, AYNI_FIELD_ROOT_STATEMENT_STATEMENT, &cose))
        return AYNI_STANDING_NO_RIGHT;
    for (size_t i = 0; i < registry->term_count; i++)
        if (ayni_bytes_equal(registry->terms[i].statement, cose))
            return AYNI_STANDING_VALID;
    if (ayni_root_statement_decode(cose, &registry->root, &statement) != AYNI_OK)
        return AYNI_STANDING_NO_RIGHT;
    ayni_root_statement_free(&statement);
    return AYNI_STANDING_VALID;
}

const struct ayni_node *ayni_registry_steering(const struct ayni_registry *registry)
{
    return registry->term_count == 0 ? NULL : &registry->terms[registry->term_count - 1].steering;
}

struct ayni_bytes ayni_registry_root_statement(const struct ayni_registry *registry,
                                               uint64_t *number)
{
    if (registry->term_count == 0) {
        *number = 0;
        return (struct ayni_bytes){ 0 };
    }
    const struct term *newest = &registry->terms[registry->term_count - 1];
    *number = newest->number;
    return newest->statement;
}
