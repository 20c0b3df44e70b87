#include "daemon/records/rules/haemoglobin.h"

#include "daemon/records/json_form.h"

/* What a decigram per decilitre is, and how high and how much there may be: no product of them
 * overflows. */
#define DECIGRAM INT64_C(10000000000000000)
enum { ALTITUDE_MAX = 9000, OBSERVED_MAX = 300, MONTHS_MAX = 1200 };
#define PER_M_MAX INT64_C(100000000000000)
#define PER_M2_MAX INT64_C(50000000000)

static int64_t read_number(const struct json_at *object, const char *key, int64_t least,
                           int64_t most)
{
    struct json_at at = json_form_required(object, key);

    return json_form_integer(&at, least, most);
}

static void read_band(const struct json_at *at, struct hb_band *band)
{
    struct json_at months = json_form_required(at, "months");
    struct json_at from = json_form_item(&months, 0), to = json_form_item(&months, 1);

    if (json_form_count(&months) != 2) {
        json_form_fail(&months, "must be the first and the last month");
        return;
    }
    band->from_months = json_form_integer(&from, 0, MONTHS_MAX);
    band->to_months = json_form_integer(&to, 0, MONTHS_MAX);
    band->mild = read_number(at, "mild", 0, OBSERVED_MAX);
    band->moderate = read_number(at, "moderate", 0, OBSERVED_MAX);
    band->severe = read_number(at, "severe", 0, OBSERVED_MAX);
}

static void read_rules(const struct json_at *hb, struct hb_rules *rules)
{
    struct json_at bands = json_form_required(hb, "classes");
    size_t count = json_form_count(&bands);

    rules->from_m = read_number(hb, "from_m", 0, ALTITUDE_MAX);
    rules->per_m = read_number(hb, "per_m", -PER_M_MAX, PER_M_MAX);
    rules->per_m2 = read_number(hb, "per_m2", -PER_M2_MAX, PER_M2_MAX);
    if (count > HB_BANDS_MAX) {
        json_form_fail(&bands, "has more than %d", HB_BANDS_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_at band = json_form_item(&bands, i);
        read_band(&band, &rules->bands[rules->band_count++]);
    }
}

enum ayni_status hb_rules_read(struct ayni_bytes parameters, struct hb_rules *rules)
{
    SCOPED_JSON_FORM form = { 0 };
    struct hb_rules read = { 0 };

    json_form_open(&form, parameters);
    struct json_at root = json_form_root(&form);
    struct json_at hb = json_form_required(&root, "hb");
    read_rules(&hb, &read);
    if (form.status == AYNI_OK)
        *rules = read;
    return form.status;
}

static int64_t within(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

int64_t hb_adjusted(const struct hb_rules *rules, int64_t observed, int64_t altitude_m)
{
    int64_t a = within(altitude_m, -ALTITUDE_MAX, ALTITUDE_MAX);
    int64_t left = within(observed, 0, OBSERVED_MAX) * DECIGRAM;

    if (a >= rules->from_m)
        left -= rules->per_m * a + rules->per_m2 * a * a;
    return (left + (left < 0 ? -DECIGRAM / 2 : DECIGRAM / 2)) / DECIGRAM;
}

const char *hb_class(const struct hb_rules *rules, int64_t adjusted, int64_t months)
{
    for (size_t i = 0; i < rules->band_count; i++) {
        const struct hb_band *band = &rules->bands[i];
        if (months < band->from_months || months > band->to_months)
            continue;
        return adjusted < band->severe     ? "severe"
               : adjusted < band->moderate ? "moderate"
               : adjusted < band->mild     ? "mild"
                                           : "normal";
    }
    return NULL;
}
