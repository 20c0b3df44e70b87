#include "daemon/control/scope.h"

#include "daemon/records/names.h"

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
