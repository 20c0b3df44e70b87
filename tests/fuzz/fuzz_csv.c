/* Any bytes as a CSV file, or as rows of JSON: cells are UTF-8, and rows that are written again
 * read the same. */
#include "cli/csv.h"

#include <stdlib.h>

#include "proto/text.h"
#include "tests/support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct csv_file *open_bytes(struct memory_file *memory, struct ayni_bytes bytes)
{
    struct failure failure = { 0 };
    struct csv_file *file = NULL;

    memory_file_write(memory, bytes);
    if (csv_file_open(memory->path, (struct csv_form){ 0 }, &file, &failure) != AYNI_OK)
        require(failure.text[0] != '\0');
    return file;
}

/* All cells, each with its size before it, and where rows end; and the rows as CSV. */
static bool read_rows(struct csv_file *file, struct ayni_buffer *cells, FILE *csv)
{
    struct failure failure = { 0 };
    struct csv_row row;
    uint64_t next_line = 0; /* of JSON the header is line 0 */
    enum ayni_status status;

    while ((status = csv_file_next(file, &row, &failure)) == AYNI_OK) {
        require(row.line >= next_line);
        next_line = row.line + 1;
        for (size_t i = 0; i < row.count; i++) {
            require(ayni_text_valid(row.cells[i]));
            ayni_buffer_append(cells, &row.cells[i].size, sizeof(row.cells[i].size));
            ayni_buffer_append(cells, row.cells[i].data, row.cells[i].size);
            if (i > 0)
                fputc(csv_file_delimiter(file), csv);
            csv_put_cell(csv, row.cells[i], csv_file_delimiter(file));
        }
        ayni_buffer_append_text(cells, "\n");
        fputc('\n', csv);
    }
    require(status == AYNI_E_NOT_FOUND || failure.text[0] != '\0');
    return status == AYNI_E_NOT_FOUND;
}

/* The rows that were written, behind a header that `cells` begin with, too. */
static void read_again(struct memory_file *memory, char delimiter, struct ayni_bytes csv,
                       struct ayni_bytes cells)
{
    struct csv_file *file = open_bytes(memory, csv);
    SCOPED_BUFFER again = { 0 };
    FILE *nowhere = fopen("/dev/null", "w");

    require(file != NULL && nowhere != NULL && csv_file_delimiter(file) == delimiter);
    require(read_rows(file, &again, nowhere));
    require(ayni_bytes_equal(ayni_buffer_bytes(&again), cells));
    fclose(nowhere);
    csv_file_close(file);
}

/* By its header a file's delimiter is found, and a mark of the byte order is none behind it. */
static void put_header(char delimiter, struct ayni_buffer *cells, FILE *csv)
{
    const size_t one = 1;

    fprintf(csv, "a%cb\n", delimiter);
    ayni_buffer_append(cells, &one, sizeof(one));
    ayni_buffer_append_text(cells, "a");
    ayni_buffer_append(cells, &one, sizeof(one));
    ayni_buffer_append_text(cells, "b\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_file memory = { .descriptor = -1 };
    SCOPED_BUFFER cells = { 0 };
    char *csv = NULL;
    size_t csv_size = 0;

    if (memory.descriptor < 0)
        memory_file_make(&memory);
    struct csv_file *file = open_bytes(&memory, (struct ayni_bytes){ data, size });
    if (file == NULL)
        return 0;
    FILE *stream = open_memstream(&csv, &csv_size);
    require(stream != NULL);
    char delimiter = csv_file_delimiter(file);
    put_header(delimiter, &cells, stream);
    bool whole = read_rows(file, &cells, stream);
    fclose(stream);
    csv_file_close(file);
    if (whole)
        read_again(&memory, delimiter, (struct ayni_bytes){ (const uint8_t *)csv, csv_size },
                   ayni_buffer_bytes(&cells));
    free(csv);
    return 0;
}
