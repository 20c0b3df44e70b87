#include "daemon/view/act_problems.h"

#include "daemon/records/problem.h"

struct telling {
    const struct record_state *state;
    act_problem_visit *visit;
    void *context;
};

static bool tell(const struct telling *telling, uint32_t field, struct ayni_bytes code)
{
    struct act_problem problem = { telling->state->key.record, field, code };

    return telling->visit(telling->context, telling->state, &problem);
}

/* Of one child: what is contested, then what is missing or is no value. False for enough. */
static bool tell_problems(const struct charter *charter, const struct telling *telling)
{
    const struct ayni_folded *folded = &telling->state->folded;
    const struct ayni_bytes contested = ayni_bytes_of_text("contested");
    SCOPED_BUFFER found = { 0 };
    struct problem problem;

    if (folded->delete_contested && !tell(telling, 0, contested))
        return false;
    for (size_t i = 0; i < folded->field_count; i++)
        if (folded->fields[i].contested && !tell(telling, folded->fields[i].number, contested))
            return false;
    problem_of_record(charter, telling->state, &found);
    struct ayni_bytes rest = ayni_buffer_bytes(&found);
    while (problem_next(&rest, &problem))
        if (!tell(telling, problem.field, problem.code))
            return false;
    return true;
}

enum ayni_status act_problems_each(struct reader *reader, const struct act_scope *scope,
                                   const struct act_list *list, act_problem_visit *visit,
                                   void *context)
{
    for (size_t i = 0; i < list->count; i++) {
        struct record_key key = { scope->space, ACT_LIST_TYPE, list->children[i].id };
        SCOPED_STATE state = { 0 };
        const struct telling telling = { &state, visit, context };
        enum ayni_status status = reader_fold(reader, &key, &state);
        if (status != AYNI_OK)
            return status;
        if (!tell_problems(reader_charter(reader), &telling))
            break;
    }
    return AYNI_OK;
}
