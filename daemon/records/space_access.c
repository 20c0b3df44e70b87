#include "daemon/records/space_access.h"

#include "daemon/records/epoch_keys.h"
#include "daemon/records/names.h"
#include "proto/registry.h"

static bool is_confidential(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info != NULL && info->confidential;
}

static bool has_key(const struct charter *charter, const struct ayni_space *space)
{
    return epoch_keys_newest(charter->epoch_keys, charter->registry, space) != NULL;
}

bool space_access_is_orphaned(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);
    const struct ayni_member *owner =
        info == NULL ? NULL : ayni_registry_member(charter->registry, &info->owner);

    return info != NULL && info->confidential && owner != NULL && owner->revoked;
}

void space_access_complain_orphaned(const struct charter *charter, const struct ayni_space *space,
                                    struct complaint *complaint)
{
    char name[NAMES_SIZE];

    names_of_space(charter, space, name);
    complain_code(complaint, "orphaned");
    complain_hint(
        complaint,
        N_("who reads it makes a new one: `ayni space create NAME --confidential`, `ayni "
           "space grant`; and enters there what is to go on: `ayni export`, `ayni import`"),
        NULL);
    (void)complain(complaint, AYNI_OK,
                   N_("the node that owns {} was revoked: nobody gives its keys any more, and what "
                      "is written there is under keys that node has"),
                   name, NULL);
}

static enum ayni_status complain_key(const struct charter *charter, const struct ayni_space *space,
                                     struct complaint *complaint)
{
    char name[NAMES_SIZE];

    if (space_access_is_orphaned(charter, space)) {
        space_access_complain_orphaned(charter, space, complaint);
        return AYNI_E_RIGHT;
    }
    names_of_space(charter, space, name);
    complain_hint(complaint,
                  N_("its owner's node gives it by itself when it hears of the right: `ayni sync "
                     "--wait`"),
                  NULL);
    return complain(complaint, AYNI_E_RIGHT, N_("this node hasn't got the key of {} yet"), name,
                    NULL);
}

enum ayni_status space_access_write(const struct charter *charter, const struct ayni_space *space,
                                    struct complaint *complaint)
{
    char name[NAMES_SIZE];

    names_of_space(charter, space, name);
    if (!ayni_registry_may_write(charter->registry, &charter->self, space)) {
        complain_hint(complaint, N_("its owner grants it: `ayni space grant {} NODE writer`"), name,
                      NULL);
        return complain(complaint, AYNI_E_RIGHT, N_("this node may not write in {}"), name, NULL);
    }
    return is_confidential(charter, space) && !has_key(charter, space)
               ? complain_key(charter, space, complaint)
               : AYNI_OK;
}

enum ayni_status space_access_explain(struct standing *standing, const struct ayni_space *space,
                                      struct complaint *complaint)
{
    SCOPED_CHARTER charter = standing_hold(standing);
    enum ayni_status status = space_access_write(charter, space, complaint);

    return status == AYNI_OK ? AYNI_E_RIGHT : status;
}

/* It stores and forwards the space, and can't read it. */
static bool relays(const struct charter *charter, const struct ayni_space *space)
{
    return is_confidential(charter, space) &&
           ayni_registry_right(charter->registry, &charter->self, space) == AYNI_RIGHT_RELAY;
}

enum ayni_status space_access_read(const struct charter *charter, const struct ayni_space *space,
                                   struct complaint *complaint)
{
    char name[NAMES_SIZE];

    names_of_space(charter, space, name);
    if (relays(charter, space)) {
        complain_hint(complaint, N_("ask on a node that may read it"), NULL);
        return complain(complaint, AYNI_E_RIGHT,
                        N_("this node only relays {}: it can't read what is in it"), name, NULL);
    }
    if (!is_confidential(charter, space) || has_key(charter, space) ||
        !ayni_registry_may_read(charter->registry, &charter->self, space))
        return AYNI_OK;
    return complain_key(charter, space, complaint);
}

bool space_access_awaits_key(const struct charter *charter, const struct ayni_space *space)
{
    size_t count;
    const struct ayni_space_epoch *epochs;
    struct ayni_epoch newest;

    if (!is_confidential(charter, space) ||
        !ayni_registry_may_read(charter->registry, &charter->self, space))
        return false;
    epochs = ayni_registry_epochs(charter->registry, space, &count);
    if (count == 0)
        return true;
    memcpy(newest.bytes, epochs[count - 1].epoch, sizeof(newest.bytes));
    return epoch_keys_find(charter->epoch_keys, space, &newest) == NULL;
}

bool space_access_relays_any(const struct charter *charter)
{
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        if (relays(charter, &spaces[i].id))
            return true;
    return false;
}
