/* Spaces and rights in them. */
#include "daemon/control/commands.h"
#include "daemon/control/federation_words.h"
#include "daemon/control/outbox.h"
#include "daemon/daemon.h"
#include "daemon/federation/space_keys.h"
#include "daemon/federation/spaces.h"
#include "daemon/records/reader.h"
#include "daemon/records/space_access.h"
#include "daemon/report.h"
#include "daemon/store/log.h"

static enum ayni_status fail_space_create(struct control_call *call, enum ayni_status status,
                                          const char *name)
{
    switch (status) {
    case AYNI_E_VERSION:
        return federation_fail_no_federation(call);
    case AYNI_E_EXISTS:
        return call_fail(call, status, N_("there is a space {} already"), name, NULL);
    case AYNI_E_INVALID:
        status = call_fail(call, status, N_("{} can't be the name of a space"), name, NULL);
        call_hint(
            call,
            N_("a name has 1 to 80 characters without blanks or quotes, such as loreto/visits"),
            NULL);
        return status;
    default:
        return status;
    }
}

/* What it rests on is written; where this fails it is a chore. */
static void give_keys(struct daemon *daemon)
{
    enum ayni_status status = space_keys_tend(daemon->space_keys);

    if (status != AYNI_OK)
        report(REPORT_WARNING, "keys_not_given", "reason=%s", ayni_status_name(status));
}

static enum ayni_status handle_space_create(struct daemon *daemon, struct control_call *call)
{
    struct ayni_space space;
    struct ayni_record record;
    enum ayni_class class;
    const char *name, *class_name;
    bool confidential;

    enum ayni_status status = call_text(call, "name", &name);
    if (status == AYNI_OK)
        status = call_text_or(call, "class", "sensitive", &class_name);
    if (status == AYNI_OK)
        status = call_flag(call, "confidential", &confidential);
    if (status != AYNI_OK)
        return status;
    if (ayni_class_parse(ayni_bytes_of_text(class_name), &class) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE,
                         N_("{} is no class: public, personal, sensitive or sealed"), class_name,
                         NULL);
    status = space_create(&daemon->records, name, class, confidential, call_steward(call), &space);
    if (status != AYNI_OK)
        return fail_space_create(call, status, name);
    give_keys(daemon);
    memcpy(record.bytes, space.bytes, sizeof(record.bytes));
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &record);
    ayni_control_put_text(item, "space", name);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status fail_grant(struct control_call *call, enum ayni_status status,
                                   const char *name, const char *node)
{
    if (status == AYNI_E_RIGHT)
        return call_fail(call, status,
                         N_("only the owner of {} and the steering node give rights in it"), name,
                         NULL);
    if (status == AYNI_E_INVALID)
        return call_fail(call, status,
                         N_("{} is not confidential, and relays are for confidential spaces"), name,
                         NULL);
    if (status == AYNI_E_NOT_FOUND)
        return call_fail(call, status, N_("{} has no right in {} that could end"), node, name,
                         NULL);
    return status;
}

/* It would have the right, and never a key. */
static bool needs_key_in_vain(const struct charter *charter, const struct ayni_space_info *space,
                              const struct ayni_node *node, enum ayni_right right)
{
    return right != AYNI_RIGHT_RELAY && space_access_is_orphaned(charter, &space->id) &&
           !ayni_registry_may_read(charter->registry, node, &space->id);
}

static enum ayni_status handle_space_grant(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_space_info *space;
    const struct ayni_member *member;
    struct ayni_record grant;
    enum ayni_right right;
    const char *name, *node, *right_name;

    enum ayni_status status = call_text(call, "name", &name);
    if (status == AYNI_OK)
        status = call_text(call, "node", &node);
    if (status == AYNI_OK)
        status = call_text(call, "right", &right_name);
    if (status == AYNI_OK && ayni_right_parse(ayni_bytes_of_text(right_name), &right) != AYNI_OK)
        status = call_fail(call, AYNI_E_USAGE, N_("{} is no right: reader, writer or relay"),
                           right_name, NULL);
    if (status == AYNI_OK)
        status = federation_find_space(call, charter, name, &space);
    if (status == AYNI_OK)
        status = federation_find_member(call, charter, node, &member);
    if (status != AYNI_OK)
        return status;
    if (needs_key_in_vain(charter, space, &member->node, right)) {
        space_access_complain_orphaned(charter, &space->id, call_complaint(call));
        return AYNI_E_RIGHT;
    }
    status = space_grant(&daemon->records, space, &member->node, right, call_steward(call), &grant);
    if (status == AYNI_OK)
        give_keys(daemon);
    if (status == AYNI_E_RIGHT && space->confidential &&
        ayni_id_equal(&member->node, &daemon->identity.node))
        return call_fail(call, status,
                         N_("{} is confidential: only its owner gives this node a right in it"),
                         name, NULL);
    return status == AYNI_OK ? federation_answer_id(call, &grant, false)
                             : fail_grant(call, status, name, node);
}

