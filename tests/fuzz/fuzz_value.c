/*
 * Any text for any field of the first edition: what parses is deterministic
 * CBOR, and what is printed of it parses to the same. And any bytes as a
 * stored value: whatever the check says, printing it is safe, and what the
 * check accepts can be printed and read back.
 */
#include <stdlib.h>

#include "daemon/records/catalogue_file.h"
#include "proto/value_check.h"
#include "proto/value_parse.h"
#include "proto/value_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[32] = { 1 };
static struct catalogue_file file;

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* All fields of all types, one after the other. */
static const struct ayni_catalogue_field *field_at(size_t index)
{
    const struct ayni_catalogue *catalogue = file.catalogue;

    for (size_t i = 0;; i = (i + 1) % catalogue->type_count) {
        if (index < catalogue->types[i].field_count)
            return &catalogue->types[i].fields[index];
        index -= catalogue->types[i].field_count;
    }
}

static void try_text(const struct ayni_value_context *context,
                     const struct ayni_catalogue_field *field, struct ayni_bytes text)
{
    SCOPED_BUFFER value = { 0 }, printed = { 0 }, again = { 0 };
    struct ayni_reason reason = { 0 };

    if (ayni_value_parse(context, field, text, &value, &reason) != AYNI_OK) {
        require(value.size == 0 && reason.code != NULL);
        return;
    }
    require(ayni_value_check(field, ayni_buffer_bytes(&value), &reason) != AYNI_E_MALFORMED);
    require(ayni_value_text(field, ayni_buffer_bytes(&value), &printed) == AYNI_OK);
    require(ayni_value_parse(context, field, ayni_buffer_bytes(&printed), &again, &reason) ==
            AYNI_OK);
    require(ayni_bytes_equal(ayni_buffer_bytes(&value), ayni_buffer_bytes(&again)));
}

static void try_stored(const struct ayni_catalogue_field *field, struct ayni_bytes value)
{
    SCOPED_BUFFER printed = { 0 };
    struct ayni_reason reason = { 0 };

    enum ayni_status checked = ayni_value_check(field, value, &reason);
    enum ayni_status shown = ayni_value_text(field, value, &printed);
    if (checked == AYNI_OK)
        require(shown == AYNI_OK);
    else
        require(reason.code != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    if (file.catalogue == NULL)
        require(catalogue_file_read(catalogue_file_first_edition(), key, &file, error) == AYNI_OK);
    struct ayni_value_context context = { .catalogue = file.catalogue,
                                          .root_key = key,
                                          .identity_key = key };
    if (size < 2)
        return 0;
    const struct ayni_catalogue_field *field = field_at(ayni_get_u16(data) % 802u);
    try_text(&context, field, (struct ayni_bytes){ data + 2, size - 2 });
    try_stored(field, (struct ayni_bytes){ data + 2, size - 2 });
    return 0;
}
