#include "daemon/federation/organisation.h"

#include <ctype.h>

#include "proto/cbor.h"
#include "proto/derived_id.h"

enum ayni_status organisation_id(const struct ayni_node *root, struct ayni_bytes code,
                                 struct ayni_record *record)
{
    SCOPED_BUFFER value = { 0 };

    ayni_cbor_put_text(&value, code);
    struct ayni_bytes key = ayni_buffer_bytes(&value);
    return ayni_derived_id(root->bytes, AYNI_TYPE_ORGANISATION, &key, 1, record);
}

enum ayni_status organisation_put(struct registry_draft *draft, const struct ayni_node *root,
                                  const struct organisation_draft *organisation,
                                  struct ayni_record *record)
{
    enum ayni_status status = organisation_id(root, organisation->code, record);

    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_ORGANISATION, record);
    registry_draft_text(draft, AYNI_FIELD_ORGANISATION_CODE, organisation->code);
    registry_draft_text(draft, AYNI_FIELD_ORGANISATION_NAME, organisation->name);
    registry_draft_word(draft, AYNI_FIELD_ORGANISATION_KIND, organisation->kind);
    if (organisation->role_count > 0)
        registry_draft_set(draft, AYNI_FIELD_ORGANISATION_ROLES, organisation->roles,
                           organisation->role_count);
    return AYNI_OK;
}

void organisation_code_of(struct ayni_bytes name, char *code)
{
    size_t size = 0;

    for (size_t i = 0; i < name.size && size + 1 < ORGANISATION_CODE_SIZE; i++) {
        char c = (char)tolower(name.data[i]);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (size > 0 && code[size - 1] != '-'))
            code[size++] = plain ? c : '-';
    }
    while (size > 0 && code[size - 1] == '-')
        size--;
    if (size == 0)
        code[size++] = 'x';
    code[size] = '\0';
}
