/* What other threads ask of the network, and tell it: each holds the lock for a moment. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/net/net_private.h"
#include "proto/endpoint.h"

/* --- whom to dial by `peer add` --- */

struct book_job {
    struct log_job job; /* first */
    struct ayni_buffer value;
};

static enum ayni_status put_book(struct log_job *job, struct log_txn *txn)
{
    struct book_job *book = (struct book_job *)job;

    return log_txn_put_setting(txn, net_peers_setting, ayni_buffer_bytes(&book->value));
}

/* The lock is held, and given back for the wait. */
static enum ayni_status keep_book(struct net *net)
{
    struct book_job job = { .job = { .run = put_book } };

    peer_book_encode(&net->book, &job.value);
    net->book_changed = true;
    peers_retry_now(&net->peers);
    pthread_mutex_unlock(&net->lock);
    net_wake(net);
    enum ayni_status status = ayni_buffer_status(&job.value);
    if (status == AYNI_OK)
        status = log_writer_run(net->options.writer, &job.job);
    ayni_buffer_free(&job.value);
    return status;
}

enum ayni_status net_add_peer(struct net *net, const struct ayni_node *node, const char *endpoint)
{
    if (!ayni_endpoint_valid(ayni_bytes_of_text(endpoint)))
        return AYNI_E_USAGE;
    pthread_mutex_lock(&net->lock);
    enum ayni_status status = peer_book_add(&net->book, node, endpoint);
    if (status == AYNI_OK)
        return keep_book(net);
    pthread_mutex_unlock(&net->lock);
    return status;
}

enum ayni_status net_remove_peer(struct net *net, const struct ayni_node *node)
{
    pthread_mutex_lock(&net->lock);
    if (peer_book_remove(&net->book, node))
        return keep_book(net);
    pthread_mutex_unlock(&net->lock);
    return AYNI_E_NOT_FOUND;
}

/* --- endpoints --- */

static bool is_wildcard(const char *endpoint)
{
    return strncmp(endpoint, "tcp://0.0.0.0:", 14) == 0 || strncmp(endpoint, "tcp://*:", 8) == 0 ||
           strncmp(endpoint, "tcp://[::]:", 11) == 0;
}

void net_endpoints(struct net *net, char *endpoints, size_t size)
{
    const struct config *config = net->options.config;

    pthread_mutex_lock(&net->lock);
    const char *listening = net->transport != NULL ? transport_endpoint(net->transport) : "";
    if (config->advertise[0] != '\0')
        snprintf(endpoints, size, "%s", config->advertise);
    else
        snprintf(endpoints, size, "%s",
                 is_wildcard(config->listen) || is_wildcard(listening) ? "" : listening);
    pthread_mutex_unlock(&net->lock);
}

/* --- stewards from afar --- */

void net_welcome_stewards(struct net *net,
                          void (*visit)(void *context, const uint8_t key[32], int fd),
                          void *context)
{
    pthread_mutex_lock(&net->lock);
    gate_welcome(net->gate, visit, context);
    pthread_mutex_unlock(&net->lock);
}

void net_steward_endpoint(struct net *net, char *endpoint, size_t size)
{
    char known[CONFIG_TEXT_MAX], key[2 * 32 + 1];

    net_endpoints(net, known, sizeof(known));
    known[strcspn(known, ",")] = '\0';
    ayni_hex_text((struct ayni_bytes){ net->options.identity->transport_public, 32 }, key);
    pthread_mutex_lock(&net->lock);
    const char *listening = transport_endpoint(net->transport);
    if (known[0] == '\0')
        snprintf(known, sizeof(known), "%s", listening);
    pthread_mutex_unlock(&net->lock);
    snprintf(endpoint, size, "%s%s%s", known, known[0] == '\0' ? "" : "/",
             known[0] == '\0' ? "" : key);
}

/* --- what is known of peers and spaces --- */

static struct net_peer describe(struct net *net, struct peer *peer)
{
    struct net_peer described = {
        .node = peer->node,
        .state = peer_state(peer),
        .rtt_ms = peer->rtt_ms,
        .why = peer->route == NULL ? peer->why : NULL,
        .last_seen = peer->last_seen,
    };
    struct ayni_sync_peer_status status;

    net_describe_meter(net, peer, &described);
    if (net->driver == NULL)
        return described;
    const struct ayni_sync *engine = sync_driver_engine(net->driver);
    described.refused = ayni_sync_get_refusals(engine, &peer->node);
    if (ayni_sync_get_peer(engine, &peer->node, &status) == AYNI_OK) {
        described.in_sync = status.lag.in_sync;
        described.missing_here = status.lag.behind;
        described.missing_there = status.lag.ahead;
        if (status.held)
            net_describe_hold(net, peer, &described);
    }
    return described;
}

enum ayni_status net_peers(struct net *net, struct net_peer **peers, size_t *count)
{
    size_t room = 0;

