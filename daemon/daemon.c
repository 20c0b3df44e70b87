#include "daemon/daemon.h"

#include <stdio.h>
#include <string.h>

#include "daemon/bundle/bundles.h"
#include "daemon/chores.h"
#include "daemon/control/admit.h"
#include "daemon/control/no_room.h"
#include "daemon/control/server.h"
#include "daemon/eraser.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/space_keys.h"
#include "daemon/federation/stewards.h"
#include "daemon/home.h"
#include "daemon/http/http_server.h"
#include "daemon/net/net.h"
#include "daemon/records/erasure/residue.h"
#include "daemon/records/projection/projector.h"
#include "daemon/records/tables.h"
#include "daemon/records/writing/author.h"
#include "daemon/report.h"
#include "daemon/store/log_writer.h"
#include "daemon/store/views.h"
#include "daemon/view/counters.h"
#include "daemon/view/view.h"
#include "po/language.h"

/* The tables of views/: those of the records, then those of the view. */
static void name_tables(const char *names[VIEW_TABLE_END])
{
    for (size_t i = 0; i < RECORDS_TABLE_COUNT; i++)
        names[i] = records_table_names[i];
    for (size_t i = 0; i < VIEW_TABLE_COUNT; i++)
        names[VIEW_TABLE_PLAN + i] = view_table_names[i];
}

/* A key that was put beside another node's log would write on in its name. */
static enum ayni_status check_key(const struct daemon *daemon, char *why, size_t why_size)
{
    struct ayni_node node;

    if (!federation_card_node(daemon->federation, &node) ||
        ayni_id_equal(&node, &daemon->identity.node))
        return AYNI_OK;
    snprintf(why, why_size,
             _("%s: node.key and log/ are of two nodes: put the key back that was with this log"),
             daemon->config.home);
    return AYNI_E_INVALID;
}

static enum ayni_status open_log(struct daemon *daemon, char *why, size_t why_size)
{
    char folder[CONFIG_TEXT_MAX + 16];

    snprintf(folder, sizeof(folder), "%s/log", daemon->config.home);
    struct room_options room = { daemon->config.home, daemon->config.ballast };
    struct log_options log = { .folder = folder, .map_size = daemon->config.log_map_size };
    enum ayni_status status = log_store_open(&log, &daemon->log, why, why_size);
    if (status == AYNI_OK)
        status = room_open(&room, &daemon->room);
    if (status == AYNI_OK)
        status = log_writer_start(daemon->log, daemon->room, &daemon->writer);
    if (status == AYNI_OK)
        status =
            federation_open(daemon->log, daemon->writer, &daemon->identity, &daemon->federation);
    if (status == AYNI_OK)
        status = check_key(daemon, why, why_size);
    return status == AYNI_OK ? home_check_place(daemon->log, daemon->writer, &daemon->identity)
                             : status;
}

enum ayni_status daemon_open_log(struct daemon *daemon, const struct config *config, char *why,
                                 size_t why_size)
{
    daemon->config = *config;
    enum ayni_status status = identity_open(config->home, &daemon->identity, why, why_size);
    return status == AYNI_OK ? open_log(daemon, why, why_size) : status;
}

static enum ayni_status open_views(struct daemon *daemon, char *why, size_t why_size)
{
    char folder[CONFIG_TEXT_MAX + 16];
    const char *tables[VIEW_TABLE_END];

    snprintf(folder, sizeof(folder), "%s/views", daemon->config.home);
    name_tables(tables);
    struct views_options views = {
        .folder = folder,
        .map_size = daemon->config.views_map_size,
        .format = RECORDS_TABLES_FORMAT,
        .tables = tables,
        .table_count = VIEW_TABLE_END,
        .scattered = RECORDS_TABLES_SCATTERED | VIEW_TABLES_SCATTERED,
    };
    enum ayni_status status = log_read_lineage(daemon->log, &views.log);
    return status == AYNI_OK ? views_open(&views, &daemon->views, why, why_size) : status;
}

static enum ayni_status open_records(struct daemon *daemon)
{
    struct records_options options = {
        .log = daemon->log,
        .writer = daemon->writer,
        .views = daemon->views,
        .room = daemon->room,
        .node = daemon->identity.node,
        .secret = daemon->identity.secret,
        .projection_memory = daemon->config.projection_memory,
    };

    enum ayni_status status = records_open(&daemon->records, &options);
    if (status == AYNI_OK)
        status = view_open(&daemon->records, &daemon->view);
    if (status == AYNI_OK)
        status = space_keys_new(&daemon->records, &daemon->space_keys);
    if (status == AYNI_OK && federation_ticket(daemon->federation) != NULL)
        status = projector_set_root(daemon->records.projector,
                                    &federation_ticket(daemon->federation)->root);
    return status;
}

static enum ayni_status open_net(struct daemon *daemon)
{
    struct net_options options = {
        .config = &daemon->config,
        .identity = &daemon->identity,
        .federation = daemon->federation,
        .log = daemon->log,
        .writer = daemon->writer,
        .records = &daemon->records,
    };

    enum ayni_status status = net_new(&options, &daemon->net);
    if (status == AYNI_OK)
        status = chores_new(daemon, &daemon->chores);
    return status == AYNI_OK ? eraser_new(daemon, &daemon->eraser) : status;
}

