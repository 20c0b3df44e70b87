/* Payloads of versions: what decodes encodes to the same bytes, and peek agrees with it. */
#include <stdlib.h>

#include "proto/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUFFER again = { 0 };
    struct ayni_bytes payload = { data, size };
    struct ayni_version version;
    struct ayni_record record;
    uint32_t type = 0;
    enum ayni_status peeked = ayni_version_peek(payload, &record, &type);

    if (ayni_version_decode(payload, &version) != AYNI_OK)
        return 0;
    require(peeked == AYNI_OK && type == version.type && ayni_id_equal(&record, &version.record));
    ayni_version_encode(&version, &again);
    require(ayni_bytes_equal(ayni_buffer_bytes(&again), payload));
    ayni_version_free(&version);
    return 0;
}