    pthread_mutex_lock(&net->lock);
    if (net->driver != NULL)
        sync_driver_tell_moved(net->driver); /* what was written just now is in sync with nobody */
    for (const struct peer *peer = net->peers.list; peer != NULL; peer = peer->next)
        room++;
    struct net_peer *list = calloc(room + 1, sizeof(*list));
    *count = 0;
    for (struct peer *peer = net->peers.list; list != NULL && peer != NULL; peer = peer->next)
        list[(*count)++] = describe(net, peer);
    pthread_mutex_unlock(&net->lock);
    *peers = list;
    return list == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

static bool describe_space(const struct net *net, const struct ayni_space *space, size_t peer_count,
                           struct net_space *described)
{
    const struct ayni_sync *engine = sync_driver_engine(net->driver);

    *described = (struct net_space){ .space = *space };
    described->lags = calloc(peer_count + 1, sizeof(*described->lags));
    if (described->lags == NULL)
        return false;
    for (const struct peer *peer = net->peers.list; peer != NULL; peer = peer->next) {
        struct net_lag *lag = &described->lags[described->lag_count];
        lag->node = peer->node;
        described->lag_count += ayni_sync_get_lag(engine, &peer->node, space, &lag->lag) == AYNI_OK;
    }
    return true;
}

static enum ayni_status describe_spaces(const struct net *net, struct net_space **spaces,
                                        size_t *count)
{
    size_t space_count, peer_count = 0;
    const struct ayni_registry *registry = net->charter->registry;
    const struct ayni_space_info *infos = ayni_registry_spaces(registry, &space_count);
    struct net_space *list = calloc(space_count + 1, sizeof(*list));

    for (const struct peer *peer = net->peers.list; peer != NULL; peer = peer->next)
        peer_count++;
    *count = 0;
    bool described = list != NULL &&
                     describe_space(net, ayni_registry_id(registry), peer_count, &list[(*count)++]);
    for (size_t i = 0; described && i < space_count; i++)
        if (ayni_registry_may_receive(registry, &net->options.identity->node, &infos[i].id))
            described = describe_space(net, &infos[i].id, peer_count, &list[(*count)++]);
    if (!described) {
        net_spaces_free(list, list == NULL ? 0 : *count);
        return AYNI_E_MEMORY;
    }
    *spaces = list;
    return AYNI_OK;
}

enum ayni_status net_spaces(struct net *net, struct net_space **spaces, size_t *count)
{
    enum ayni_status status = AYNI_OK;

    *spaces = NULL;
    *count = 0;
    pthread_mutex_lock(&net->lock);
    if (net->driver != NULL && net->charter != NULL)
        status = describe_spaces(net, spaces, count);
    pthread_mutex_unlock(&net->lock);
    return status;
}

void net_spaces_free(struct net_space *spaces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(spaces[i].lags);
    free(spaces);
}

void net_tell_fork(struct net *net, const struct ayni_feed *feed)
{
    pthread_mutex_lock(&net->lock);
    if (net->driver != NULL)
        sync_driver_tell_fork(net->driver, feed);
    pthread_mutex_unlock(&net->lock);
    net_wake(net);
}

bool net_is_hearing(const struct net *net)
{
    return hearing_is_on(net->hearing);
}

enum ayni_status net_stop_hearing(struct net *net)
{
    if (!hearing_is_on(net->hearing))
        return AYNI_E_NOT_FOUND;
    enum ayni_status status = hearing_end(net->hearing, "nobody");
    if (status != AYNI_OK)
        return status;
    pthread_mutex_lock(&net->lock);
    if (net->driver != NULL)
        sync_driver_stop_hearing(net->driver);
    pthread_mutex_unlock(&net->lock);
    net_wake(net);
    return AYNI_OK;
}

/* What was handed to the writer before is done before this. */
static enum ayni_status do_nothing(struct log_job *job, struct log_txn *txn)
{
    (void)job;
    (void)txn;
    return AYNI_OK;
}

void net_note_meets(struct net *net)
{
    struct log_job last = { .run = do_nothing };

    pthread_mutex_lock(&net->lock);
    net_keep_meets(net);
    pthread_mutex_unlock(&net->lock);
    if (log_writer_run(net->options.writer, &last) != AYNI_OK)
        return; /* on a full disk bundles are larger */
}

void net_sync_now(struct net *net)
{
    pthread_mutex_lock(&net->lock);
    peers_retry_now(&net->peers);
    if (net->driver != NULL)
        sync_driver_hurry(net->driver);
    pthread_mutex_unlock(&net->lock);
    net_wake(net);
}

void net_count_breaches(struct net *net, struct net_breaches *breaches)
{
    *breaches = (struct net_breaches){ 0 };
    pthread_mutex_lock(&net->lock);
    if (net->transport != NULL) {
        struct transport_refusals refused = transport_refused(net->transport);
        breaches->strangers = refused.connections;
        breaches->messages = refused.messages;
    }
    if (net->driver != NULL) {
        const struct ayni_sync_counters *counters =
            ayni_sync_counters(sync_driver_engine(net->driver));
        for (size_t i = 0; i <= AYNI_SYNC_DROP_FLOOD; i++)
            breaches->messages += counters->dropped[i];
        breaches->runs = counters->refused_runs;
        breaches->forks = counters->forks;
    }
    pthread_mutex_unlock(&net->lock);
}
