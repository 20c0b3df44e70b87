#include "daemon/records/rules/growth.h"

#include <math.h>
#include <stdio.h>

enum {
    STANDING_FROM_DAYS = 274, /* 9 months: before, standing isn't believed */
    HEIGHT_FROM_DAYS = 731,   /* 24 months: from here on children are measured standing */
    AGE_MAX_DAYS = 1826,      /* under 60 months of 30.4375 days */
    POSITION_MM = 7,          /* lying is so much longer than standing */
    HEIGHT_FROM_MM = 870,     /* of unknown age and position: standing */
};

/* A value that a formula of decimals has just between two hundredths may come out a little less. */
static const double tie = 1e-9;

/* --- one measure against its row --- */

static double deviation(const struct lms *row, double k)
{
    return row->m * pow(1 + row->l * row->s * k, 1 / row->l);
}

static double plain(const struct lms *row, double y)
{
    return (row->l == 0 ? log(y / row->m) : pow(y / row->m, row->l) - 1) /
           (row->l == 0 ? row->s : row->s * row->l);
}

/* Beyond three deviations they are all as wide as the third. */
static double restricted(const struct lms *row, double y)
{
    double z = plain(row, y), third;

    if (z >= -3 && z <= 3)
        return z;
    third = deviation(row, z > 0 ? 3 : -3);
    return z > 0 ? 3 + (y - third) / (third - deviation(row, 2))
                 : -3 + (y - third) / (deviation(row, -2) - third);
}

static struct growth_z z_of(double z, int32_t least, int32_t most)
{
    double hundredths = floor(fabs(z) * 100 + 0.5 + tie);

    if (!(hundredths < INT32_MAX))
        return (struct growth_z){ 0 };
    int32_t rounded = (int32_t)(z < 0 ? -hundredths : hundredths);
    return (struct growth_z){ true, rounded, rounded < least * 100 || rounded > most * 100 };
}

/* --- age and position --- */

static bool has_scores(const struct growth_measure *measure)
{
    return measure->has_age && measure->age_days >= 0 && measure->age_days <= AGE_MAX_DAYS;
}

static enum growth_position position_of(const struct growth_measure *measure)
{
    if (measure->position != GROWTH_POSITION_UNKNOWN &&
        !(measure->position == GROWTH_STANDING && measure->age_days < STANDING_FROM_DAYS))
        return measure->position;
    return measure->age_days < HEIGHT_FROM_DAYS ? GROWTH_LYING : GROWTH_STANDING;
}

/* As it would have been in the position that is usual at that age. 0: not measured. */
static int64_t length_of(const struct growth_measure *measure)
{
    enum growth_position position = position_of(measure);

    if (measure->length_mm <= 0)
        return 0;
    if (position == GROWTH_STANDING && measure->age_days < HEIGHT_FROM_DAYS)
        return measure->length_mm + POSITION_MM;
    if (position == GROWTH_LYING && measure->age_days >= HEIGHT_FROM_DAYS)
        return measure->length_mm - POSITION_MM;
    return measure->length_mm;
}

/* --- the scores --- */

static struct growth_z height_for_age(const struct lms_table *tables,
                                      const struct growth_measure *measure)
{
    const struct lms *row = lms_table_at(&tables[GROWTH_LHFA], measure->male, measure->age_days);
    int64_t length_mm = length_of(measure);

    return row == NULL || length_mm <= 0 ? (struct growth_z){ 0 }
                                         : z_of(plain(row, (double)length_mm / 10), -6, 6);
}

static struct growth_z weight_for_age(const struct lms_table *tables,
                                      const struct growth_measure *measure)
{
    const struct lms *row = lms_table_at(&tables[GROWTH_WFA], measure->male, measure->age_days);

    return row == NULL || measure->weight_g <= 0 || measure->oedema
               ? (struct growth_z){ 0 }
               : z_of(restricted(row, (double)measure->weight_g / 1000), -6, 5);
}

