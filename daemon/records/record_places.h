#ifndef AYNI_DAEMON_RECORDS_RECORD_PLACES_H
#define AYNI_DAEMON_RECORDS_RECORD_PLACES_H

#include "daemon/records/key.h"
#include "daemon/store/views.h"

/* Where records can be: each (space, type) that has ever held one, ascending. They are few. */
struct record_place {
    struct ayni_space space;
    uint32_t type;
};
struct record_places {
    struct record_place *items;
    size_t count;
    bool known; /* they have been read */
};

AYNI_CHECKED enum ayni_status record_places_read(struct views_snapshot *views,
                                                 struct record_places *places);
void record_places_free(struct record_places *places);

#endif
