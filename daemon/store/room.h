#ifndef AYNI_DAEMON_STORE_ROOM_H
#define AYNI_DAEMON_STORE_ROOM_H

#include "proto/bytes.h"

/*
 * Room on the disk of a home, for both stores. Where a commit found none,
 * ordinary writing stops until there is enough again, which is looked at
 * whenever somebody asks: nobody has to do anything but to make room. What
 * must be written even then, an erasure, gets the ballast: a file that was made
 * in good times, is given up now, and is made again when there is room.
 * docs/storage.md, section 4.
 *
 * Any thread. All functions take NULL for "nobody watches": there is always enough.
 */
struct room;

enum {
    /* Beside the ballast, and twice what a write puts, since pages are copied. Of a small disk no
     * more than such a part. */
    ROOM_MARGIN = 4 * 1024 * 1024,
    ROOM_MARGIN_PART = 16,
    ROOM_BALLAST_PART = 32,
};

struct room_options {
    const char *home;
    uint64_t ballast_bytes; /* 0: none */
};

/* The ballast is made now if there is room for it. AYNI_E_MEMORY */
AYNI_CHECKED enum ayni_status room_open(const struct room_options *options, struct room **room);
void room_close(struct room *room); /* NULL is fine; the ballast stays */

/* Whether it is worth while to write: there was room when somebody last wrote, or there is again.
 */
bool room_enough(struct room *room);
/* Give up the ballast for what must be written. False where there is none any more. */
bool room_give_ballast(struct room *room);
/* Whether it was given up, and what follows from what was written then may be written, too. */
bool room_gave_ballast(struct room *room);

enum room_store { ROOM_LOG, ROOM_VIEWS, ROOM_STORE_COUNT };
/* What is urgent is in the log, as of this arrival. */
void room_note_urgent(struct room *room, uint64_t arrival);
/* The same for views/, which found no room and have followed up to `position`: where something
 * urgent came after that. */
bool room_give_ballast_after(struct room *room, uint64_t position);

/* How a commit went that put about so many bytes. */
void room_note(struct room *room, enum room_store store, enum ayni_status status, uint64_t bytes);

enum room_state {
    ROOM_OK,
    ROOM_FULL,    /* ordinary writes are refused until there is room */
    ROOM_FAILING, /* the disk or the system answers with failures; each write is tried */
};
/* "ok", "full", "failing". */
const char *room_state_name(enum room_state state);

struct room_measures {
    enum room_state state;
    uint64_t free_bytes;
    uint64_t needed_bytes; /* that must be free for writing to go on; 0 where it does */
};
void room_measure(struct room *room, struct room_measures *measures);
/* The home that is watched. */
const char *room_home(const struct room *room);

#endif
