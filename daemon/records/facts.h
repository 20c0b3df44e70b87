#ifndef AYNI_DAEMON_RECORDS_FACTS_H
#define AYNI_DAEMON_RECORDS_FACTS_H

#include "daemon/records/reader.h"
#include "daemon/records/rules/check.h"
#include "daemon/records/rules/neighbours.h"

/*
 * What rules ask about other records than the one that changes, answered from
 * what is held here: the record's own space first, then the others. What isn't
 * held is unknown.
 */
enum fact_type {
    FACT_CHILD,
    FACT_PERSON,
    FACT_DEATH,
    FACT_DELIVERY,
    FACT_PREGNANCY,
    FACT_FACILITY,
    FACT_GUARDIAN_LINK,
    FACT_ADVICE,
    FACT_TYPE_COUNT,
};
struct facts {
    struct reader *reader; /* lent */
    struct ayni_space space;
    const struct ayni_catalogue_type *types[FACT_TYPE_COUNT]; /* NULL: the catalogue lacks it */
    struct ayni_arena memory;                                 /* of the texts that answers lend */
    struct fact_answer {
        bool known;
        struct ayni_record record;
        struct sql_value value;
    } last[CHECK_FACTS_COUNT]; /* rows of one visit ask the same again */
    struct neighbour_cache neighbours;
};

void facts_begin(struct facts *facts, struct reader *reader, const struct ayni_space *space);
void facts_end(struct facts *facts);
#define SCOPED_FACTS __attribute__((cleanup(facts_end))) struct facts

/* For check_lookups: `context` is a struct facts, which must last as long as the answers are used.
 */
void facts_answer(void *context, enum check_fact fact, const struct ayni_record *record,
                  struct sql_value *value);

#endif
