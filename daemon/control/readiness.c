#include "daemon/control/readiness.h"

enum { LOOK_MS = 20, FAILURES_MAX = 3 };

enum ayni_status readiness_wait(struct projector *projector, struct control_call *call)
{
    struct projector_progress progress;
    enum ayni_status status = AYNI_OK;

    projector_measure(projector, &progress);
    while (status == AYNI_OK && progress.position < progress.ready_at) {
        if (progress.failures >= FAILURES_MAX)
            return progress.anew ? progress.status : AYNI_OK;
        status = call_progress(call, progress.position, progress.ready_at);
        if (status == AYNI_OK && call_wait(call, LOOK_MS))
            status = AYNI_E_STOPPED;
        projector_measure(projector, &progress);
    }
    return status;
}
