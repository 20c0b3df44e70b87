#include "cli/names.h"

#include <stdlib.h>

#include "proto/text.h"

static enum ayni_status take_member(void *context, const struct ayni_control_value *member,
                                    struct failure *failure)
{
    struct names *names = context;
    struct ayni_control_value node, name;

    if (!ayni_control_find(member, "node", &node) || node.kind != AYNI_CONTROL_NODE ||
        !ayni_control_find(member, "name", &name) || name.kind != AYNI_CONTROL_TEXT ||
        name.bytes.size == 0)
        return AYNI_OK;
    if (names->count == names->capacity) {
        size_t capacity = names->capacity > 0 ? 2 * names->capacity : 16;
        struct name *list = realloc(names->list, capacity * sizeof(*list));
        if (list == NULL)
            return fail_memory(failure);
        names->list = list;
        names->capacity = capacity;
    }
    struct name *added = &names->list[names->count++];
    added->node = node.node;
    ayni_text_copy(name.bytes, added->text, sizeof(added->text));
    return AYNI_OK;
}

void names_load(struct names *names, struct client *client)
{
    struct client_sink sink = { .context = names, .item = take_member };
    struct failure ignored = { 0 };
    struct ayni_control_writer writer = client_request(client, "member.list");

    ayni_control_open_object(&writer, NULL);
    ayni_control_close(&writer);
    if (client_exchange(client, &sink, &ignored) != AYNI_OK)
        names_free(names);
}

void names_free(struct names *names)
{
    free(names->list);
    *names = (struct names){ 0 };
}

const char *names_find(const struct names *names, const struct ayni_node *node)
{
    for (size_t i = 0; i < names->count; i++)
        if (ayni_id_equal(&names->list[i].node, node))
            return names->list[i].text;
    return NULL;
}