/* Of a child whose age nobody knows, by its position or its length alone. */
static bool is_length(const struct growth_measure *measure)
{
    if (measure->has_age)
        return measure->age_days < HEIGHT_FROM_DAYS;
    return measure->position == GROWTH_LYING ||
           (measure->position == GROWTH_POSITION_UNKNOWN && measure->length_mm < HEIGHT_FROM_MM);
}

static struct growth_z weight_for_height(const struct lms_table *tables,
                                         const struct growth_measure *measure)
{
    int64_t length_mm = measure->has_age ? length_of(measure) : measure->length_mm;
    const struct lms *row = lms_table_at(&tables[is_length(measure) ? GROWTH_WFL : GROWTH_WFH],
                                         measure->male, length_mm);

    return row == NULL || measure->weight_g <= 0 || measure->oedema
               ? (struct growth_z){ 0 }
               : z_of(restricted(row, (double)measure->weight_g / 1000), -5, 5);
}

static struct growth_z mass_for_age(const struct lms_table *tables,
                                    const struct growth_measure *measure)
{
    const struct lms *row = lms_table_at(&tables[GROWTH_BMIFA], measure->male, measure->age_days);
    double metres = (double)length_of(measure) / 1000;

    return row == NULL || metres <= 0 || measure->weight_g <= 0 || measure->oedema
               ? (struct growth_z){ 0 }
               : z_of(restricted(row, (double)measure->weight_g / 1000 / (metres * metres)), -5, 5);
}

static struct growth_z girth_for_age(const struct lms_table *table,
                                     const struct growth_measure *measure, int64_t girth_mm)
{
    const struct lms *row = lms_table_at(table, measure->male, measure->age_days);

    return row == NULL || girth_mm <= 0 ? (struct growth_z){ 0 }
                                        : z_of(restricted(row, (double)girth_mm / 10), -5, 5);
}

struct growth_z growth_score(const struct lms_table tables[GROWTH_TABLE_COUNT],
                             enum growth_score score, const struct growth_measure *measure)
{
    if (!has_scores(measure) && (measure->has_age || score != GROWTH_WHZ))
        return (struct growth_z){ 0 };
    switch (score) {
    case GROWTH_HAZ:
        return height_for_age(tables, measure);
    case GROWTH_WAZ:
        return weight_for_age(tables, measure);
    case GROWTH_WHZ:
        return weight_for_height(tables, measure);
    case GROWTH_BAZ:
        return mass_for_age(tables, measure);
    case GROWTH_HCZ:
        return girth_for_age(&tables[GROWTH_HCFA], measure, measure->head_mm);
    case GROWTH_ACZ:
        return girth_for_age(&tables[GROWTH_ACFA], measure, measure->arm_mm);
    case GROWTH_SCORE_COUNT:
        break;
    }
    return (struct growth_z){ 0 };
}

/* In the order of their names, as the words of a set stand. */
static const struct {
    enum growth_score score;
    const char *name;
} scores[GROWTH_SCORE_COUNT] = {
    { GROWTH_ACZ, "acz" }, { GROWTH_BAZ, "baz" }, { GROWTH_HAZ, "haz" },
    { GROWTH_HCZ, "hcz" }, { GROWTH_WAZ, "waz" }, { GROWTH_WHZ, "whz" },
};

void growth_flags(const struct lms_table tables[GROWTH_TABLE_COUNT],
                  const struct growth_measure *measure, char words[GROWTH_FLAGS_SIZE])
{
    size_t used = 0;

    words[0] = 0;
    for (size_t i = 0; i < GROWTH_SCORE_COUNT; i++)
        if (growth_score(tables, scores[i].score, measure).flagged)
            used += (size_t)snprintf(words + used, GROWTH_FLAGS_SIZE - used, "%s%s",
                                     used == 0 ? "" : ",", scores[i].name);
}
