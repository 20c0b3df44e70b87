#ifndef AYNI_DAEMON_RECORDS_SPOT_CHECK_H
#define AYNI_DAEMON_RECORDS_SPOT_CHECK_H

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "proto/catalogue.h"

/* What somebody found who went to see whether a record is true: records of type `spot_check`. */
enum spot_found { SPOT_TRUE, SPOT_FALSE, SPOT_PARTLY, SPOT_ABSENT };

struct spot_check {
    struct ayni_record record; /* that was checked */
    int64_t date;
    enum spot_found found;
    bool random; /* drawn, and not suspected */
};

/* What a record of that type says. False of one that is gone or doesn't say all of it. */
bool spot_check_read(const struct charter *charter, const struct record_state *state,
                     struct spot_check *check);

#endif
