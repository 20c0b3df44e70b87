#ifndef AYNI_TESTS_SUPPORT_SIM_PLACE_H
#define AYNI_TESTS_SUPPORT_SIM_PLACE_H

#include "daemon/bundle/bundle_place.h"
#include "tests/support/sim_log.h"

/*
 * What daemon/bundle/bundle_place.h says of runs and a store, of runs and a log
 * in memory: `is`, `segment`, and `held` where they are neither held nor wait.
 * Where several segments go on otherwise, `segment` is any of them.
 */
struct bundle_place sim_place_find(const struct sim_log *log, const struct ayni_bundle_runs *runs);

#endif
