#include "daemon/federation/chores.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/daemon.h"
#include "daemon/federation/cuts.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/membership.h"
#include "daemon/net/net.h"
#include "daemon/records/standing.h"
#include "daemon/report.h"

enum { ENDPOINTS_SIZE = 1200 };

struct chores {
    struct daemon *daemon;
    pthread_t thread;
    bool running;
    pthread_mutex_t lock;
    pthread_cond_t due_changed;
    bool due;
    bool stopping;
};

static void note_charter(void *context, const struct charter *charter)
{
    struct chores *chores = context;

    (void)charter;
    pthread_mutex_lock(&chores->lock);
    chores->due = true;
    pthread_cond_signal(&chores->due_changed);
    pthread_mutex_unlock(&chores->lock);
}

enum ayni_status chores_new(struct daemon *daemon, struct chores **chores)
{
    struct chores *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->daemon = daemon;
    made->due = true;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->due_changed, NULL);
    standing_listen(daemon->records.standing, note_charter, made);
    *chores = made;
    return AYNI_OK;
}

static enum ayni_status publish_card(struct daemon *daemon)
{
    SCOPED_BUFFER card = { 0 };
    char endpoints[ENDPOINTS_SIZE];

    net_endpoints(daemon->net, endpoints, sizeof(endpoints));
    enum ayni_status status = federation_card(daemon->federation, endpoints, &card);
    if (status == AYNI_OK)
        status = membership_publish_card(&daemon->records, ayni_buffer_bytes(&card));
    return status;
}

static void log_failure(const char *chore, enum ayni_status status)
{
    if (status != AYNI_OK && status != AYNI_E_STOPPED)
        report(REPORT_WARNING, "chore_failed", "chore=%s reason=%s", chore,
               ayni_status_name(status));
}

/* Wait until something is due; false where the node stops. */
static bool wait_until_due(struct chores *chores)
{
    pthread_mutex_lock(&chores->lock);
    while (!chores->due && !chores->stopping)
        pthread_cond_wait(&chores->due_changed, &chores->lock);
    bool go_on = !chores->stopping;
    chores->due = false;
    pthread_mutex_unlock(&chores->lock);
    return go_on;
}

static void *run(void *context)
{
    struct chores *chores = context;

    while (wait_until_due(chores)) {
        log_failure("card", publish_card(chores->daemon));
        log_failure("cuts", cuts_give(&chores->daemon->records));
    }
    return NULL;
}

enum ayni_status chores_start(struct chores *chores)
{
    if (pthread_create(&chores->thread, NULL, run, chores) != 0)
        return AYNI_E_IO;
    chores->running = true;
    return AYNI_OK;
}

void chores_stop(struct chores *chores)
{
    if (chores == NULL || !chores->running)
        return;
    pthread_mutex_lock(&chores->lock);
    chores->stopping = true;
    pthread_cond_signal(&chores->due_changed);
    pthread_mutex_unlock(&chores->lock);
    pthread_join(chores->thread, NULL);
    chores->running = false;
}

void chores_free(struct chores *chores)
{
    if (chores == NULL)
        return;
    chores_stop(chores);
    pthread_cond_destroy(&chores->due_changed);
    pthread_mutex_destroy(&chores->lock);
    free(chores);
}
