/* Payloads of versions: what decodes encodes to the same bytes, and peek and skim agree with it. */
#include <stdlib.h>

#include "proto/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_same(const struct ayni_version_skim *skim, const struct ayni_version *version)
{
    const struct ayni_field *fields = (const struct ayni_field *)skim->fields.data;

    require(skim->type == version->type && ayni_id_equal(&skim->record, &version->record) &&
            skim->act == version->act && ayni_bytes_equal(skim->steward, version->steward) &&
            skim->fields.size == version->field_count * sizeof(*fields));
    for (size_t i = 0; i < version->field_count; i++)
        require(fields[i].number == version->fields[i].number &&
                ayni_bytes_equal(fields[i].value, version->fields[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_version_skim skim = { 0 };
    SCOPED_BUFFER again = { 0 };
    struct ayni_bytes payload = { data, size };
    struct ayni_version version;
    struct ayni_record record;
    uint32_t type = 0;
    enum ayni_status peeked = ayni_version_peek(payload, &record, &type);

    enum ayni_status skimmed = ayni_version_skim(payload, &skim);

    if (ayni_version_decode(payload, &version) != AYNI_OK) {
        ayni_version_skim_free(&skim);
        return 0;
    }
    require(skimmed == AYNI_OK);
    require_same(&skim, &version);
    ayni_version_skim_free(&skim);
    require(peeked == AYNI_OK && type == version.type && ayni_id_equal(&record, &version.record));
    ayni_version_encode(&version, &again);
    require(ayni_bytes_equal(ayni_buffer_bytes(&again), payload));
    ayni_version_free(&version);
    return 0;
}
