/* When what is recent in views/ comes to the rest of it (daemon/store/views.h). */
#include "daemon/clock.h"
#include "daemon/records/projection/projector_private.h"

/* So many pages are worth it where there is nothing else to do. */
enum { WORTH_PAGES = 64 };

static bool is_waited_for(struct projector *projector)
{
    pthread_mutex_lock(&projector->mutex);
    bool waited_for = projector->waiting > 0;
    pthread_mutex_unlock(&projector->mutex);
    return waited_for;
}

/* Slice by slice, until somebody waits; one at least. */
static enum ayni_status merge(struct projector *projector, struct views *views, bool all)
{
    enum ayni_status status;
    bool more;

    do
        status = views_merge(views, projector->memory_max, &more);
    while (status == AYNI_OK && more && !projector->stop && (all || !is_waited_for(projector)));
    return status;
}

enum ayni_status projector_merge_much(struct projector *projector, struct views *views)
{
    struct views_recent recent;
    enum ayni_status status = views_count_recent(views, projector->memory_max, &recent);

    if (status == AYNI_OK && (recent.far_too_much || (recent.much && !is_waited_for(projector))))
        status = merge(projector, views, false);
    projector->merge_when_idle = status == AYNI_OK && recent.leaves >= WORTH_PAGES;
    return status;
}

enum ayni_status projector_merge_all(struct projector *projector, struct views *views)
{
    return merge(projector, views, true);
}

void projector_merge_step(struct projector *projector)
{
    unsigned asked;

    pthread_mutex_lock(&projector->mutex);
    asked = projector->merges_asked;
    pthread_mutex_unlock(&projector->mutex);
    bool all = asked != projector->merges_done;
    enum ayni_status status = merge(projector, projector->options.views, all);
    projector->merge_when_idle = false;
    pthread_mutex_lock(&projector->mutex);
    projector->merges_done = asked;
    projector->merge_status = status;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
}

enum ayni_status projector_merge(struct projector *projector)
{
    enum ayni_status status = AYNI_E_STOPPED;

    pthread_mutex_lock(&projector->mutex);
    unsigned wanted = ++projector->merges_asked;
    pthread_cond_broadcast(&projector->changed);
    while (!projector->stop && (int)(projector->merges_done - wanted) < 0)
        pthread_cond_wait(&projector->changed, &projector->mutex);
    if (!projector->stop)
        status = projector->merge_status;
    pthread_mutex_unlock(&projector->mutex);
    return status;
}
