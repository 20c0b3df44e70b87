#include "daemon/control/scope.h"

#include <string.h>

#include "daemon/records/names.h"
#include "proto/registry.h"

enum ayni_status scope_read(struct control_call *call, const struct charter *charter,
                            struct scope *scope)
{
    const struct ayni_catalogue_type *known = NULL;
    const char *type, *space;
    enum ayni_status status = call_text_or(call, "type", NULL, &type);

    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &space);
    if (status == AYNI_OK && type != NULL)
        status = names_type(charter, type, &known, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    *scope =
        (struct scope){ .type = known == NULL ? 0 : known->number, .has_space = space != NULL };
    return space == NULL ? AYNI_OK
                         : names_space(charter, space, &scope->space, call_complaint(call));
}

const struct ayni_space *scope_space(const struct scope *scope)
{
    return scope->has_space ? &scope->space : NULL;
}

enum ayni_status scope_record(struct control_call *call, struct reader *reader,
                              struct record_key *key)
{
    const char *id, *space;
    enum ayni_status status = call_text(call, "id", &id);

    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &space);
    return status == AYNI_OK ? names_place(reader, id, space, key, call_complaint(call)) : status;
}

enum ayni_status scope_node(struct control_call *call, const struct charter *charter, bool *given,
                            struct ayni_node *node)
{
    const struct ayni_member *member;
    const char *name;
    enum ayni_status status = call_text_or(call, "node", NULL, &name);

    *given = name != NULL;
    if (status != AYNI_OK || name == NULL)
        return status;
    if (ayni_registry_find_member(charter->registry, ayni_bytes_of_text(name), &member) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE, N_("there is no node {}"), name, NULL);
    *node = member->node;
    return AYNI_OK;
}

static enum ayni_status read_time(struct control_call *call, const char *name, const char **text,
                                  struct ayni_instant *time)
{
    enum ayni_status status = call_text_or(call, name, NULL, text);

    if (status != AYNI_OK || *text == NULL)
        return status;
    if (ayni_instant_parse(ayni_bytes_of_text(*text), time) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE, N_("{} is not a time"), *text, NULL);
    return AYNI_OK;
}

enum ayni_status scope_time(struct control_call *call, const char *name, bool *given,
                            struct ayni_instant *time)
{
    const char *text = NULL;
    enum ayni_status status = read_time(call, name, &text, time);

    *given = text != NULL;
    return status;
}

enum ayni_status scope_as_of(struct control_call *call, bool *given, struct ayni_instant *as_of)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    const char *text = NULL;
    enum ayni_status status = read_time(call, "as_of", &text, as_of);

    *given = text != NULL;
    if (status == AYNI_OK && text != NULL && strlen(text) == AYNI_DAY_TEXT_SIZE - 1)
        as_of->ms += DAY_MS - 1;
    return status;
}
