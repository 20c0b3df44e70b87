#include "daemon/control/sealed_problems.h"

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"
#include "daemon/daemon.h"
#include "daemon/records/sealed.h"
#include "proto/registry.h"

/* Each feed that is told of. */
struct telling {
    struct reader *reader;
    const struct ayni_space *space; /* NULL: all */
    struct problem_filter *filter;  /* of a listing */
    void (*tell)(struct telling *telling, const struct log_feed *feed, bool confidential);
    struct outbox *outbox;
    uint64_t count;
    enum ayni_status status;
};

static bool look_at(void *context, const struct log_feed *feed)
{
    struct telling *telling = context;
    const struct charter *charter = reader_charter(telling->reader);
    const struct ayni_space *space = &feed->descriptor.space;
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);
    struct version_ref first;

    if (info == NULL || (telling->space != NULL && !ayni_id_equal(telling->space, space)) ||
        !ayni_registry_may_read(charter->registry, &charter->self, space))
        return true;
    telling->status = sealed_first(reader_views(telling->reader), feed->no, &first);
    if (telling->status == AYNI_OK)
        telling->tell(telling, feed, info->confidential);
    else if (telling->status == AYNI_E_NOT_FOUND)
        telling->status = AYNI_OK;
    return telling->status == AYNI_OK;
}

static enum ayni_status tell_all(struct telling *telling)
{
    uint64_t sealed;
    enum ayni_status status =
        views_count(reader_views(telling->reader), RECORDS_TABLE_SEALED, &sealed);

    if (status != AYNI_OK || sealed == 0)
        return status;
    status = log_each_feed(reader_log(telling->reader), look_at, telling);
    return status == AYNI_OK ? telling->status : status;
}

/* --- listing --- */

static void say(bool confidential, struct complaint *said)
{
    if (!confidential) {
        complain_hint(said,
                      N_("they don't count; ask who wrote them to enter them anew with a program "
                         "that works"),
                      NULL);
        (void)complain(said, AYNI_OK,
                       N_("entries are encrypted in a space that isn't confidential"), NULL);
        return;
    }
    complain_hint(said,
                  N_("the owner's node gives the key by itself; where it doesn't come, what is in "
                     "them can't be read by this node"),
                  NULL);
    (void)complain(said, AYNI_OK, N_("entries are under a key that this node hasn't got"), NULL);
}

static void put_feed(struct telling *telling, const struct log_feed *feed, bool confidential)
{
    const struct charter *charter = reader_charter(telling->reader);
    const struct ayni_feed_descriptor *descriptor = &feed->descriptor;
    const struct problem_found found = { confidential ? "no_key" : "malformed", &descriptor->space,
                                         &descriptor->node, "" };
    struct ayni_control_writer *item;
    struct complaint said = { 0 };
    struct sealed_count count = { 0 };

    if (!problem_filter_lists(telling->filter, &found))
        return;
    item = outbox_begin(telling->outbox);
    telling->status = sealed_count_of(reader_views(telling->reader), feed->no, &count);
    say(confidential, &said);
    ayni_control_open_object(item, NULL);
    ayni_control_put_null(item, "id");
    named_item_space(item, charter, &descriptor->space);
    named_item_node(item, charter, &descriptor->node);
    ayni_control_put_int(item, "lane", descriptor->lane);
    ayni_control_put_int(item, "entries", (int64_t)count.count);
    ayni_control_put_instant(item, "time", count.time);
    ayni_control_put_text(item, "reason", found.reason);
    control_words_put(item, &said);
    ayni_control_close(item);
    outbox_end(telling->outbox);
}

enum ayni_status sealed_problems_list(struct daemon *daemon, struct control_call *call,
                                      struct problem_filter *filter, struct outbox *outbox)
{
    struct telling telling = {
        .space = scope_space(&filter->scope), .filter = filter, .tell = put_feed, .outbox = outbox
    };

    enum ayni_status status = reader_begin(&daemon->records, &telling.reader);
    if (status == AYNI_OK)
        status = tell_all(&telling);
    reader_end(telling.reader); /* it isn't open while a client reads */
    return status == AYNI_OK ? outbox_send(outbox, call) : status;
}

/* --- counting --- */

static void count_feed(struct telling *telling, const struct log_feed *feed, bool confidential)
{
    (void)feed, (void)confidential;
    telling->count++;
}

enum ayni_status sealed_problems_count(struct reader *reader, uint64_t *count)
{
    struct telling telling = { .reader = reader, .tell = count_feed };
    enum ayni_status status = tell_all(&telling);

    if (status == AYNI_OK)
        *count = telling.count;
    return status;
}
