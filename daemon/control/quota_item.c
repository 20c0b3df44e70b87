#include "daemon/control/quota_item.h"

#include <stdio.h>

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"

static void say(const struct quota_use *use, struct complaint *said)
{
    char feeds[24], most[24];

    snprintf(feeds, sizeof(feeds), "%llu", (unsigned long long)use->feeds);
    snprintf(most, sizeof(most), "%d", AYNI_FEEDS_PER_AUTHOR_MAX);
    if (quota_is_used_up(use)) {
        complain_hint(said,
                      N_("revoke that node and let its operator join with a new home, if it "
                         "is honest; what it wrote until now counts"),
                      NULL);
        (void)complain(said, AYNI_OK,
                       N_("it has as many feeds there as are taken of one node: no more of them "
                          "come here, and nodes that have others are not in sync"),
                       NULL);
        return;
    }
    complain_hint(said,
                  N_("have its operator find out why it begins anew so often, or who else "
                     "has its key"),
                  NULL);
    (void)complain(said, AYNI_OK, N_("it has {} feeds there; after {} no more are taken"), feeds,
                   most, NULL);
}

const char *quota_item_reason(const struct quota_use *use)
{
    return quota_is_used_up(use) ? "too_many_feeds" : "many_feeds";
}

void quota_item_put(struct ayni_control_writer *item, const struct charter *charter,
                    const struct quota_use *use)
{
    struct complaint said = { 0 };

    say(use, &said);
    ayni_control_open_object(item, NULL);
    ayni_control_put_null(item, "id");
    named_item_space(item, charter, &use->space);
    named_item_node(item, charter, &use->node);
    ayni_control_put_int(item, "lane", use->lane);
    ayni_control_put_int(item, "feeds", (int64_t)use->feeds);
    ayni_control_put_null(item, "time");
    ayni_control_put_text(item, "reason", quota_item_reason(use));
    control_words_put(item, &said);
    ayni_control_close(item);
}
