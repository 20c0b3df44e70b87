#include "daemon/records/writing/attempts.h"

#include "daemon/records/projection/projector.h"

enum { TRIES_MAX = 8 };

enum ayni_status attempts(const struct records *records, attempt *one, void *context,
                          const struct complaint *complaint)
{
    enum ayni_status status = projector_wait_ready(records->projector);

    if (status == AYNI_OK)
        status = AYNI_E_CHANGED;
    for (int i = 0; i < TRIES_MAX && status == AYNI_E_CHANGED && complaint->text == NULL; i++)
        status = one(context);
    return status;
}
