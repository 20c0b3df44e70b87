#include <string.h>

#include "proto/cbor.h"
#include "proto/ids.h"
#include "tests/vectors/vector.h"

/* Items that are in the profile, each in its only form. */
static const struct {
    const char *name, *hex;
} good[] = {
    { "0", "00" },
    { "23", "17" },
    { "24", "1818" },
    { "255", "18ff" },
    { "256", "190100" },
    { "65536", "1a00010000" },
    { "4294967296", "1b0000000100000000" },
    { "the largest number", "1bffffffffffffffff" },
    { "-1", "20" },
    { "-24", "37" },
    { "-25", "3818" },
    { "the lowest number", "3bffffffffffffffff" },
    { "no bytes", "40" },
    { "bytes", "43010203" },
    { "no text", "60" },
    { "text", "656e69c3b16f" },
    { "no items", "80" },
    { "items", "8401f4f5f6" },
    { "an empty map", "a0" },
    { "keys: numbers", "a3000101021818f6" },
    { "keys: negative after numbers", "a21864002001" },
    { "keys: texts, the shorter first", "a261620062616101" },
    { "keys: a number, bytes, a text", "a30001420102026161f5" },
    { "tag 18", "d28443a10127a0404101" },
    { "12 deep", "81818181818181818181818101" },
};

static const struct {
    const char *name, *hex;
    enum ayni_status status;
} bad[] = {
    { "a number not shortest", "1817", AYNI_E_MALFORMED },
    { "a length not shortest", "580101", AYNI_E_MALFORMED },
    { "a count not shortest", "980100", AYNI_E_MALFORMED },
    { "an indefinite array", "9f00ff", AYNI_E_MALFORMED },
    { "indefinite bytes", "5f4100ff", AYNI_E_MALFORMED },
    { "a float", "f93c00", AYNI_E_MALFORMED },
    { "undefined", "f7", AYNI_E_MALFORMED },
    { "a simple value", "e0", AYNI_E_MALFORMED },
    { "another tag", "c001", AYNI_E_MALFORMED },
    { "tag 18 not shortest", "d81200", AYNI_E_MALFORMED },
    { "a key twice", "a201000100", AYNI_E_MALFORMED },
    { "keys out of order", "a202000100", AYNI_E_MALFORMED },
    { "a longer text key first", "a262616100616200", AYNI_E_MALFORMED },
    { "a text key before a number", "a26161000100", AYNI_E_MALFORMED },
    { "a negative key before a number", "a22000186400", AYNI_E_MALFORMED },
    { "an array as a key", "a18000", AYNI_E_MALFORMED },
    { "a bool as a key", "a1f500", AYNI_E_MALFORMED },
    { "not UTF-8", "61ff", AYNI_E_MALFORMED },
    { "a surrogate", "63eda080", AYNI_E_MALFORMED },
    { "two items", "0000", AYNI_E_MALFORMED },
    { "cut off", "8201", AYNI_E_MALFORMED },
    { "nothing", "", AYNI_E_MALFORMED },
    { "13 deep", "8181818181818181818181818101", AYNI_E_LIMIT },
};

static enum ayni_status read_hex(const char *hex)
{
    uint8_t bytes[64];
    size_t size = strlen(hex) / 2;

    vector_expect(ayni_hex_parse(ayni_bytes_of_text(hex), bytes, size), AYNI_OK, hex);
    struct ayni_cbor_reader r = ayni_cbor_reader((struct ayni_bytes){ bytes, size });
    ayni_cbor_read_raw(&r);
    return ayni_cbor_done(&r);
}

json_t *vectors_cbor(void)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        vector_expect(read_hex(good[i].hex), AYNI_OK, good[i].name);
        vector_put_text(vector_case(cases, good[i].name), "bytes", ayni_bytes_of_text(good[i].hex));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        vector_expect(read_hex(bad[i].hex), bad[i].status, bad[i].name);
        vector_put_text(vector_refused(cases, bad[i].name, bad[i].status), "bytes",
                        ayni_bytes_of_text(bad[i].hex));
    }
    return cases;
}
