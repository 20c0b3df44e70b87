#ifndef AYNI_DAEMON_VIEW_QUALITY_H
#define AYNI_DAEMON_VIEW_QUALITY_H

#include "daemon/records/doubts.h"
#include "daemon/records/locate.h"
#include "daemon/records/rules/outlier.h"
#include "daemon/view/arrival_days.h"
#include "daemon/view/counters.h"
#include "daemon/view/view_query.h"

/*
 * The figures of data quality: each counted from what this node holds, with what was counted and
 * of how many. docs/quality.md has what exactly is counted under each word.
 */
enum quality_figure {
    QUALITY_REPORTS,       /* completeness: reports received of those expected */
    QUALITY_FIELDS,        /* completeness: mandatory fields with a value */
    QUALITY_TIMELINESS,    /* reports in time of those expected */
    QUALITY_FRESHNESS,     /* days since the newest entry, in tenths; of sources */
    QUALITY_LATENCY,       /* days from a service to its arrival at the steering node: the median */
    QUALITY_VALIDITY,      /* values that their fields take */
    QUALITY_CONSISTENCY,   /* rules that hold of those asked */
    QUALITY_UNIQUENESS,    /* active children less open pairs of those who may be one */
    QUALITY_LINKAGE,       /* members of programmes who are known by a document */
    QUALITY_ACCURACY,      /* spot checks of drawn records that found them true */
    QUALITY_SUSPECTED,     /* the same of records that somebody suspected */
    QUALITY_TRIANGULATION, /* fields that two spaces show alike of those that both show */
    QUALITY_OUT_OF_RANGE,  /* values outside what is plausible at that age */
    QUALITY_FAR,           /* values far from what their source measures at that age */
    QUALITY_CONTESTED,     /* records with more than one surviving value */
    QUALITY_QUARANTINED,   /* versions that are held and don't count */
    QUALITY_MARKS,         /* follow-up marks that are open */
    QUALITY_FIGURES,
};
/* The word, and what is counted under it: "completeness", "reports". */
const char *quality_word(enum quality_figure figure);
const char *quality_of(enum quality_figure figure);
/* Whether it is a number of days, and no share. */
bool quality_is_days(enum quality_figure figure);
/* Whether it is of sources as wholes, and not of records. */
bool quality_is_of_sources(enum quality_figure figure);

/* What is asked for. Texts and ids are lent for as long as it is counted. */
struct quality_request {
    uint32_t wanted; /* a bit for each figure: 1 << figure */
    bool by_source, by_origin, by_territory, by_type;
    enum view_level level;          /* of territories */
    const struct ayni_space *space; /* NULL: all */
    bool has_node;
    struct ayni_node node;
    const char *territory; /* empty: all */
    uint32_t type;         /* 0: all */
    bool has_month;
    month_no month;
};

/* What a count belongs to, as far as it is known; what isn't asked for is left out of the rows. */
enum { QUALITY_ORIGIN_SIZE = 64 };
struct quality_group {
    struct ayni_space space;
    struct ayni_node node; /* all zero: not known */
    char place[LOCATE_CODE_SIZE];
    uint32_t type;
    char origin[QUALITY_ORIGIN_SIZE]; /* "manual" where nothing else is said */
};

/* Counts as they gather. All zero but the request: none yet. */
struct quality {
    struct quality_request request;
    struct ayni_space registry; /* counted only where it is asked for by its name */
    struct tally tally;
    struct arrival_days arrivals; /* for the latency */
    char (*origins)[QUALITY_ORIGIN_SIZE];
    size_t origin_count, origin_room;
    int64_t today;
    struct doubts doubts;     /* of the record being looked at */
    struct outliers outliers; /* learnt before; without rules where nobody asked for them */
    bool failed;
};
void quality_free(struct quality *quality);

bool quality_wants(const struct quality *quality, enum quality_figure figure);
/* Whether what belongs there is asked for at all. */
bool quality_takes(const struct quality *quality, const struct quality_group *group);
/* Whether both are counted in one row. */
bool quality_is_one_row(struct quality *quality, const struct quality_group *a,
                        const struct quality_group *b);
/* Add to a figure. */
void quality_add(struct quality *quality, enum quality_figure figure,
                 const struct quality_group *group, int64_t numerator, int64_t denominator);
/* A number of days, for its median; what is longer than QUALITY_DAYS_MAX counts as that. */
enum { QUALITY_DAYS_MAX = 120 };
void quality_add_days(struct quality *quality, enum quality_figure figure,
                      const struct quality_group *group, int64_t days);

/* What the counts come to. */
struct quality_row {
    enum quality_figure figure;
    struct quality_group group; /* as far as the request breaks down */
    int64_t numerator, denominator;
    int64_t days; /* of a number of days: in tenths */
};
/* Rows by figure, then space, node, place, type, origin; nothing is added afterwards. `*rows` is
 * the caller's to free(). */
AYNI_CHECKED enum ayni_status quality_rows(struct quality *quality, struct quality_row **rows,
                                           size_t *count);

#endif
