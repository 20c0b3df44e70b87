/* Any parameters of a rule set: they say what an outlier is, or nothing is taken of them; each
 * range that is taken has room for its classes and is found by its ages. */
#include "daemon/records/rules/outlier_rules.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/first_catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_range(const struct outlier_rules *rules, const struct outlier_range *range)
{
    const struct ayni_catalogue_type *type = ayni_catalogue_type(first_catalogue(), range->type);
    const struct outlier_range *found =
        outlier_rules_find(rules, range->type, range->field, range->has_months, range->from_months);

    require(type != NULL && ayni_catalogue_field(type, range->field) != NULL);
    require(range->low <= range->high && range->from_months <= range->to_months);
    require(found != NULL && found <= range);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outlier_rules rules, untouched;

    memset(&rules, 0x5a, sizeof(rules));
    untouched = rules;
    enum ayni_status status =
        outlier_rules_read((struct ayni_bytes){ data, size }, first_catalogue(), &rules);
    if (status != AYNI_OK) {
        require(status == AYNI_E_INVALID || status == AYNI_E_NOT_FOUND);
        require(memcmp(&rules, &untouched, sizeof(rules)) == 0);
        return 0;
    }
    require(rules.range_count <= OUTLIER_RANGES_MAX && rules.z > 0 && rules.least > 1);
    for (size_t i = 0; i < rules.range_count; i++)
        check_range(&rules, &rules.ranges[i]);
    return 0;
}
