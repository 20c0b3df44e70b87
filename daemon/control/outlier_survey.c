#include "daemon/control/outlier_survey.h"

#include "daemon/daemon.h"

static enum ayni_status begin(struct daemon *daemon, struct outliers *outliers)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    return status == AYNI_OK ? outliers_begin(reader, outliers) : status;
}

static enum ayni_status learn(void *context, const struct surveyed *record, bool *enough)
{
    (void)enough;
    return outliers_learn(context, record);
}

enum ayni_status outlier_survey_learn(struct daemon *daemon, struct control_call *call,
                                      const struct ayni_space *space, struct outliers *outliers)
{
    enum ayni_status status;
    uint32_t type;

    *outliers = (struct outliers){ .groups = NULL };
    status = begin(daemon, outliers);
    for (size_t i = 0; status == AYNI_OK && (type = outliers_type(outliers, i)) != 0; i++) {
        struct survey survey = { .type = type, .space = space };
        while (status == AYNI_OK && !survey.done) {
            status = survey_page(&daemon->records, &survey, false, learn, outliers);
            if (status == AYNI_OK)
                status = call_progress(call, survey.looked_at, 0);
            if (status == AYNI_OK && call_cancelled(call))
                status = AYNI_E_STOPPED;
        }
    }
    return status == AYNI_OK ? outliers_learnt(outliers) : status;
}
