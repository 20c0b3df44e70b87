#include "daemon/control/approval_item.h"

#include "daemon/control/named_item.h"
#include "daemon/records/names.h"

void approval_item_scope(struct ayni_control_writer *item, const struct charter *charter,
                         const struct record_key *key, const struct approval_scope *scope)
{
    ayni_control_put_record(item, "id", &key->record);
    named_item_space(item, charter, &key->space);
    ayni_control_put_month(item, "period", month_first_day(scope->month));
    ayni_control_put_text(item, "territory", scope->territory);
}

void approval_item_author(struct ayni_control_writer *item, const struct charter *charter,
                          const struct approval *approval)
{
    char name[NAMES_SIZE];

    names_of_org(charter, &approval->node, name);
    ayni_control_put_text(item, "org", name);
    ayni_control_put_node(item, "node", &approval->node);
    ayni_control_put_instant(item, "time", approval->time);
    ayni_control_put_bool(item, "counts", approval->counts);
    if (approval->state == APPROVAL_RETURNED && approval->reason[0] != '\0')
        ayni_control_put_text(item, "reason", approval->reason);
    else
        ayni_control_put_null(item, "reason");
}
