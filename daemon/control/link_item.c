#include "daemon/control/link_item.h"

void link_item_put(struct ayni_control_writer *item, const struct link_component *component,
                   const struct ayni_record *record)
{
    if (component->contested)
        ayni_control_put_bool(item, "link_contested", true);
    if (component->count < 2)
        return;
    ayni_control_open_array(item, "linked");
    for (size_t i = 0; i < component->count; i++)
        if (!ayni_id_equal(&component->members[i], record))
            ayni_control_put_record(item, NULL, &component->members[i]);
    ayni_control_close(item);
    ayni_control_put_record(item, "child", &component->child);
}
