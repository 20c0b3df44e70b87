#include <stdlib.h>

#include "proto/endpoint.h"
#include "proto/ids.h"
#include "proto/instant.h"
#include "proto/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key is valid and its own key; what isn't UTF-8 has none. */
static void check_key(struct ayni_bytes text)
{
    SCOPED_BUFFER key = { 0 };
    SCOPED_BUFFER again = { 0 };
    SCOPED_BUFFER folded = { 0 };

    enum ayni_status status = ayni_text_key(text, &key);
    if ((status == AYNI_OK) != ayni_text_valid(text))
        abort();
    if (status != AYNI_OK)
        return;
    if (ayni_text_key(ayni_buffer_bytes(&key), &again) != AYNI_OK ||
        !ayni_bytes_equal(ayni_buffer_bytes(&key), ayni_buffer_bytes(&again)) ||
        ayni_text_fold(text, &folded) != AYNI_OK || !ayni_text_valid(ayni_buffer_bytes(&folded)))
        abort();
}

/* An instant prints as what parses the same. */
static void check_instant(struct ayni_bytes text)
{
    struct ayni_instant instant, again;
    char printed[AYNI_INSTANT_TEXT_SIZE];

    if (ayni_instant_parse(text, &instant) != AYNI_OK)
        return;
    ayni_instant_text(instant, printed);
    if (instant.ms < UINT64_C(253402300800000) &&
        (ayni_instant_parse(ayni_bytes_of_text(printed), &again) != AYNI_OK ||
         again.ms != instant.ms))
        abort();
}

/* What people type: texts, times, ids, endpoints. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes text = { data, size };
    struct ayni_node node;
    struct ayni_record record;
    int64_t day;

    check_key(text);
    check_instant(text);
    (void)!ayni_day_parse(text, &day);
    (void)!ayni_month_parse(text, &day);
    (void)!ayni_node_parse(text, &node);
    (void)!ayni_record_parse(text, &record);
    (void)ayni_endpoint_valid(text);
    return 0;
}
