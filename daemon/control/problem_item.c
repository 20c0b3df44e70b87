#include "daemon/control/problem_item.h"

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"
#include "daemon/control/record_item.h"
#include "daemon/records/names.h"

static void put_place(struct ayni_control_writer *item, const struct problem_item *problem)
{
    if (problem->key->type == 0)
        ayni_control_put_null(item, "id");
    else
        record_item_key(item, problem->charter, problem->key, false);
    named_item_space(item, problem->charter, &problem->key->space);
}

static void put_writer(struct ayni_control_writer *item, const struct problem_item *problem)
{
    if (problem->node == NULL) {
        ayni_control_put_null(item, "node");
        ayni_control_put_null(item, "time");
        return;
    }
    ayni_control_put_node(item, "node", problem->node);
    ayni_control_put_instant(item, "time", problem->time);
}

void problem_item_put(struct ayni_control_writer *item, const struct problem_item *problem)
{
    char name[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    put_place(item, problem);
    put_writer(item, problem);
    ayni_control_put_string(item, "reason", problem->reason);
    if (problem->field != 0) {
        names_of_field(problem->charter, problem->key->type, problem->field, name);
        ayni_control_put_text(item, "field", name);
    }
    if (problem->level != NULL)
        ayni_control_put_text(item, "level", problem->level);
    control_words_put(item, problem->said);
    ayni_control_close(item);
}
