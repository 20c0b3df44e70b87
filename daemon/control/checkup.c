#include "daemon/control/checkup.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/control/admit.h"
#include "daemon/control/no_room.h"
#include "daemon/daemon.h"
#include "daemon/eraser.h"
#include "daemon/federation/membership.h"
#include "daemon/net/net.h"
#include "daemon/records/projection/projector.h"
#include "daemon/store/room.h"
#include "proto/registry.h"

/* A clock that says earlier than this was never set: 2026-01-01. */
#define EARLIEST_MS 1767225600000ull

static enum checkup_state trouble(struct complaint *to, enum checkup_state state, const char *code,
                                  const char *text, const char *hint)
{
    complain_code(to, code);
    (void)complain(to, AYNI_OK, text, NULL);
    complain_hint(to, hint, NULL);
    return state;
}

/* --- the machine --- */

static enum checkup_state check_clock(struct daemon *daemon, struct complaint *to)
{
    (void)daemon;
    if (clock_now().ms >= EARLIEST_MS)
        return CHECKUP_WELL;
    return trouble(to, CHECKUP_TROUBLED, "clock", N_("the clock of this machine was never set"),
                   N_("set it, or let it be set: timedatectl set-ntp true"));
}

static enum checkup_state check_disk(struct daemon *daemon, struct complaint *to)
{
    struct room_measures measures;

    room_measure(daemon->room, &measures);
    switch (measures.state) {
    case ROOM_FULL:
        return trouble(to, CHECKUP_SICK, "full", N_("the disk is full: nothing is written"),
                       N_("make room there: writing then goes on by itself"));
    case ROOM_FAILING:
        return trouble(to, CHECKUP_SICK, "failing", N_("the disk fails: not all is written"),
                       N_("look at the system's log and at the disk; `ayni status` says "
                          "when writing goes on"));
    default:
        return CHECKUP_WELL;
    }
}

static enum checkup_state check_data(struct daemon *daemon, struct complaint *to)
{
    struct projector_progress progress;

    projector_measure(daemon->records.projector, &progress);
    if (progress.failures > 0)
        return trouble(to, CHECKUP_TROUBLED, "behind",
                       N_("what was written can't be shown: derived data don't follow it"),
                       N_("the daemon's log says why; `ayni rebuild` makes them anew"));
    if (progress.position >= progress.ready_at)
        return CHECKUP_WELL;
    return trouble(to, CHECKUP_TROUBLED, "catching_up",
                   N_("derived data still follow what was written before the start"),
                   N_("wait: `ayni status` says how much is left"));
}

static enum checkup_state check_erasure(struct daemon *daemon, struct complaint *to)
{
    uint64_t needed_bytes = eraser_room_needed(daemon->eraser);

    if (needed_bytes == 0)
        return CHECKUP_WELL;
    complain_code(to, "no_room_to_scrub");
    no_room_to_scrub(daemon->room, needed_bytes, to);
    return CHECKUP_TROUBLED;
}

/* --- the home --- */

/* Whether the home has a file that others may read, or one at all. */
static bool has_file(const struct daemon *daemon, const char *name, mode_t mode)
{
    char path[PATH_MAX];
    struct stat is;

    return snprintf(path, sizeof(path), "%s/%s", daemon->config.home, name) < PATH_MAX &&
           stat(path, &is) == 0 && (is.st_mode & mode) != 0;
}

static enum checkup_state check_keys(struct daemon *daemon, struct complaint *to)
{
    if (has_file(daemon, "node.key", 077))
        return trouble(to, CHECKUP_TROUBLED, "node_key", N_("others may read node.key"),
                       N_("chmod 600 it, and ask who did that"));
    if (has_file(daemon, "root.key", S_IRUSR))
        return trouble(to, CHECKUP_TROUBLED, "root_key",
                       N_("the federation's root key is still in this home"),
                       N_("print root.key, put it into a safe, and delete the file"));
    return CHECKUP_WELL;
}

/* It was refused for its version, and isn't back. */
static bool speaks_otherwise(const struct net_peer *peer)
{
    return peer->refused.drops > 0 && peer->refused.last_drop == AYNI_SYNC_DROP_VERSION &&
           strcmp(peer->state, "connected") != 0;
}

