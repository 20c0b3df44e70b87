#include "daemon/control/no_room.h"

#include <inttypes.h>
#include <stdio.h>

/* Megabytes with a decimal, rounded up: what is said to be enough is enough. */
static void megabytes(uint64_t bytes, char text[24])
{
    uint64_t tenths = bytes / 100000 + (bytes % 100000 != 0);

    snprintf(text, 24, "%" PRIu64 ".%u", tenths / 10, (unsigned)(tenths % 10));
}

static void explain_full(const struct room *room, const struct room_measures *measures,
                         struct complaint *complaint)
{
    char needed[24], found[24];

    megabytes(measures->needed_bytes, needed);
    megabytes(measures->free_bytes, found);
    (void)complain(
        complaint, AYNI_E_FULL,
        N_("the disk of {} is full: {} MB are free and {} MB are needed; it was not written"),
        room_home(room), found, needed, NULL);
    complain_hint(complaint, N_("make room there: writing then goes on by itself"), NULL);
}

void no_room_explain(struct room *room, enum ayni_status status, struct complaint *complaint)
{
    struct room_measures measures;

    if (room == NULL || (status != AYNI_E_FULL && status != AYNI_E_IO))
        return;
    room_measure(room, &measures);
    if (measures.state == ROOM_FULL) {
        explain_full(room, &measures, complaint);
    } else if (measures.state == ROOM_FAILING) {
        (void)complain(complaint, status, N_("the disk of {} fails: it was not written"),
                       room_home(room), NULL);
        complain_hint(complaint,
                      N_("look at the system's log and at the disk; `ayni status` says "
                         "when writing goes on"),
                      NULL);
    }
}

void no_room_to_scrub(struct room *room, uint64_t needed_bytes, struct complaint *complaint)
{
    struct room_measures measures;
    char needed[24], found[24];

    room_measure(room, &measures);
    megabytes(needed_bytes, needed);
    megabytes(measures.free_bytes, found);
    (void)complain(complaint, AYNI_OK,
                   N_("what was erased is still in the files of {}, which can't be written anew: "
                      "{} MB are free and {} MB are needed"),
                   room_home(room), found, needed, NULL);
    complain_hint(complaint, N_("make room there: that then happens by itself"), NULL);
}
