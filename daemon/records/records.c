#include "daemon/records/records.h"

enum ayni_status records_open(struct records *records, const struct records_options *options)
{
    struct projector_options projector = {
        .log = options->log,
        .writer = options->writer,
        .views = options->views,
        .node = options->node,
        .secret = options->secret,
        .memory_max = options->projection_memory,
    };
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
    if (status != AYNI_OK)
        records_close(records);
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
    standing_free(records->standing);
    *records = (struct records){ 0 };
}
