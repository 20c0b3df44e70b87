#include "daemon/records/territory_cache.h"

static const uint32_t types[] = { TERRITORY_TYPE, 0 };

static enum ayni_status load(struct reader *reader, struct kept **kept)
{
    struct territories *table;
    enum ayni_status status = territories_load(reader, &table);

    if (status == AYNI_OK)
        *kept = &table->kept;
    return status;
}

static const struct kept_source source = { types, load };

enum ayni_status territory_cache_new(struct kept_cache **cache)
{
    return kept_cache_new(&source, cache);
}

enum ayni_status territory_cache_hold(struct kept_cache *cache, struct reader *reader,
                                      const struct territories **table)
{
    const struct kept *kept;
    enum ayni_status status = kept_cache_hold(cache, reader, &kept);

    if (status == AYNI_OK)
        *table = (const struct territories *)kept;
    return status;
}