/* All who are told of one that a peer shows. */
static void fork_found(void *context, const struct ayni_feed *feed)
{
    struct daemon *daemon = context;

    net_tell_fork(daemon->net, feed);
    chores_wake(daemon->chores);
}

static enum ayni_status open_bundles(struct daemon *daemon)
{
    struct bundles_options options = {
        .home = daemon->config.home,
        .identity = &daemon->identity,
        .federation = daemon->federation,
        .records = &daemon->records,
        .fork_found = fork_found,
        .context = daemon,
    };

    return bundles_open(&options, &daemon->bundles);
}

/* On a full disk it can't be noted, and hardly anything else be written. */
static enum ayni_status begin_life(struct daemon *daemon)
{
    enum ayni_status status = residue_begin(daemon->log, daemon->writer);

    daemon->runs = status == AYNI_OK;
    return status == AYNI_E_FULL ? AYNI_OK : status;
}

static void end_life(struct daemon *daemon)
{
    if (daemon->runs && residue_end(daemon->writer) != AYNI_OK)
        report(REPORT_WARNING, "end_not_noted", "then=%s", "compacted_at_the_next_erasure");
}

enum ayni_status daemon_open(struct daemon *daemon, const struct config *config, bool with_net,
                             char *why, size_t why_size)
{
    enum ayni_status status = daemon_open_log(daemon, config, why, why_size);

    if (status == AYNI_OK)
        status = begin_life(daemon);
    if (status == AYNI_OK)
        status = open_views(daemon, why, why_size);
    if (status == AYNI_OK)
        status = open_records(daemon);
    if (status == AYNI_OK && with_net)
        status = open_net(daemon);
    if (status == AYNI_OK && with_net)
        status = open_bundles(daemon);
    if (status == AYNI_OK)
        status = records_start(&daemon->records);
    if (status != AYNI_OK && why[0] == '\0')
        snprintf(why, why_size, _("%s: the stores can't be opened: %s"), config->home,
                 ayni_status_name(status));
    return status;
}

static void role_of(struct daemon *daemon, struct visitor *visitor, char role[CONTROL_ROLE_SIZE])
{
    int found = visitor->has_key
                    ? steward_role_of_key(&daemon->records, visitor->key, visitor->name,
                                          sizeof(visitor->name))
                    : steward_role_of(&daemon->records, daemon->federation, visitor->name);

    snprintf(role, CONTROL_ROLE_SIZE, "%s",
             found < 0 ? "" : ayni_steward_role_name((enum ayni_steward_role)found));
}

/* She gets her name when she asks for something. */
static void serve_steward(void *context, const uint8_t key[32], int fd)
{
    const struct daemon *daemon = context;
    struct visitor visitor = { .name = "?", .has_key = true };

    memcpy(visitor.key, key, sizeof(visitor.key));
    control_server_welcome(daemon->control, fd, &visitor);
}

static void explain(struct daemon *daemon, enum ayni_status status, struct complaint *complaint)
{
    no_room_explain(daemon->room, status, complaint);
}

enum ayni_status daemon_serve(struct daemon *daemon, char *why, size_t why_size)
{
    const struct control_host host = { daemon, role_of, explain, admit_to_records };
    char path[CONFIG_TEXT_MAX + 16];

    enum ayni_status status = net_start(daemon->net, why, why_size);
    if (status == AYNI_OK)
        status = chores_start(daemon->chores);
    if (status == AYNI_OK)
        status = eraser_start(daemon->eraser);
    if (status != AYNI_OK)
        return status;
    snprintf(path, sizeof(path), "%s/control.sock", daemon->config.home);
    status = control_server_start(&host, path, &daemon->control);
    if (status != AYNI_OK) {
        snprintf(why, why_size, "%s: %s", path,
                 status == AYNI_E_BUSY ? _("another aynid answers there")
                                       : _("the control socket can't be made; see the log above"));
        return status;
    }
    net_welcome_stewards(daemon->net, serve_steward, daemon);
    if (daemon->config.http[0] == '\0')
        return AYNI_OK;
    return http_server_start(daemon, daemon->config.http, &daemon->http, why, why_size);
}

void daemon_close(struct daemon *daemon)
{
    http_server_stop(daemon->http);
    /* Answers may be finished while there is somebody to wait for; then nobody waits any more. */
    control_server_quiesce(daemon->control);
    if (daemon->records.projector != NULL)
        projector_halt(daemon->records.projector);
    bundles_stop(daemon->bundles);
    if (daemon->control != NULL)
        net_welcome_stewards(daemon->net, NULL, NULL);
    control_server_stop(daemon->control);
    eraser_stop(daemon->eraser);
    chores_stop(daemon->chores);
    net_stop(daemon->net);
    /* Nobody tells anybody anything any more; then what was told of can go. */
    if (daemon->records.projector != NULL)
        projector_stop(daemon->records.projector);
    end_life(daemon);
    if (daemon->writer != NULL)
        log_writer_stop(daemon->writer);
    net_free(daemon->net);
    eraser_free(daemon->eraser);
    chores_free(daemon->chores);
    bundles_close(daemon->bundles);
    space_keys_free(daemon->space_keys);
    records_close(&daemon->records);
    view_close(daemon->view);
    federation_close(daemon->federation);
    views_close(daemon->views);
    log_writer_free(daemon->writer);
    log_store_close(daemon->log);
    room_close(daemon->room);
    identity_close(&daemon->identity);
    *daemon = (struct daemon){ 0 };
}
