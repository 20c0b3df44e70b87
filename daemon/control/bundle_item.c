#include "daemon/control/bundle_item.h"

#include "daemon/records/names.h"

void bundle_item_put_id(struct ayni_control_writer *item, const struct ayni_bundle_id *id)
{
    ayni_control_put_hash(item, "bundle", (struct ayni_bytes){ id->bytes, sizeof(id->bytes) });
}

void bundle_item_put_node(struct ayni_control_writer *item, const struct charter *charter,
                          const char *key, const char *name_key, const struct ayni_node *node)
{
    char name[NAMES_SIZE];

    names_of_node(charter, node, name);
    ayni_control_put_node(item, key, node);
    ayni_control_put_text(item, name_key, name);
}

void bundle_item_put_space(struct ayni_control_writer *item, const struct charter *charter,
                           const struct ayni_bundle_space *space)
{
    char name[NAMES_SIZE];

    names_of_space(charter, &space->space, name);
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "space", name);
    ayni_control_put_int(item, "entries", (int64_t)space->entries);
    ayni_control_close(item);
}
