#include "daemon/records/records.h"

#include "daemon/records/rules/check_pool.h"
#include "daemon/records/rules/norms.h"
#include "daemon/records/territory_cache.h"

enum ayni_status records_open(struct records *records, const struct records_options *options)
{
    struct projector_options projector = {
        .log = options->log,
        .writer = options->writer,
        .views = options->views,
        .room = options->room,
        .node = options->node,
        .secret = options->secret,
        .memory_max = options->projection_memory,
    };
    struct projection_hook hook;
    enum ayni_status status;

    *records = (struct records){ .log = options->log,
                                 .writer = options->writer,
                                 .views = options->views,
                                 .node = options->node };
    status = standing_new(&records->standing);
    projector.standing = records->standing;
    if (status == AYNI_OK)
        status = projector_new(&projector, &records->projector);
    if (status == AYNI_OK)
        status = author_new(records, options->secret, &records->author);
    if (status == AYNI_OK)
        status = territory_cache_new(&records->territories);
    if (status == AYNI_OK)
        status = norm_cache_new(&records->norms);
    if (status == AYNI_OK)
        status = check_pool_new(&records->checks);
    if (status == AYNI_OK) {
        hook = kept_cache_hook(records->territories);
        projector_add_hook(records->projector, &hook);
        hook = kept_cache_hook(records->norms);
        projector_add_hook(records->projector, &hook);
    } else {
        records_close(records);
    }
    return status;
}

enum ayni_status records_start(struct records *records)
{
    return projector_start(records->projector);
}

void records_close(struct records *records)
{
    author_free(records->author);
    projector_free(records->projector);
    kept_cache_free(records->territories);
    kept_cache_free(records->norms);
    check_pool_free(records->checks);
    standing_free(records->standing);
    *records = (struct records){ 0 };
}
