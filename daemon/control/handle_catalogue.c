/* catalogue.upgrade: steering writes what an edition of the catalogue has that the federation
 * hasn't.
 */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/federation/catalogue_upgrade.h"

struct listing {
    struct outbox *outbox;
    const struct charter *charter;
};

static enum ayni_status list_finding(void *context, const struct upgrade_finding *finding)
{
    struct listing *listing = context;
    struct ayni_control_writer *item = outbox_begin(listing->outbox);
    const struct record_key key = { .space = listing->charter->registry_space,
                                    .type = finding->type,
                                    .record = finding->id };
    uint32_t numbers[UPGRADE_FIELDS_MAX];
    size_t count = 0;

    for (; count < finding->field_count && count < UPGRADE_FIELDS_MAX; count++)
        numbers[count] = finding->fields[count].number;
    ayni_control_open_object(item, NULL);
    record_item_key(item, listing->charter, &key, false);
    ayni_control_put_text(item, "name", finding->name);
    ayni_control_put_text(item, "state", upgrade_state_name(finding->state));
    record_item_field_names(item, "fields", listing->charter, finding->type, numbers, count);
    ayni_control_close(item);
    outbox_end(listing->outbox);
    return AYNI_OK;
}

static enum ayni_status handle_upgrade(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    SCOPED_OUTBOX outbox = { 0 };
    struct listing listing = { &outbox, charter };
    struct upgrade_request request = { .steward = call_steward(call),
                                       .visit = list_finding,
                                       .context = &listing };
    const char *edition;
    enum ayni_status status = call_text_or(call, "edition", "", &edition);

    if (status == AYNI_OK)
        status = call_flag(call, "dry_run", &request.dry_run);
    if (status != AYNI_OK)
        return status;
    request.edition = ayni_bytes_of_text(edition);
    status = catalogue_upgrade(&daemon->records, &request, call_complaint(call));
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_catalogue_commands[] = {
    { "catalogue.upgrade", handle_upgrade, CONTROL_NEED_ADMIN },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
