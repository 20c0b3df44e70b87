#include "daemon/records/govern.h"

enum ayni_status govern_check(const struct charter *charter, const struct ayni_space *space,
                              bool by_admin, struct complaint *complaint)
{
    if (by_admin || !ayni_id_equal(space, &charter->registry_space))
        return AYNI_OK;
    complain_hint(complaint, N_("ask one: `ayni steward list` names them"), NULL);
    return complain(complaint, AYNI_E_RIGHT, N_("in the registry admins alone write"), NULL);
}