static bool some_speak_otherwise(const struct daemon *daemon)
{
    struct net_peer *peers;
    size_t count;
    bool found = false;

    if (net_peers(daemon->net, &peers, &count) != AYNI_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        found |= speaks_otherwise(&peers[i]);
    free(peers);
    return found;
}

/* A program that was replaced while it runs, or one that peers don't understand. */
static enum checkup_state check_version(struct daemon *daemon, struct complaint *to)
{
    static const char gone[] = " (deleted)";
    char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self));

    if (some_speak_otherwise(daemon))
        return trouble(to, CHECKUP_TROUBLED, "other_version",
                       N_("another node speaks another version of the protocol"),
                       N_("`ayni peer list` says which; install the same version of ayni on both"));
    if (size < (ssize_t)strlen(gone) || memcmp(self + size - strlen(gone), gone, strlen(gone)) != 0)
        return CHECKUP_WELL;
    return trouble(to, CHECKUP_TROUBLED, "old_program",
                   N_("another aynid was installed than the one that runs"),
                   N_("start the daemon anew"));
}

/* --- the federation --- */

static enum checkup_state check_federation(struct daemon *daemon, struct complaint *to)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const char *state = membership_state(charter, &daemon->identity.node);

    if (strcmp(state, "alone") == 0)
        return trouble(to, CHECKUP_TROUBLED, state, N_("this node is in no federation"),
                       N_("ayni join TICKET, with what `ayni ticket` prints on a member"));
    if (strcmp(state, "waiting") == 0)
        return trouble(to, CHECKUP_TROUBLED, state, N_("this node hasn't been added yet"),
                       N_("give the steering node what `ayni card` prints"));
    if (strcmp(state, "revoked") == 0)
        return trouble(to, CHECKUP_SICK, state, N_("this node is no member any more"),
                       N_("ask the steering node why; a revoked key never returns"));
    return CHECKUP_WELL;
}

static enum checkup_state check_hearing(struct daemon *daemon, struct complaint *to)
{
    if (!net_is_hearing(daemon->net))
        return CHECKUP_WELL;
    explain_hearing(to);
    return CHECKUP_SICK;
}

static enum checkup_state check_ports(struct daemon *daemon, struct complaint *to)
{
    char endpoints[CONFIG_TEXT_MAX];

    net_endpoints(daemon->net, endpoints, sizeof(endpoints));
    if (daemon->config.listen[0] == '\0' || endpoints[0] != '\0')
        return CHECKUP_WELL;
    return trouble(to, CHECKUP_TROUBLED, "no_endpoint",
                   N_("this node listens, and its card doesn't say where"),
                   N_("set [net] advertise = tcp://HOST:PORT in aynid.conf, and start it anew"));
}

/* --- the others --- */

static size_t count_others(const struct daemon *daemon)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    size_t count, others = 0;
    const struct ayni_member *members = ayni_registry_members(charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        others += !members[i].revoked && !ayni_id_equal(&members[i].node, &daemon->identity.node);
    return others;
}

/* How many are connected, and how many of those don't agree with this node. */
static void count_peers(const struct daemon *daemon, size_t *connected, size_t *differing)
{
    struct net_peer *peers;
    size_t count;

    *connected = *differing = 0;
    if (net_peers(daemon->net, &peers, &count) != AYNI_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(peers[i].state, "connected") != 0)
            continue;
        (*connected)++;
        *differing += !peers[i].in_sync;
    }
    free(peers);
}

static enum checkup_state check_peers(struct daemon *daemon, struct complaint *to)
{
    size_t connected, differing;

    count_peers(daemon, &connected, &differing);
    if (connected > 0 || count_others(daemon) == 0)
        return CHECKUP_WELL;
    return trouble(
        to, CHECKUP_TROUBLED, "no_peer", N_("no other node is connected"),
        N_("see whether this machine has a network; `ayni peer list` says whom it dials"));
}

static enum checkup_state check_sync(struct daemon *daemon, struct complaint *to)
{
    size_t connected, differing;

    count_peers(daemon, &connected, &differing);
    if (differing == 0)
        return CHECKUP_WELL;
    return trouble(to, CHECKUP_TROUBLED, "not_in_sync",
                   N_("this node and those that are connected don't hold the same yet"),
                   N_("wait: `ayni sync --wait` ends when they do"));
}

/* What is graver comes first. */
static const struct {
    const char *name;
    bool is_health;
    enum checkup_state (*look)(struct daemon *daemon, struct complaint *to);
} checks[CHECKUP_COUNT] = {
    { "disk", true, check_disk },        { "federation", true, check_federation },
    { "hearing", true, check_hearing },  { "data", true, check_data },
    { "erasure", true, check_erasure },  { "peers", true, check_peers },
    { "sync", true, check_sync },        { "clock", false, check_clock },
    { "keys", false, check_keys },       { "ports", false, check_ports },
    { "version", false, check_version },
};

void checkup_run(struct daemon *daemon, struct checkup *checkup)
{
    for (size_t i = 0; i < CHECKUP_COUNT; i++) {
        struct finding *finding = &checkup->findings[i];
        *finding = (struct finding){ .check = checks[i].name, .is_health = checks[i].is_health };
        finding->state = checks[i].look(daemon, &finding->trouble);
    }
}
