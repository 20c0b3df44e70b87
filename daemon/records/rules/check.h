#ifndef AYNI_DAEMON_RECORDS_CHECK_H
#define AYNI_DAEMON_RECORDS_CHECK_H

#include "daemon/records/sql/sql.h"
#include "proto/catalogue.h"
#include "proto/reason.h"

/*
 * What the writer's node says of a change before it is written: kinds, codes,
 * ranges, patterns, required fields, the class of the space, and the rules R
 * (reject) and W (warn). What comes from peers is listed by the same checks
 * and never refused. docs/catalogue.md, "Rules".
 *
 * A struct check prepares the rules of one catalogue, each type's when it is
 * first asked for; one thread at a time. The catalogue outlives it.
 */
struct check;

AYNI_CHECKED enum ayni_status check_new(const struct ayni_catalogue *catalogue,
                                        struct check **check);
void check_free(struct check *check);

/* What rules may ask about others than the record itself. Names are those of the expressions. */
enum check_fact {
    CHECK_SUBJECT_TYPE,                  /* subject_type: text, "child" ... */
    CHECK_SUBJECT_BIRTH_DATE,            /* subject_birth_date: day */
    CHECK_SUBJECT_DEATH_DATE,            /* subject_death_date: day */
    CHECK_SUBJECT_SEX,                   /* subject_sex: "f", "m" */
    CHECK_SUBJECT_LAST_MENSTRUAL_PERIOD, /* subject_last_menstrual_period: day, of a pregnancy */
    CHECK_SUBJECT_DELIVERED_ON,          /* subject_delivered_on: day, of a pregnancy */
    CHECK_MOTHER_SURNAME_1,              /* mother_surname_1: text, of a child's mother */
    CHECK_SUBJECT_WOMAN,                 /* subject_woman: id, of a pregnancy */
    CHECK_FACILITY_ALTITUDE_M,           /* facility_altitude_m: of the event's facility */
    CHECK_ADVICE_DATE,                   /* advice_date: day, of the advice that is answered */
    CHECK_FACTS_COUNT,
};

/* Who can answer such questions. Any function may be NULL: unknown, and rules that need it hold. */
struct neighbours;
struct norms;
struct check_lookups {
    void *context;
    /*
     * One fact about the subject of the change (for a type that is about
     * itself, about the record); `record` is what the fact is looked up by: the
     * subject's id, the facility's, or the advice's. Leave `*value` SQL_NULL where unknown; what it
     * lends must last until check_run() returns.
     */
    void (*fact)(void *context, enum check_fact fact, const struct ayni_record *record,
                 struct sql_value *value);
    /*
     * Whether that is a place of the table of territories on that day. NULL
     * where no table is loaded: then every well-formed code goes.
     */
    bool (*territory_known)(void *context, struct ayni_bytes ubigeo, int64_t day);
    /* What a place that isn't known then became, as people read it; "" where that isn't known. */
    const char *(*territory_became)(void *context, struct ayni_bytes ubigeo, int64_t day);
    /* The centre of that place on that day, in 1e-6 degree; false where it isn't known. */
    bool (*territory_centre)(void *context, struct ayni_bytes ubigeo, int64_t day,
                             int32_t *latitude, int32_t *longitude);
    /* Its altitude, likewise. */
    bool (*territory_altitude)(void *context, struct ayni_bytes ubigeo, int64_t day,
                               int32_t *altitude_m);
    /*
     * The records of a type, by its name, about a subject (daemon/records/rules/neighbours.h), the
     * one that is checked among them where it is held; NULL where nothing can be said of them. Lent
     * until check_run() returns.
     */
    const struct neighbours *(*neighbours)(void *context, const char *type,
                                           const struct ayni_record *subject);
    /* The births of which she is the mother; likewise. */
    const struct neighbours *(*births)(void *context, const struct ayni_record *mother);
    const struct norms *norms; /* daemon/records/rules/norms.h; NULL: none are known */
    /* The cell of a column that a rule of a map names; never NULL where there are such rules. */
    struct sql_value (*column)(void *context, size_t column);
    /* Whether a rule is to be asked at all, by its place; NULL: each of them. */
    bool (*asks)(void *context, size_t rule);
};

struct check_change {
    const struct ayni_catalogue_type *type;
    const struct ayni_record *record;
    enum ayni_class space_class;
    bool is_new;                     /* nothing of the record is there yet, or it stands deleted */
    bool asks_all;                   /* all rules, also those that the change doesn't touch */
    const struct ayni_field *before; /* the record as folded, ascending; may be empty */
    size_t before_count;
    const struct ayni_field *changes; /* what the new version sets, ascending, null clears */
    size_t change_count;
    const struct ayni_node *writer; /* for checker_run(): who wrote it last; NULL: this node */
    const char *roles; /* of who writes it, or wrote it last, commas between; NULL: not known */
    int64_t today;     /* the writer's day, or the one that the source row carries */
};

struct check_finding {
    enum ayni_level level;
    enum ayni_status status;   /* AYNI_E_RIGHT: too strict for the space; else AYNI_E_INVALID */
    uint32_t field;            /* its number; 0: the record as a whole */
    struct ayni_reason reason; /* its `code` may belong to the catalogue */
    const char *message_es;    /* of a rule of the catalogue; NULL: translate reason.message */
    const char *message_en;
};

/* Findings of one change, at most as many as fit: what is beyond is counted alone. */
enum { CHECK_FINDINGS_MAX = 32 };
struct check_findings {
    struct check_finding items[CHECK_FINDINGS_MAX];
    size_t count;
    size_t beyond;
    bool rejected; /* any of them, also beyond, rejects */
};

/* For the parts of a check: a new finding, to be filled; NULL where there is no room, and counted
 * all the same. */
struct check_finding *check_findings_add(struct check_findings *findings, enum ayni_level level,
                                         enum ayni_status status, uint32_t field);

/*
 * Check a change. An R or W rule is asked if the record is new or the change
 * sets a field that it names, so that nobody is refused for what somebody else
 * wrote earlier. AYNI_E_MEMORY is its only failure; findings are no failure.
 */
AYNI_CHECKED enum ayni_status check_run(struct check *check, const struct check_change *change,
                                        const struct check_lookups *lookups,
                                        struct check_findings *findings);

/*
 * Further rules, of a map, over the same names and columns of a file: the rules
 * of `type`, a copy of one of the catalogue. All is lent for their life, which the check
 * outlives. daemon/records/rules/check_rules.h runs and frees them.
 */
struct check_rules;
AYNI_CHECKED enum ayni_status check_rules_of_map(struct check *check,
                                                 const struct ayni_catalogue_type *type,
                                                 const char *const *columns, size_t column_count,
                                                 struct check_rules **rules);
/* For check_rules_run(): `context` is the struct check_findings that a rule which fails goes to. */
void check_rule_failed(void *context, const struct ayni_catalogue_rule *rule, uint32_t field);

/* Rules of the catalogue that are no expressions: "TYPE.NAME", in order; NULL at the end. Holds
 * until the next call. */
const char *check_broken_rule(struct check *check, size_t index);

#endif
