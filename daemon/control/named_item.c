#include "daemon/control/named_item.h"

#include "daemon/records/names.h"

void named_item_space(struct ayni_control_writer *item, const struct charter *charter,
                      const struct ayni_space *space)
{
    char name[NAMES_SIZE];

    names_of_space(charter, space, name);
    ayni_control_put_text(item, "space", name);
}

void named_item_node(struct ayni_control_writer *item, const struct charter *charter,
                     const struct ayni_node *node)
{
    char organisation[NAMES_SIZE];

    ayni_control_put_node(item, "node", node);
    names_of_org(charter, node, organisation);
    ayni_control_put_text(item, "org", organisation);
}