static enum ayni_status handle_space_ungrant(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_space_info *space;
    const struct ayni_member *member;
    struct ayni_record ungrant;
    const char *name, *node, *reason;

    enum ayni_status status = call_text(call, "name", &name);
    if (status == AYNI_OK)
        status = call_text(call, "node", &node);
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", "", &reason);
    if (status == AYNI_OK)
        status = federation_find_space(call, charter, name, &space);
    if (status == AYNI_OK)
        status = federation_find_member(call, charter, node, &member);
    if (status != AYNI_OK)
        return status;
    status =
        space_ungrant(&daemon->records, space, &member->node, reason, call_steward(call), &ungrant);
    return status == AYNI_OK ? federation_answer_id(call, &ungrant, true)
                             : fail_grant(call, status, name, node);
}

/* Entries of one space in the log, whatever they say. */
struct space_count {
    struct ayni_space space;
    uint64_t entries;
};

static bool count_feed(void *context, const struct log_feed *feed)
{
    struct space_count *count = context;

    if (ayni_id_equal(&feed->descriptor.space, &count->space))
        count->entries += log_feed_count(feed);
    return true;
}

static const char *role_in(const struct charter *charter, const struct ayni_node *node,
                           const struct ayni_space_info *space)
{
    if (ayni_id_equal(&space->owner, node))
        return "owner";
    return ayni_right_name(ayni_registry_right(charter->registry, node, &space->id));
}

/* The registry is nobody's; its rules are kept by who steers. */
static void put_owner(struct ayni_control_writer *item, const struct charter *charter,
                      const struct ayni_space_info *space)
{
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);

    if (ayni_id_equal(&space->id, &charter->registry_space) && steering != NULL)
        ayni_control_put_node(item, "owner", steering);
    else
        ayni_control_put_node(item, "owner", &space->owner);
}

static enum ayni_status put_space(struct daemon *daemon, struct outbox *outbox,
                                  struct reader *reader, const struct ayni_space_info *space)
{
    const struct charter *charter = reader_charter(reader);
    struct space_count count = { space->id, 0 };
    uint64_t records = 0;

    enum ayni_status status = log_each_feed(reader_log(reader), count_feed, &count);
    if (status == AYNI_OK)
        status = reader_count(reader, &space->id, 0, &records);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "space", space->name);
    ayni_control_put_text(item, "class", ayni_class_name(space->class));
    ayni_control_put_bool(item, "confidential", space->confidential);
    put_owner(item, charter, space);
    ayni_control_put_text(item, "role", role_in(charter, &daemon->identity.node, space));
    ayni_control_put_int(item, "records", (int64_t)records);
    ayni_control_put_int(item, "entries", (int64_t)count.entries);
    if (space_access_awaits_key(charter, &space->id))
        ayni_control_put_bool(item, "awaits_key", true);
    if (space_access_is_orphaned(charter, &space->id))
        ayni_control_put_bool(item, "orphaned", true);
    ayni_control_close(item);
    outbox_end(outbox);
    return AYNI_OK;
}

static enum ayni_status gather_spaces(struct daemon *daemon, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    size_t count;

    enum ayni_status status = reader_begin(&daemon->records, &reader);
    if (status != AYNI_OK)
        return status;
    const struct charter *charter = reader_charter(reader);
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);
    if (charter->founded)
        status = put_space(daemon, outbox, reader,
                           ayni_registry_space_info(charter->registry, &charter->registry_space));
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = put_space(daemon, outbox, reader, &spaces[i]);
    return status;
}

static enum ayni_status handle_space_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_spaces(daemon, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_spaces_commands[] = {
    { "space.create", handle_space_create, CONTROL_NEED_ADMIN },
    { "space.grant", handle_space_grant, CONTROL_NEED_ADMIN },
    { "space.ungrant", handle_space_ungrant, CONTROL_NEED_ADMIN },
    { "space.list", handle_space_list, CONTROL_NEED_SURVEY },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
