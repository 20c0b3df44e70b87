#include "daemon/records/names.h"
#include "daemon/records/writing/edit_private.h"
#include "proto/derived_id.h"
#include "proto/record_id.h"

enum ayni_status edit_complain_no_key(struct edit *edit)
{
    complain_hint(edit->complaint, N_("it comes with the registry: `ayni sync --wait`"), NULL);
    return complain(edit->complaint, AYNI_E_RIGHT, N_("this node hasn't got the identity key yet"),
                    NULL);
}

/* Whether the record is here as one of this type, in some space. */
static enum ayni_status is_here(const struct edit *edit, const struct ayni_record *record,
                                bool *here)
{
    size_t count = 0;
    enum ayni_status status =
        reader_find(edit->reader, record, edit->type->number, NULL, NULL, 0, &count);

    *here = count > 0;
    return status;
}

/*
 * A child or person: the record with the id of the first identifier, if it is
 * here; else who holds one of them, if that is one of this type; else a new one with that id.
 */
static enum ayni_status choose_by_identifiers(struct edit *edit)
{
    const struct assigned *assigned = &edit->assigned;
    const struct charter *charter = reader_charter(edit->reader);
    struct ayni_record first, holder;
    bool here = false;
    enum ayni_status status;

    if (assigned->identifier_count == 0) {
        edit->key.record = identifier_random_id();
        return AYNI_OK;
    }
    status = identifier_id(charter, edit->type->number, &assigned->identifiers[0], &first);
    if (status == AYNI_E_RIGHT)
        return edit_complain_no_key(edit);
    edit->key.record = first;
    if (status == AYNI_OK)
        status = is_here(edit, &first, &here);
    for (size_t i = 0; status == AYNI_OK && !here && i < assigned->identifier_count; i++) {
        status = identifier_holder(edit->reader, &assigned->identifiers[i], &holder);
        if (status == AYNI_OK)
            status = is_here(edit, &holder, &here);
        if (here)
            edit->key.record = holder;
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    return status;
}

static enum ayni_status choose_by_key(struct edit *edit)
{
    const struct charter *charter = reader_charter(edit->reader);
    bool root = ayni_derived_id_uses_root_key(edit->type->number);
    const uint8_t *key = root ? charter->root.bytes : charter->identity_key;
    char organisation[NAMES_SIZE];
    enum ayni_status status = AYNI_E_NOT_FOUND;

    names_of_org(charter, &edit->records->node, organisation);
    if (edit->type->key_count > 0 && key == NULL)
        return edit_complain_no_key(edit);
    if (edit->type->key_count > 0)
        status =
            ayni_record_id_of_fields(key, edit->type, edit->assigned.fields, edit->assigned.count,
                                     ayni_bytes_of_text(organisation), &edit->key.record);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    edit->key.record = identifier_random_id();
    return AYNI_OK;
}

enum ayni_status edit_choose(struct edit *edit)
{
    return edit->type->key_is_identifier ? choose_by_identifiers(edit) : choose_by_key(edit);
}
