#include "daemon/control/flag_item.h"

#include "daemon/control/named_item.h"
#include "daemon/records/names.h"

static void put_writer(struct ayni_control_writer *item, const struct ayni_fold_item *written)
{
    ayni_control_put_node(item, "node", &written->node);
    ayni_control_put_string(item, "steward", written->version->steward);
    ayni_control_put_instant(item, "time", written->time);
    ayni_control_put_string(item, "reason", written->version->reason);
}

void flag_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct flag *flag, const struct record_state *state,
                   const struct record_key *about, const char *place)
{
    char type[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &flag->record);
    if (about == NULL) {
        ayni_control_put_null(item, "type");
    } else {
        names_of_type(charter, about->type, type);
        ayni_control_put_text(item, "type", type);
    }
    named_item_space(item, charter, &state->key.space);
    if (place[0] == '\0')
        ayni_control_put_null(item, "territory");
    else
        ayni_control_put_text(item, "territory", place);
    ayni_control_put_text(item, "kind", flag->kind);
    ayni_control_put_text(item, "state", flag->state);
    put_writer(item, flag->written);
    ayni_control_put_record(item, "flag", &state->key.record);
    ayni_control_close(item);
}

/* --- beside a record --- */

struct opened {
    struct ayni_control_writer *item;
    const struct charter *charter;
    size_t count;
};

static void put_open(void *context, const struct flag *flag, const struct record_state *state)
{
    struct opened *opened = context;

    if (!flag_is_open(flag))
        return;
    if (opened->count++ == 0)
        ayni_control_open_array(opened->item, "flags");
    ayni_control_open_object(opened->item, NULL);
    ayni_control_put_text(opened->item, "kind", flag->kind);
    named_item_space(opened->item, opened->charter, &state->key.space);
    put_writer(opened->item, flag->written);
    ayni_control_close(opened->item);
}

enum ayni_status flag_item_put_open(struct ayni_control_writer *item, struct reader *reader,
                                    const struct ayni_record *record)
{
    struct opened opened = { item, reader_charter(reader), 0 };
    enum ayni_status status = flags_of(reader, record, put_open, &opened);

    if (opened.count > 0)
        ayni_control_close(item);
    return status;
}
