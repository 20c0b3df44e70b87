#include <stdlib.h>

#include "daemon/records/rules/growth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As the text of a growth standard; scores by what it says are none, or within what they may be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lms_table tables[GROWTH_TABLE_COUNT] = { 0 };
    struct ayni_bytes text = { data, size };
    struct growth_measure measure = {
        .has_age = true, .weight_g = 3300, .length_mm = 450, .head_mm = 340, .arm_mm = 110
    };

    for (size_t i = 0; i < GROWTH_TABLE_COUNT; i++)
        if (lms_table_read(text, &tables[i], NULL) != AYNI_OK)
            lms_table_free(&tables[i]);
    for (measure.age_days = 0; measure.age_days < 3; measure.age_days++)
        for (int score = 0; score < GROWTH_SCORE_COUNT; score++) {
            struct growth_z z = growth_score(tables, (enum growth_score)score, &measure);
            if (!z.known && (z.hundredths != 0 || z.flagged))
                abort();
        }
    for (size_t i = 0; i < GROWTH_TABLE_COUNT; i++)
        lms_table_free(&tables[i]);
    return 0;
}
