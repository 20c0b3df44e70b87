#include "daemon/records/rules/outlier_rules.h"

#include "daemon/records/json_form.h"

enum { Z_MAX = 10000, LEAST_MAX = 1000000, MONTHS_MAX = 1200, VALUE_MAX = 1000000000 };

static int64_t read_number(const struct json_at *object, const char *key, int64_t least,
                           int64_t most)
{
    struct json_at at = json_form_required(object, key);

    return json_form_integer(&at, least, most);
}

static void read_months(const struct json_at *months, struct outlier_range *range)
{
    struct json_at from = json_form_item(months, 0), to = json_form_item(months, 1);

    range->has_months = json_form_given(months);
    if (!range->has_months)
        return;
    if (json_form_count(months) != 2) {
        json_form_fail(months, "must be the first and the last month");
        return;
    }
    range->from_months = json_form_integer(&from, 0, MONTHS_MAX);
    range->to_months = json_form_integer(&to, range->from_months, MONTHS_MAX);
}

/* Adds the range, if the catalogue has its field. */
static void read_range(const struct json_at *at, const struct ayni_catalogue *catalogue,
                       struct outlier_rules *rules)
{
    struct json_at type_name = json_form_required(at, "type");
    struct json_at field_name = json_form_required(at, "field");
    struct json_at months = json_form_member(at, "months");
    struct outlier_range range = { .low = read_number(at, "low", -VALUE_MAX, VALUE_MAX) };
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(catalogue, json_form_text(&type_name));
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field_named(type, json_form_text(&field_name));

    range.high = read_number(at, "high", range.low, VALUE_MAX);
    read_months(&months, &range);
    if (field == NULL)
        return;
    range.type = type->number;
    range.field = field->number;
    rules->ranges[rules->range_count++] = range;
}

enum ayni_status outlier_rules_read(struct ayni_bytes parameters,
                                    const struct ayni_catalogue *catalogue,
                                    struct outlier_rules *rules)
{
    SCOPED_JSON_FORM form = { 0 };
    struct outlier_rules read = { 0 };

    json_form_open(&form, parameters);
    struct json_at root = json_form_root(&form);
    struct json_at outliers = json_form_member(&root, "outliers");
    if (form.status != AYNI_OK || !json_form_given(&outliers))
        return form.status == AYNI_OK ? AYNI_E_NOT_FOUND : form.status;
    struct json_at ranges = json_form_required(&outliers, "ranges");
    size_t count = json_form_count(&ranges);
    read.z = read_number(&outliers, "z", 1, Z_MAX);
    read.least = read_number(&outliers, "least", 2, LEAST_MAX);
    if (count > OUTLIER_RANGES_MAX)
        json_form_fail(&ranges, "has more than %d", OUTLIER_RANGES_MAX);
    for (size_t i = 0; form.status == AYNI_OK && i < count; i++) {
        struct json_at range = json_form_item(&ranges, i);
        read_range(&range, catalogue, &read);
    }
    if (form.status == AYNI_OK)
        *rules = read;
    return form.status;
}

const struct outlier_range *outlier_rules_find(const struct outlier_rules *rules, uint32_t type,
                                               uint32_t field, bool has_age, int64_t months)
{
    for (size_t i = 0; i < rules->range_count; i++) {
        const struct outlier_range *range = &rules->ranges[i];
        if (range->type == type && range->field == field &&
            (!range->has_months ||
             (has_age && months >= range->from_months && months <= range->to_months)))
            return range;
    }
    return NULL;
}
