#include "daemon/records/links/link_memo.h"

#include <stdlib.h>

#include "daemon/records/links/link_component.h"

/* Fewer are soon looked at again, and most components have two members and one decision. */
enum { COSTLY_FROM = 512 };

void link_memo_free(struct link_memo *memo)
{
    id_set_free(&memo->crowd);
    for (size_t i = 0; i < memo->costly_count; i++)
        free(memo->costly[i]);
    free(memo->costly);
    *memo = (struct link_memo){ 0 };
}

enum ayni_status link_memo_add_crowd(struct link_memo *memo, const struct id_set *records)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < records->count; i++)
        status = id_set_add(&memo->crowd, &records->items[i], NULL);
    return status;
}

const struct link_component *link_memo_find(const struct link_memo *memo,
                                            const struct ayni_record *record)
{
    for (size_t i = 0; i < memo->costly_count; i++)
        if (link_component_has(memo->costly[i], record))
            return memo->costly[i];
    return NULL;
}

enum ayni_status link_memo_add(struct link_memo *memo, const struct link_component *component)
{
    if (component->looked_at < COSTLY_FROM)
        return AYNI_OK;
    struct link_component **costly =
        reallocarray(memo->costly, memo->costly_count + 1, sizeof(*costly));
    if (costly == NULL)
        return AYNI_E_MEMORY;
    memo->costly = costly;
    costly[memo->costly_count] = malloc(sizeof(*component));
    if (costly[memo->costly_count] == NULL)
        return AYNI_E_MEMORY;
    *costly[memo->costly_count++] = *component;
    return AYNI_OK;
}
