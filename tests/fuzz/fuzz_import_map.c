/* Any bytes as a map, bound to the first edition and to a header of its columns, and as the cells
 * of a row. */
#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "daemon/records/import/import_cell.h"
#include "proto/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_MAX = 64 };

static const struct ayni_catalogue *catalogue(void)
{
    static struct catalogue_file file;
    char error[CATALOGUE_FILE_ERROR_SIZE];

    if (file.catalogue == NULL &&
        catalogue_file_read(catalogue_file_first_edition(), NULL, &file, error) != AYNI_OK)
        abort();
    return file.catalogue;
}

static size_t add_column(const char *header[HEADER_MAX], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(header[i], name) == 0)
            return count;
    if (count < HEADER_MAX)
        header[count++] = name;
    return count;
}

static size_t columns_of(const struct import_map *map, const char *header[HEADER_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < map->record_count; i++)
        for (size_t j = 0; j < map->records[i].field_count; j++) {
            const struct import_source *source = &map->records[i].fields[j].source;
            for (size_t k = 0; k < source->column_count; k++)
                count = add_column(header, count, source->columns[k]);
            if (source->weeks != NULL)
                count = add_column(header, count, source->weeks);
        }
    return count;
}

/* A day that is so many weeks before another is one, or there is a reason. */
static void read_weeks(const struct plan_field *field, const struct ayni_bytes *cells,
                       struct ayni_buffer *cbor)
{
    struct ayni_reason reason = { 0 };
    struct ayni_cbor_reader day;

    if (field->source->weeks == NULL || !import_cell_has_weeks(field, cells))
        return;
    ayni_buffer_clear(cbor);
    ayni_cbor_put_int(cbor, 20000);
    if (import_cell_weeks_before(field, cells, cbor, &reason) == AYNI_E_INVALID &&
        reason.code == NULL)
        abort();
    day = ayni_cbor_reader(ayni_buffer_bytes(cbor));
    (void)ayni_cbor_read_int(&day);
    if (!cbor->failed && ayni_cbor_done(&day) != AYNI_OK)
        abort();
}

/* Each column has the whole input, or a piece of it. */
static void read_row(const struct import_plan *plan, const uint8_t *data, size_t size)
{
    struct ayni_value_context context = { .catalogue = plan->catalogue };
    struct ayni_bytes cells[HEADER_MAX];
    SCOPED_BUFFER text = { 0 }, cbor = { 0 };
    struct ayni_reason reason;

    for (size_t i = 0; i < plan->column_count; i++)
        cells[i] = (struct ayni_bytes){ data, size / (i + 1) };
    for (size_t i = 0; i < plan->record_count; i++)
        for (size_t j = 0; j < plan->records[i].field_count; j++) {
            const struct plan_field *field = &plan->records[i].fields[j];
            if (!import_condition_fits(&field->condition, cells))
                continue;
            read_weeks(field, cells, &cbor);
            import_cell_text(field, cells, &text);
            ayni_buffer_clear(&cbor);
            if (text.size > 0 &&
                import_cell_value(&context, field, ayni_buffer_bytes(&text), &cbor, &reason) ==
                    AYNI_E_INVALID &&
                reason.code == NULL)
                abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[IMPORT_MAP_WHY_SIZE] = "";
    const char *header[HEADER_MAX];
    struct complaint complaint = { 0 };
    struct import_plan plan;
    struct import_map map;
    enum ayni_status status = import_map_read((struct ayni_bytes){ data, size }, &map, why);

    if (status == AYNI_OK) {
        size_t count = columns_of(&map, header);
        status = import_plan_make(&map, catalogue(), header, count, &plan, &complaint);
        if (status == AYNI_OK)
            read_row(&plan, data, size);
        else if (status != AYNI_E_MEMORY && complaint.text == NULL)
            abort();
        import_plan_free(&plan);
    } else if (why[0] == 0) {
        abort();
    }
    import_map_free(&map);
    return 0;
}
