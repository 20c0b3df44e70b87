#include "daemon/net/net_private.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/report.h"

enum {
    WAIT_MS_MAX = 1000,
    STUCK_RETRY_MS = 10,
    MEETS_EVERY_MS = 60 * 1000,
};

void net_wake(void *context)
{
    struct net *net = context;
    uint64_t one = 1;

    /* A full counter wakes as well. */
    if (write(net->wake_fd, &one, sizeof(one)) < 0)
        return;
}

static void wake_for_commit(void *context, uint64_t last_arrival)
{
    (void)last_arrival;
    net_wake(context);
}

static void wake_for_charter(void *context, const struct charter *charter)
{
    struct net *net = context;

    (void)charter;
    net->charter_changed = true;
    net_wake(net);
}

/* --- the thread --- */

static void clear_wake(struct net *net)
{
    uint64_t count;

    if (read(net->wake_fd, &count, sizeof(count)) < 0)
        return; /* nothing was there: it does not block */
}

static void keep_meets_when_due(struct net *net)
{
    uint64_t now_ms = clock_ticks_ms();

    if (now_ms < net->meets_due_ms)
        return;
    net->meets_due_ms = now_ms + MEETS_EVERY_MS;
    net_keep_meets(net);
}

static uint64_t work(struct net *net)
{
    uint64_t timeout = WAIT_MS_MAX;

    clear_wake(net);
    if (atomic_exchange(&net->charter_changed, false))
        net_take_charter(net);
    else if (net->book_changed)
        net_set_targets(net);
    transport_handle(net->transport);
    if (net->driver != NULL) {
        sync_driver_turn(net->driver);
        if (net_push_stuck(net))
            timeout = STUCK_RETRY_MS;
        timeout = sync_driver_timeout(net->driver, timeout);
        keep_meets_when_due(net);
        net_tell_budgets(net);
    }
    if (gate_pump(net->gate) && timeout > STUCK_RETRY_MS)
        timeout = STUCK_RETRY_MS;
    peers_dial(&net->peers, net->transport, clock_ticks_ms());
    return peers_timeout(&net->peers, clock_ticks_ms(), timeout);
}

static void *run(void *context)
{
    struct net *net = context;

    pthread_setname_np(pthread_self(), "net");
    while (!net->stopping) {
        pthread_mutex_lock(&net->lock);
        uint64_t timeout = work(net);
        pthread_mutex_unlock(&net->lock);
        transport_poll(net->transport, net->wait_fd, timeout);
    }
    return NULL;
}

static enum ayni_status load_book(struct net *net)
{
    SCOPED_BUFFER value = { 0 };
    struct log_snapshot *snapshot;

    enum ayni_status status = log_snapshot_begin(net->options.log, &snapshot);
    if (status != AYNI_OK)
        return status;
    status = log_get_setting(snapshot, net_peers_setting, &value);
    log_snapshot_end(snapshot);
    if (status == AYNI_OK)
        status = peer_book_decode(ayni_buffer_bytes(&value), &net->book);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static bool open_waits(struct net *net)
{
    struct epoll_event readable = { .events = EPOLLIN };

    net->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    net->wait_fd = epoll_create1(EPOLL_CLOEXEC);
    return net->wake_fd >= 0 && net->wait_fd >= 0 &&
           epoll_ctl(net->wait_fd, EPOLL_CTL_ADD, net->wake_fd, &readable) == 0;
}

enum ayni_status net_new(const struct net_options *options, struct net **net)
{
    struct net *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->meters = meters_of_log(options->log, options->writer);
    made->peers.self = options->identity->node;
    made->peers.interval_min_ms = options->config->dial_interval_min_ms;
    made->peers.interval_max_ms = options->config->dial_interval_max_ms;
    made->peers.looks_up = options->config->proxy[0] == '\0';
    made->charter_changed = true;
    pthread_mutex_init(&made->lock, NULL);
    enum ayni_status status = open_waits(made) ? load_book(made) : AYNI_E_IO;
    if (status == AYNI_OK)
        status = hearing_new(options->log, options->writer, &made->hearing);
    if (status != AYNI_OK) {
        net_free(made);
        return status;
    }
    log_writer_listen(options->writer, wake_for_commit, made);
    standing_listen(options->records->standing, wake_for_charter, made);
    *net = made;
    return AYNI_OK;
}

void net_listen_forks(struct net *net, void (*found)(void *context), void *context)
{
    net->fork_found = found;
    net->fork_context = context;
}

enum ayni_status net_start(struct net *net, char *why, size_t why_size)
{
    struct transport_options options = {
        .public_key = net->options.identity->transport_public,
        .secret_key = net->options.identity->transport_secret,
        .listen = net->options.config->listen,
        .proxy = net->options.config->proxy,
        .peer_timeout_ms = net->options.config->peer_timeout_ms,
        .events = { net_on_up, net_on_down, net_on_message, net_admits, net },
    };

    enum ayni_status status = transport_open(&options, &net->transport, why, why_size);
    if (status == AYNI_OK)
        status = gate_new(net->transport, net->wait_fd, &net->gate);
    if (status != AYNI_OK)
        return status;
    if (pthread_create(&net->thread, NULL, run, net) != 0)
        return AYNI_E_IO;
    net->running = true;
    if (transport_endpoint(net->transport)[0] != '\0')
        report(REPORT_INFO, "listening", "endpoint=%s", transport_endpoint(net->transport));
    return AYNI_OK;
}

void net_stop(struct net *net)
{
    if (net == NULL || !net->running)
        return;
    net->stopping = true;
    net_wake(net);
    pthread_join(net->thread, NULL);
    net->running = false;
    if (net->driver != NULL) {
        net_keep_meets(net);
        peer_settings_write(&net->meters, UINT64_MAX);
        sync_driver_stop(net->driver);
    }
    gate_free(net->gate);
    net->gate = NULL;
    transport_close(net->transport);
    net->transport = NULL;
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    net_stop(net);
    gate_free(net->gate);
    transport_close(net->transport);
    sync_driver_free(net->driver);
    hearing_free(net->hearing);
    if (net->charter != NULL)
        charter_release(net->charter);
    peers_free(&net->peers);
    peer_settings_free(&net->meters);
    peer_book_free(&net->book);
    if (net->wake_fd >= 0)
        close(net->wake_fd);
    if (net->wait_fd >= 0)
        close(net->wait_fd);
    pthread_mutex_destroy(&net->lock);
    free(net);
}
