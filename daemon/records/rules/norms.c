#include "daemon/records/rules/norms.h"

#include <stdlib.h>

#include "daemon/records/reference_text.h"

/* Rule sets, rules of schedules, and the parts of tables that are kept as texts. */
static const uint32_t types[] = { 708, 709, 711, 0 };

static const char *const table_names[GROWTH_TABLE_COUNT] = {
    [GROWTH_LHFA] = "who-lhfa", [GROWTH_WFA] = "who-wfa",   [GROWTH_BMIFA] = "who-bmifa",
    [GROWTH_HCFA] = "who-hcfa", [GROWTH_ACFA] = "who-acfa", [GROWTH_WFL] = "who-wfl",
    [GROWTH_WFH] = "who-wfh",
};

/* A table that isn't here, or isn't whole, is an empty one. */
static enum ayni_status load_standard(struct reader *reader, const char *name,
                                      struct lms_table *table)
{
    SCOPED_BUFFER text = { 0 };
    enum ayni_status status = reference_text_load(reader, name, &text);

    if (status == AYNI_OK)
        status = lms_table_read(ayni_buffer_bytes(&text), table, NULL);
    if (status != AYNI_E_NOT_FOUND && status != AYNI_E_INVALID)
        return status;
    lms_table_free(table);
    return AYNI_OK;
}

enum ayni_status norms_load_standards(struct reader *reader,
                                      struct lms_table standards[GROWTH_TABLE_COUNT])
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < GROWTH_TABLE_COUNT; i++)
        status = load_standard(reader, table_names[i], &standards[i]);
    return status;
}

void norms_free_standards(struct lms_table standards[GROWTH_TABLE_COUNT])
{
    for (size_t i = 0; i < GROWTH_TABLE_COUNT; i++)
        lms_table_free(&standards[i]);
}

static void free_norms(struct kept *kept)
{
    struct norms *norms = (struct norms *)kept;

    schedule_free(&norms->schedule);
    norms_free_standards(norms->standards);
    free(norms);
}

static enum ayni_status load(struct reader *reader, struct kept **kept)
{
    struct norms *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->kept.free = free_norms;
    status = schedule_load(reader, &made->schedule);
    if (status == AYNI_OK)
        status = norms_load_standards(reader, made->standards);
    if (status == AYNI_OK)
        *kept = &made->kept;
    else
        free_norms(&made->kept);
    return status;
}

/* --- the cache --- */

static const struct kept_source source = { types, load };

enum ayni_status norm_cache_new(struct kept_cache **cache)
{
    return kept_cache_new(&source, cache);
}

enum ayni_status norm_cache_hold(struct kept_cache *cache, struct reader *reader,
                                 const struct norms **norms)
{
    const struct kept *kept;
    enum ayni_status status = kept_cache_hold(cache, reader, &kept);

    if (status == AYNI_OK)
        *norms = (const struct norms *)kept;
    return status;
}

void norms_release(const struct norms *norms)
{
    if (norms != NULL)
        kept_release(&norms->kept);
}

void norms_release_scoped(const struct norms **norms)
{
    norms_release(*norms);
}
