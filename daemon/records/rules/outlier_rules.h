#ifndef AYNI_DAEMON_RECORDS_OUTLIER_RULES_H
#define AYNI_DAEMON_RECORDS_OUTLIER_RULES_H

#include "proto/catalogue.h"

/*
 * What a rule set says of values that are hardly possible. Its parameters, docs/quality.md:
 *
 *   {"outliers": {"z": 350, "least": 20, "ranges": [
 *       {"type": "growth", "field": "weight_g", "months": [0, 5], "low": 1000, "high": 12000}]}}
 */
enum { OUTLIER_RANGES_MAX = 64 };

struct outlier_range {
    uint32_t type, field;
    bool has_months;
    int64_t from_months, to_months; /* completed months of age, both included */
    int64_t low, high;              /* as stored: plausible, both included */
};
struct outlier_rules {
    int64_t z;     /* hundredths: farther from the middle of its source is an outlier */
    int64_t least; /* values that a source must have for that */
    struct outlier_range ranges[OUTLIER_RANGES_MAX];
    size_t range_count;
};

/* Types and fields that the catalogue doesn't have are left out. AYNI_E_INVALID where they aren't
 * of that form, AYNI_E_NOT_FOUND where nothing is said of outliers. */
AYNI_CHECKED enum ayni_status outlier_rules_read(struct ayni_bytes parameters,
                                                 const struct ayni_catalogue *catalogue,
                                                 struct outlier_rules *rules);
/* The range of a field's values at that age; the first that fits, or NULL. */
const struct outlier_range *outlier_rules_find(const struct outlier_rules *rules, uint32_t type,
                                               uint32_t field, bool has_age, int64_t months);

#endif
