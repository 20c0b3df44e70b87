#include "daemon/control/admit.h"

#include "daemon/control/readiness.h"
#include "daemon/daemon.h"
#include "daemon/net/net.h"

void explain_hearing(struct complaint *to)
{
    complain_code(to, "hearing");
    (void)complain(to, AYNI_OK,
                   N_("this node came out of a backup, and hasn't heard yet from another member "
                      "what was erased since"),
                   NULL);
    complain_hint(to,
                  N_("have it reach another member (`ayni peer list`); where there is none: `ayni "
                     "restore --alone`"),
                  NULL);
}

static enum ayni_status let_hear(struct control_call *call)
{
    explain_hearing(call_complaint(call));
    return AYNI_E_RIGHT;
}

enum ayni_status admit_to_records(struct daemon *daemon, struct control_call *call,
                                  enum control_need need)
{
    if (control_is_about_records(need) && net_is_hearing(daemon->net))
        return let_hear(call);
    return control_needs_views(need) ? readiness_wait(daemon->records.projector, call) : AYNI_OK;
}
