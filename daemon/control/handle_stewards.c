/* The stewards of this node. */
#include "daemon/control/commands.h"
#include "daemon/control/federation_words.h"
#include "daemon/daemon.h"
#include "daemon/federation/stewards.h"

static enum ayni_status handle_steward_add(struct daemon *daemon, struct control_call *call)
{
    struct ayni_record record;
    enum ayni_steward_role role;
    const char *name, *role_name, *key_text;
    uint8_t key[32];

    enum ayni_status status = call_text(call, "name", &name);
    if (status == AYNI_OK)
        status = call_text(call, "role", &role_name);
    if (status == AYNI_OK)
        status = call_text_or(call, "key", "", &key_text);
    if (status != AYNI_OK)
        return status;
    if (ayni_steward_role_parse(ayni_bytes_of_text(role_name), &role) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE,
                         N_("{} is no role: reader, editor, reviewer, admin or auditor"), role_name,
                         NULL);
    if (key_text[0] != '\0' &&
        ayni_hex_parse(ayni_bytes_of_text(key_text), key, sizeof(key)) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE, N_("--key: 64 hexadecimal digits"), NULL);
    status = steward_add(&daemon->records, name, role, key_text[0] != '\0' ? key : NULL,
                         call_steward(call), &record);
    if (status == AYNI_E_VERSION)
        return federation_fail_no_federation(call);
    if (status == AYNI_E_INVALID)
        return call_fail(call, status, N_("{} can't be the name of a steward"), name, NULL);
    return status == AYNI_OK ? federation_answer_id(call, &record, false) : status;
}

static enum ayni_status handle_steward_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    size_t count;
    const struct ayni_steward *stewards =
        ayni_registry_stewards(charter->registry, &daemon->identity.node, &count);
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "name", federation_founder(daemon->federation));
    ayni_control_put_text(item, "role", ayni_steward_role_name(AYNI_STEWARD_ADMIN));
    ayni_control_put_null(item, "key");
    ayni_control_put_node(item, "node", &daemon->identity.node);
    ayni_control_close(item);
    enum ayni_status status = call_send(call);
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (!stewards[i].active ||
            ayni_bytes_equal(stewards[i].name,
                             ayni_bytes_of_text(federation_founder(daemon->federation))))
            continue;
        item = call_item(call);
        ayni_control_open_object(item, NULL);
        ayni_control_put_string(item, "name", stewards[i].name);
        ayni_control_put_text(item, "role", ayni_steward_role_name(stewards[i].role));
        if (stewards[i].has_key)
            ayni_control_put_hash(item, "key",
                                  (struct ayni_bytes){ stewards[i].key, sizeof(stewards[i].key) });
        else
            ayni_control_put_null(item, "key");
        ayni_control_put_node(item, "node", &stewards[i].node);
        ayni_control_close(item);
        status = call_send(call);
    }
    return status;
}

static enum ayni_status handle_steward_remove(struct daemon *daemon, struct control_call *call)
{
    struct ayni_record record;
    const char *name;

    enum ayni_status status = call_text(call, "name", &name);
    if (status != AYNI_OK)
        return status;
    status = steward_remove(&daemon->records, name, call_steward(call), &record);
    if (status == AYNI_E_VERSION)
        return federation_fail_no_federation(call);
    if (status == AYNI_E_NOT_FOUND)
        return call_fail(call, status, N_("there is no steward {} on this node"), name, NULL);
    return status == AYNI_OK ? federation_answer_id(call, &record, true) : status;
}

const struct control_command control_stewards_commands[] = {
    { "steward.add", handle_steward_add, CONTROL_NEED_ADMIN },
    { "steward.list", handle_steward_list, CONTROL_NEED_SURVEY },
    { "steward.remove", handle_steward_remove, CONTROL_NEED_ADMIN },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
