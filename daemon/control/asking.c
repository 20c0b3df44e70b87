#include "daemon/control/asking.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/scope.h"
#include "daemon/daemon.h"
#include "daemon/records/territory_cache.h"

enum { LOOK_MS = 50 }; /* between two looks at who waits */

/* Time is up, or nobody waits any more. */
static bool stop(void *context)
{
    struct asking *asking = context;
    uint64_t now_ms = clock_ticks_ms();

    asking->late = asking->late || now_ms > asking->until_ms;
    if (!asking->gone && now_ms >= asking->looked_at_ms + LOOK_MS) {
        asking->gone = call_cancelled(asking->call);
        asking->looked_at_ms = now_ms;
    }
    return asking->late || asking->gone;
}

static enum ayni_status read_past(struct asking *asking)
{
    struct ayni_instant as_of;
    bool past;
    enum ayni_status status = scope_as_of(asking->call, &past, &as_of);

    if (status != AYNI_OK || !past)
        return status;
    status = reader_limits_find(asking->reader, as_of, &asking->past);
    if (status == AYNI_OK)
        reader_limit(asking->reader, &asking->past);
    return status;
}

enum ayni_status asking_begin(struct asking *asking, struct daemon *daemon,
                              struct control_call *call)
{
    const struct config *config = &daemon->config;
    bool reads = call_only_reads(call);
    enum ayni_status status;

    *asking = (struct asking){
        .daemon = daemon,
        .call = call,
        .until_ms = clock_ticks_ms() + (reads ? config->query_reader_ms : config->query_ms),
        .rows_left = reads ? config->query_reader_rows : config->query_rows,
    };
    status = reader_begin(&daemon->records, &asking->reader);
    if (status == AYNI_OK)
        status =
            territory_cache_hold(daemon->records.territories, asking->reader, &asking->territories);
    return status == AYNI_OK ? read_past(asking) : status;
}

enum ayni_status asking_prepare(struct asking *asking, const char *sql,
                                const struct sql_parameter *parameters, size_t count)
{
    const struct sql_query_wish wish = {
        .reader = asking->reader,
        .territories = asking->territories,
        .spanish = strcmp(call_language(asking->call), "en") != 0,
        .memory_max = asking->daemon->config.query_memory,
        .stop = stop,
        .context = asking,
    };

    return sql_query_new(&wish, sql, parameters, count, &asking->query,
                         call_complaint(asking->call));
}

static enum ayni_status fail_late(struct asking *asking)
{
    call_hint(asking->call,
              N_("narrow it by _id, subject, place, date or _space, which are found without "
                 "looking at all records; [query] of aynid.conf says how long"),
              NULL);
    return call_fail(asking->call, AYNI_E_LIMIT, N_("the query took too long"), NULL);
}

static enum ayni_status fail_many(struct asking *asking)
{
    call_hint(asking->call, N_("ask with LIMIT, or use `ayni export`"), NULL);
    return call_fail(asking->call, AYNI_E_LIMIT,
                     N_("there are more rows than a query may answer here"), NULL);
}

enum ayni_status asking_next(struct asking *asking)
{
    enum ayni_status status = sql_query_next(asking->query, call_complaint(asking->call));

    if (status == AYNI_E_STOPPED && asking->late)
        return fail_late(asking);
    if (status == AYNI_OK && asking->rows_left-- == 0)
        return fail_many(asking);
    return status;
}

void asking_end(struct asking *asking)
{
    sql_query_free(asking->query);
    territories_release(asking->territories);
    reader_end(asking->reader);
    reader_limits_free(&asking->past);
    *asking = (struct asking){ 0 };
}
