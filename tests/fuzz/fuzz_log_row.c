#include <assert.h>
#include <stdlib.h>

#include "daemon/store/log_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A row that reads is written and read again as the same, whatever the disk has made of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log_row row, again;

    if (log_row_decode((struct ayni_bytes){ data, size }, &row) != AYNI_OK)
        return 0;
    size_t written = log_row_size(&row);
    uint8_t *value = malloc(written);
    assert(value != NULL && written <= size);
    log_row_encode(&row, value);
    enum ayni_status status = log_row_decode((struct ayni_bytes){ value, written }, &again);
    assert(status == AYNI_OK);
    assert(again.entry.entry.kind == row.entry.entry.kind);
    assert(again.entry.entry.hollow == row.entry.entry.hollow);
    assert(ayni_bytes_equal(again.entry.entry.payload, row.entry.entry.payload));
    assert((again.seal == NULL) == (row.seal == NULL));
    free(value);
    return 0;
}
