#ifndef AYNI_DAEMON_VIEW_COUNTERS_H
#define AYNI_DAEMON_VIEW_COUNTERS_H

#include "daemon/records/tables.h"
#include "daemon/store/views.h"
#include "daemon/view/subject.h"
#include "daemon/view/tally.h"

/*
 * The tables of views/ that the view keeps, behind those of the records:
 *
 *   PLAN           "plan" -> hash of the plan that the others were computed by
 *   CONTRIBUTIONS  type, subject -> what it contributes (daemon/view/subject.h)
 *   COUNTERS       indicator, dimension, value, district, month -> how much more is counted from
 *                  that month on than in the one before
 *   SOURCES        space, node, month -> when the first entry of it came
 *                  (daemon/view/source_months.h)
 *
 * A contribution of many months is two changes, one where it begins and one
 * after it ends; a month's count is the sum of the changes up to it.
 */
enum view_table {
    VIEW_TABLE_PLAN = RECORDS_TABLE_COUNT,
    VIEW_TABLE_CONTRIBUTIONS,
    VIEW_TABLE_COUNTERS,
    VIEW_TABLE_SOURCES,
    VIEW_TABLE_END,
};
enum { VIEW_TABLE_COUNT = VIEW_TABLE_END - VIEW_TABLE_PLAN };
extern const char *const view_table_names[VIEW_TABLE_COUNT];
#define VIEW_TABLES_SCATTERED (UINT64_C(1) << VIEW_TABLE_CONTRIBUTIONS)

enum view_dimension { VIEW_BY_NOTHING, VIEW_BY_SEX, VIEW_BY_LANGUAGE, VIEW_DIMENSIONS };
/* "sex", "language"; NULL for VIEW_BY_NOTHING. */
const char *view_dimension_name(enum view_dimension dimension);

/* A counter's key, in parts. */
struct counter_key {
    uint8_t indicator;
    uint8_t dimension;
    char value[CONTRIBUTION_VALUE_SIZE];
    char place[CONTRIBUTION_PLACE_SIZE];
    month_no month;
};
enum { COUNTER_KEY_MAX = 2 + CONTRIBUTION_VALUE_SIZE + CONTRIBUTION_PLACE_SIZE + 4 };
size_t counter_key_encode(const struct counter_key *key, uint8_t to[COUNTER_KEY_MAX]);
AYNI_CHECKED enum ayni_status counter_key_decode(struct ayni_bytes bytes, struct counter_key *key);
void counter_value_encode(const struct counts *counts, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status counter_value_decode(struct ayni_bytes bytes, struct counts *counts);

/* What one contribution counts, in each of its months. */
struct counts contribution_counts(const struct contribution *contribution);
/* Add (times 1) or take away (-1) all that a subject contributes. */
void counters_add_subject(struct tally *tally, const struct plan *plan,
                          const struct subject_result *subject, int64_t times);
/* Bring the table up to the tally's changes; the tally is sorted by it. */
AYNI_CHECKED enum ayni_status counters_apply(struct views_txn *views, struct tally *tally);

enum { CONTRIBUTION_KEY_SIZE = 4 + 16 };
void contribution_key_encode(uint32_t type, const struct ayni_record *subject,
                             uint8_t to[CONTRIBUTION_KEY_SIZE]);

#endif
