#include "daemon/store/room.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/report.h"

/* A failed write of more than this is done again in smaller parts. */
static const uint64_t wanted_bytes_max = 64u << 20;

struct room {
    char home[PATH_MAX - 16], ballast[PATH_MAX];
    uint64_t ballast_bytes, margin_bytes;
    pthread_mutex_t mutex; /* over all below */
    bool has_ballast;
    bool full;
    uint64_t wanted_bytes;   /* of the write that found no room */
    uint64_t urgent_arrival; /* the last that is urgent; 0: none since the start */
    enum ayni_status failing[ROOM_STORE_COUNT];
};

/* --- the disk --- */

struct disk {
    uint64_t free_bytes, all_bytes;
};

/* What can't be asked has no room that anybody could count on. */
static struct disk measure_disk(const struct room *room)
{
    struct statvfs is;

    if (statvfs(room->home, &is) != 0)
        return (struct disk){ 0 };
    return (struct disk){ (uint64_t)is.f_bavail * is.f_frsize,
                          (uint64_t)is.f_blocks * is.f_frsize };
}

static uint64_t missing_ballast(const struct room *room)
{
    return room->has_ballast ? 0 : room->ballast_bytes;
}

static uint64_t needed_bytes(const struct room *room)
{
    return room->margin_bytes + missing_ballast(room) + 2 * room->wanted_bytes;
}

/* --- the ballast --- */

static bool is_whole(const struct room *room)
{
    struct stat is;

    return stat(room->ballast, &is) == 0 && S_ISREG(is.st_mode) &&
           (uint64_t)is.st_blocks * 512 >= room->ballast_bytes;
}

static bool take_room(const struct room *room)
{
    int fd = open(room->ballast, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool taken =
        fd >= 0 && posix_fallocate(fd, 0, (off_t)room->ballast_bytes) == 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    if (!taken)
        unlink(room->ballast);
    return taken;
}

/* With the mutex held, or before anybody else knows of it. */
static void make_ballast(struct room *room)
{
    if (room->has_ballast || room->ballast_bytes == 0 ||
        measure_disk(room).free_bytes < room->ballast_bytes + room->margin_bytes)
        return;
    room->has_ballast = take_room(room);
}

bool room_give_ballast(struct room *room)
{
    if (room == NULL)
        return false;
    pthread_mutex_lock(&room->mutex);
    bool given = room->has_ballast && truncate(room->ballast, 0) == 0;
    if (given) {
        room->has_ballast = false;
        report(REPORT_WARNING, "ballast_given_up", "bytes=%" PRIu64, room->ballast_bytes);
    }
    pthread_mutex_unlock(&room->mutex);
    return given;
}

void room_note_urgent(struct room *room, uint64_t arrival)
{
    if (room == NULL)
        return;
    pthread_mutex_lock(&room->mutex);
    room->urgent_arrival = arrival;
    pthread_mutex_unlock(&room->mutex);
}

bool room_give_ballast_after(struct room *room, uint64_t position)
{
    if (room == NULL)
        return false;
    pthread_mutex_lock(&room->mutex);
    bool waits = room->urgent_arrival > position;
    pthread_mutex_unlock(&room->mutex);
    return waits && room_give_ballast(room);
}

bool room_gave_ballast(struct room *room)
{
    if (room == NULL)
        return false;
    pthread_mutex_lock(&room->mutex);
    bool gave = room->ballast_bytes > 0 && !room->has_ballast;
    pthread_mutex_unlock(&room->mutex);
    return gave;
}

/* --- open and close --- */

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

enum ayni_status room_open(const struct room_options *options, struct room **room)
{
    struct room *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    snprintf(made->home, sizeof(made->home), "%s", options->home);
    snprintf(made->ballast, sizeof(made->ballast), "%s/ballast", made->home);
    uint64_t all_bytes = measure_disk(made).all_bytes;
    made->ballast_bytes = smaller(options->ballast_bytes, all_bytes / ROOM_BALLAST_PART);
    made->margin_bytes = smaller(ROOM_MARGIN, all_bytes / ROOM_MARGIN_PART);
    made->has_ballast = made->ballast_bytes > 0 && is_whole(made);
    pthread_mutex_init(&made->mutex, NULL);
    make_ballast(made);
    *room = made;
    return AYNI_OK;
}

void room_close(struct room *room)
{
    if (room == NULL)
        return;
    pthread_mutex_destroy(&room->mutex);
    free(room);
}

/* --- how it stands --- */

/* With the mutex held: whether there is room again. */
static bool look(struct room *room)
{
    uint64_t free_bytes;

    if (!room->full) {
        make_ballast(room);
        return true;
    }
    free_bytes = measure_disk(room).free_bytes;
    if (free_bytes < needed_bytes(room))
        return false;
    room->full = false;
    room->wanted_bytes = 0;
    for (int i = 0; i < ROOM_STORE_COUNT; i++)
        if (room->failing[i] == AYNI_E_FULL)
            room->failing[i] = AYNI_OK;
    make_ballast(room);
    report(REPORT_INFO, "disk_has_room", "free=%" PRIu64, free_bytes);
    return true;
}

bool room_enough(struct room *room)
{
    if (room == NULL)
        return true;
    pthread_mutex_lock(&room->mutex);
    bool enough = look(room);
    pthread_mutex_unlock(&room->mutex);
    return enough;
}

/* With the mutex held. */
static void note_full(struct room *room, uint64_t bytes)
{
    struct disk disk = measure_disk(room);

    room->wanted_bytes = smaller(bytes, wanted_bytes_max);
    if (room->full || disk.free_bytes >= needed_bytes(room))
        return;
    room->full = true;
    report(REPORT_ERROR, "disk_full", "home=%s free=%" PRIu64 " needed=%" PRIu64, room->home,
           disk.free_bytes, needed_bytes(room));
}

void room_note(struct room *room, enum room_store store, enum ayni_status status, uint64_t bytes)
{
    if (room == NULL)
        return;
    pthread_mutex_lock(&room->mutex);
    room->failing[store] = status;
    if (status == AYNI_E_FULL)
        note_full(room, bytes);
    pthread_mutex_unlock(&room->mutex);
}

/* With the mutex held. */
static enum room_state state_of(const struct room *room)
{
    if (room->full)
        return ROOM_FULL;
    for (int i = 0; i < ROOM_STORE_COUNT; i++)
        if (room->failing[i] != AYNI_OK)
            return ROOM_FAILING;
    return ROOM_OK;
}

void room_measure(struct room *room, struct room_measures *measures)
{
    *measures = (struct room_measures){ .state = ROOM_OK };
    if (room == NULL)
        return;
    pthread_mutex_lock(&room->mutex);
    (void)look(room);
    measures->state = state_of(room);
    measures->free_bytes = measure_disk(room).free_bytes;
    measures->needed_bytes = room->full ? needed_bytes(room) : 0;
    pthread_mutex_unlock(&room->mutex);
}

const char *room_state_name(enum room_state state)
{
    static const char *const names[] = { "ok", "full", "failing" };

    return names[state];
}

const char *room_home(const struct room *room)
{
    return room->home;
}
