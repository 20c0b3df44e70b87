#include "daemon/control/copy_item.h"

#include "daemon/control/error.h"
#include "daemon/control/named_item.h"

/* What is to be done about it, here or by whom. */
static const char *hint_for(const struct copies_finding *finding, bool own)
{
    if (!finding->twice)
        return own ? N_("nothing is to be done, if you restored or moved it; else look for a copy "
                        "of its home that runs elsewhere")
                   : N_("nothing is to be done, if its operator restored or moved it; else a copy "
                        "of its home runs elsewhere");
    return own ? N_("stop one of the two and keep its home aside; what either wrote is kept, and "
                    "counts")
               : N_("have its operator stop one of the two; what either wrote is kept, and counts");
}

const char *copy_item_reason(const struct copies_finding *finding)
{
    return finding->twice ? "runs_twice" : "began_anew";
}

void copy_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct ayni_node *self, const struct copies_finding *finding)
{
    struct complaint said = { 0 };

    complain_hint(&said, hint_for(finding, ayni_id_equal(self, &finding->node)), NULL);
    (void)complain(&said, AYNI_OK,
                   finding->twice
                       ? N_("two copies of this node write")
                       : N_("this node began anew: its home was restored, moved or copied"),
                   NULL);
    ayni_control_open_object(item, NULL);
    ayni_control_put_null(item, "id");
    named_item_space(item, charter, &finding->space);
    ayni_control_put_node(item, "node", &finding->node);
    ayni_control_put_instant(item, "time", finding->last);
    ayni_control_put_text(item, "reason", copy_item_reason(finding));
    ayni_control_put_instant(item, "since", finding->since);
    control_words_put(item, &said);
    ayni_control_close(item);
}
