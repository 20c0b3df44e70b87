#include "daemon/control/fork_item.h"

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"

static void put_feed(struct ayni_control_writer *item, const struct charter *charter,
                     const struct log_fork *fork)
{
    const struct ayni_feed_descriptor *descriptor = &fork->descriptor;

    named_item_space(item, charter, &descriptor->space);
    named_item_node(item, charter, &descriptor->node);
    ayni_control_put_hash(item, "feed",
                          (struct ayni_bytes){ fork->feed.bytes, sizeof(fork->feed) });
    ayni_control_put_int(item, "lane", descriptor->lane);
    ayni_control_put_hash(
        item, "incarnation",
        (struct ayni_bytes){ descriptor->incarnation.bytes, sizeof(descriptor->incarnation) });
}

void fork_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct log_fork *fork)
{
    SCOPED_BUFFER proof = { 0 };
    struct complaint said = { 0 };

    complain_hint(
        &said,
        N_("that node's key writes in two places: have one of them stopped, or revoke the "
           "node if its key was stolen"),
        NULL);
    (void)complain(&said, AYNI_OK, N_("two histories of one feed are signed"), NULL);
    ayni_control_open_object(item, NULL);
    ayni_control_put_null(item, "id");
    put_feed(item, charter, fork);
    ayni_control_put_int(item, "seq", (int64_t)(fork->common.seq + 1));
    ayni_control_put_instant(item, "time", fork->since);
    ayni_control_put_text(item, "reason", "forked");
    control_words_put(item, &said);
    ayni_base32_append(&proof, fork->proof);
    ayni_control_put_string(item, "proof", ayni_buffer_bytes(&proof));
    ayni_control_close(item);
}
