#ifndef AYNI_DAEMON_RECORDS_HAEMOGLOBIN_H
#define AYNI_DAEMON_RECORDS_HAEMOGLOBIN_H

#include "proto/bytes.h"

/*
 * Haemoglobin as a rule set has it: corrected for the altitude, and its class by age. The
 * parameters of a rule set say how (docs/query.md):
 *
 *   {"hb": {"from_m": 1000, "per_m": N, "per_m2": N,
 *           "classes": [{"months": [6, 59], "mild": 110, "moderate": 100, "severe": 70}]}}
 *
 * The correction is per_m * a + per_m2 * a², in 10^-17 g/dL, at a metres; none below from_m. All
 * is whole numbers, so that every node computes the same.
 */
enum { HB_BANDS_MAX = 8 };

struct hb_band {
    int64_t from_months, to_months; /* both included */
    int64_t mild, moderate, severe; /* dg/dL: below it, it is at least that */
};

struct hb_rules {
    int64_t from_m;
    int64_t per_m, per_m2;
    struct hb_band bands[HB_BANDS_MAX];
    size_t band_count;
};

/* AYNI_E_INVALID where they aren't of that form. */
AYNI_CHECKED enum ayni_status hb_rules_read(struct ayni_bytes parameters, struct hb_rules *rules);

/* dg/dL, rounded half away from zero, of dg/dL that were measured. */
int64_t hb_adjusted(const struct hb_rules *rules, int64_t observed, int64_t altitude_m);
/* "normal", "mild", "moderate", "severe"; NULL at an age that has no class. */
const char *hb_class(const struct hb_rules *rules, int64_t adjusted, int64_t months);

#endif
