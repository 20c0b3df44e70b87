#include "daemon/records/rules/checker.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/facts.h"
#include "daemon/records/names.h"
#include "daemon/records/records.h"
#include "daemon/records/rules/check_pool.h"
#include "daemon/records/rules/norms.h"
#include "daemon/records/territory_cache.h"
#include "proto/registry.h"

struct checker {
    struct check_pool *pool;
    struct reader *reader;
    const struct territories *territories;
    const struct norms *norms;
    const struct ayni_node *own; /* lent */
    struct check *check;
    struct facts facts; /* of the change being checked */
};

enum ayni_status checker_new(const struct records *records, struct reader *reader,
                             struct checker **checker)
{
    struct checker *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->pool = records->checks;
    made->reader = reader;
    made->own = &records->node;
    enum ayni_status status =
        territory_cache_hold(records->territories, reader, &made->territories);
    if (status == AYNI_OK)
        status = norm_cache_hold(records->norms, reader, &made->norms);
    if (status == AYNI_OK)
        status = check_pool_take(made->pool, reader_charter(reader), &made->check);
    if (status != AYNI_OK) {
        checker_free(made);
        return status;
    }
    *checker = made;
    return AYNI_OK;
}

void checker_free(struct checker *checker)
{
    if (checker == NULL)
        return;
    check_pool_give(checker->pool, reader_charter(checker->reader), checker->check);
    territories_release(checker->territories);
    norms_release(checker->norms);
    free(checker);
}

void checker_free_scoped(struct checker **checker)
{
    checker_free(*checker);
}

/* The class of the space, as strict as can be where it isn't known. */
static enum ayni_class class_of(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info == NULL ? AYNI_CLASS_PUBLIC : info->class;
}

static void answer_fact(void *context, enum check_fact fact, const struct ayni_record *record,
                        struct sql_value *value)
{
    struct checker *checker = context;

    facts_answer(&checker->facts, fact, record, value);
}

static bool territory_altitude(void *context, struct ayni_bytes ubigeo, int64_t day,
                               int32_t *altitude_m)
{
    const struct checker *checker = context;

    return territories_altitude(checker->territories, ubigeo, day, altitude_m);
}

static const struct neighbours *neighbours(void *context, const char *type,
                                           const struct ayni_record *subject)
{
    struct neighbour_cache *cache = &((struct checker *)context)->facts.neighbours;

    return neighbour_cache_get(cache, neighbour_cache_type(cache, type), subject, NULL);
}

static const struct neighbours *births(void *context, const struct ayni_record *mother)
{
    struct checker *checker = context;

    return neighbour_cache_births(&checker->facts.neighbours, mother);
}

static bool territory_known(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct checker *checker = context;

    return territories_find(checker->territories, ubigeo, day) != NULL;
}

static const char *territory_became(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct checker *checker = context;

    return territories_became(checker->territories, ubigeo, day);
}

static bool territory_centre(void *context, struct ayni_bytes ubigeo, int64_t day,
                             int32_t *latitude, int32_t *longitude)
{
    const struct checker *checker = context;

    return territories_centre(checker->territories, ubigeo, day, latitude, longitude);
}

enum ayni_status checker_run(struct checker *checker, const struct record_key *key,
                             struct check_change *change, struct check_findings *findings)
{
    const struct ayni_node *writer = change->writer == NULL ? checker->own : change->writer;
    char roles[NAMES_SIZE];
    struct check_lookups lookups = { .context = checker,
                                     .fact = answer_fact,
                                     .territory_became = territory_became,
                                     .neighbours = neighbours,
                                     .births = births,
                                     .norms = checker->norms,
                                     .territory_altitude = territory_altitude,
                                     .territory_centre = territory_centre };
    enum ayni_status status;

    if (checker->territories->count > 0)
        lookups.territory_known = territory_known;
    change->record = &key->record;
    change->roles = names_of_roles(reader_charter(checker->reader), writer, roles) ? roles : NULL;
    change->space_class = class_of(reader_charter(checker->reader), &key->space);
    change->today = clock_today();
    facts_begin(&checker->facts, checker->reader, &key->space);
    status = check_run(checker->check, change, &lookups, findings);
    facts_end(&checker->facts);
    change->roles = NULL;
    return status;
}

enum ayni_status checker_complain(const struct check_finding *finding, bool english,
                                  struct complaint *complaint)
{
    if (finding->message_en == NULL)
        return complain_why(complaint, finding->status, &finding->reason);
    complain_code(complaint, finding->reason.code);
    return complain(complaint, finding->status, "{}",
                    english ? finding->message_en : finding->message_es, NULL);
}
