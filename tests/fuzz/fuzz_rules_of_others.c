/*
 * Rules of the first edition over whatever members may have written: any values of any kind in the
 * change, in the record before, in others about the same child, in facts. They hold or they don't,
 * and what they find is of the change's type.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "daemon/records/rules/check.h"
#include "daemon/records/rules/neighbours.h"
#include "daemon/records/rules/norms.h"
#include "proto/arena.h"
#include "proto/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MAX = 12, OTHERS_MAX = 6, TEXT_MAX = 24, VALUES_MAX = 3 };

static struct catalogue_file file;
static struct check *checker;

/* What the input still has; zeros behind its end. */
static struct ayni_bytes rest;
static struct ayni_arena memory;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void open_once(void)
{
    static const uint8_t key[32] = { 1 };
    char error[CATALOGUE_FILE_ERROR_SIZE];

    if (checker != NULL)
        return;
    require(catalogue_file_read(catalogue_file_first_edition(), key, &file, error) == AYNI_OK);
    require(check_new(file.catalogue, &checker) == AYNI_OK);
}

/* --- values --- */

static uint8_t take(void)
{
    if (rest.size == 0)
        return 0;
    rest.size--;
    return *rest.data++;
}

static int64_t take_integer(void)
{
    uint64_t number = 0;

    for (uint8_t bytes = take() % 9; bytes > 0; bytes--)
        number = number << 8 | take();
    return (int64_t)number;
}

static struct ayni_bytes take_bytes(size_t size_max)
{
    size_t size = take() % (size_max + 1);
    struct ayni_bytes taken = { rest.data, size < rest.size ? size : rest.size };

    rest.data += taken.size;
    rest.size -= taken.size;
    return taken;
}

/* As what decodes has it: a text is UTF-8. */
static void put_value(struct ayni_buffer *to, bool inside)
{
    switch (take() % (inside ? 3 : 6)) {
    case 0:
        ayni_cbor_put_int(to, take_integer());
        break;
    case 1: {
        struct ayni_bytes text = take_bytes(TEXT_MAX);
        uint8_t ascii[TEXT_MAX];
        for (size_t i = 0; i < text.size; i++)
            ascii[i] = text.data[i] & 0x7f;
        ayni_cbor_put_text(to, (struct ayni_bytes){ ascii, text.size });
        break;
    }
    case 2:
        ayni_cbor_put_bytes(to, take_bytes(TEXT_MAX));
        break;
    case 3:
        ayni_cbor_put_bool(to, take() % 2 == 0);
        break;
    case 4:
        ayni_cbor_put_null(to);
        break;
    default: {
        uint8_t count = take() % (VALUES_MAX + 1);
        ayni_cbor_put_array(to, count);
        for (; count > 0; count--)
            put_value(to, true);
    }
    }
}

static struct ayni_bytes take_value(void)
{
    SCOPED_BUFFER value = { 0 };

    put_value(&value, false);
    uint8_t *kept = ayni_arena_take(&memory, value.size, 1);
    require(kept != NULL && !value.failed);
    memcpy(kept, value.data, value.size);
    return (struct ayni_bytes){ kept, value.size };
}

/* Of some of the type's fields, ascending. */
static size_t take_fields(const struct ayni_catalogue_type *type, struct ayni_field *fields)
{
    size_t count = 0;

    for (size_t i = 0; i < type->field_count && count < FIELDS_MAX; i++)
        if (take() % 2 == 1)
            fields[count++] = (struct ayni_field){ type->fields[i].number, take_value() };
    return count;
}

/* --- what the rules may ask --- */

static void fact(void *context, enum check_fact asked, const struct ayni_record *record,
                 struct sql_value *value)
{
    (void)context, (void)asked, (void)record;
    if (take() % 2 == 0)
        *value = (struct sql_value){ .type = SQL_INTEGER, .integer = take_integer() };
}

static const struct neighbours *others_of(const char *type_name)
{
    struct neighbours *others = ayni_arena_take(&memory, sizeof(*others), _Alignof(max_align_t));
    struct neighbour *items =
        ayni_arena_take(&memory, OTHERS_MAX * sizeof(*items), _Alignof(max_align_t));

    require(others != NULL && items != NULL);
    *others = (struct neighbours){
        .type = ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(type_name)),
        .items = items,
        .count = take() % (OTHERS_MAX + 1),
    };
    for (size_t i = 0; i < others->count; i++) {
        struct ayni_field *fields =
            ayni_arena_take(&memory, FIELDS_MAX * sizeof(*fields), _Alignof(max_align_t));
        require(fields != NULL);
        items[i] = (struct neighbour){ .record = { { take() } },
                                       .fields = fields,
                                       .field_count = take_fields(others->type, fields) };
    }
    return others;
}

static const struct neighbours *neighbours(void *context, const char *type,
                                           const struct ayni_record *subject)
{
    (void)context, (void)subject;
    return take() % 8 == 7 ? NULL : others_of(type);
}

static const struct neighbours *births(void *context, const struct ayni_record *mother)
{
    return neighbours(context, "birth", mother);
}

static void check_findings_are_its(const struct ayni_catalogue_type *type,
                                   const struct check_findings *findings)
{
    require(findings->count <= CHECK_FINDINGS_MAX);
    for (size_t i = 0; i < findings->count; i++) {
        const struct check_finding *found = &findings->items[i];
        require(found->reason.code != NULL);
        require(found->field == 0 || ayni_catalogue_field(type, found->field) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct norms norms;
    struct ayni_field before[FIELDS_MAX], changes[FIELDS_MAX];
    const struct check_lookups lookups = {
        .fact = fact, .neighbours = neighbours, .births = births, .norms = &norms
    };
    struct ayni_record record = { { 1 } };
    struct check_findings findings;

    open_once();
    rest = (struct ayni_bytes){ data, size };
    const struct ayni_catalogue_type *type =
        &file.catalogue->types[take() % file.catalogue->type_count];
    struct check_change change = {
        .type = type,
        .record = &record,
        .space_class = AYNI_CLASS_SEALED,
        .is_new = take() % 2 == 1,
        .asks_all = take() % 2 == 1,
        .before = before,
        .before_count = take_fields(type, before),
        .changes = changes,
        .change_count = take_fields(type, changes),
        .roles = take() % 2 == 1 ? "health,midis" : NULL,
        .today = take_integer(),
    };
    require(check_run(checker, &change, &lookups, &findings) == AYNI_OK);
    check_findings_are_its(type, &findings);
    ayni_arena_free(&memory);
    return 0;
}
