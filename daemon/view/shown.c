#include "daemon/view/shown.h"

#include "proto/cbor.h"
#include "proto/instant.h"

bool shown_day(struct ayni_bytes value, int64_t *day)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    int64_t read = ayni_cbor_read_int(&reader);

    if (ayni_cbor_done(&reader) != AYNI_OK || !ayni_day_valid(read))
        return false;
    *day = read;
    return true;
}

struct ayni_bytes shown_text(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes text = ayni_cbor_read_text(&reader);

    return ayni_cbor_done(&reader) == AYNI_OK ? text : (struct ayni_bytes){ 0 };
}
