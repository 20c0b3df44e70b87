#include "daemon/records/writing/lane.h"

#include "daemon/records/links/links.h"
#include "proto/feed.h"

/* Numbers of the catalogue, which never change. */
enum { TYPE_CONSENT = 303, TYPE_CONFLICT_DECISION = 602 };

uint8_t lane_of_type(uint32_t type)
{
    return type == TYPE_CONSENT || type == LINK_TYPE || type == TYPE_CONFLICT_DECISION
               ? AYNI_LANE_CONTROL
               : AYNI_LANE_CURRENT;
}
