#include "cli/upload.h"

#include <string.h>

#include "cli/language.h"
#include "cli/rejects.h"
#include "proto/text.h"

/* Large enough to be quick, small enough for progress to be seen; and well under a frame. */
enum { CHUNK_ROWS_MAX = 1024, CHUNK_SIZE_MAX = 256 * 1024 };

static bool equals(struct ayni_bytes cell, const char *text)
{
    return ayni_bytes_equal(cell, ayni_bytes_of_text(text));
}

/* Whether the columns that a rejects file adds are the last. */
static bool has_reject_columns(const struct csv_row *header)
{
    if (header->count <= REJECT_COLUMNS)
        return false;
    for (size_t i = 0; i < REJECT_COLUMNS; i++)
        if (!equals(header->cells[header->count - REJECT_COLUMNS + i], reject_columns[i]))
            return false;
    return true;
}

/* Names of columns are lines of text, whatever the cells below them are. */
static bool is_text(const struct csv_row *header)
{
    for (size_t i = 0; i < header->count; i++)
        if (!ayni_text_is_line(header->cells[i]))
            return false;
    return true;
}

static enum ayni_status read_header(struct upload *upload, const char *path,
                                    struct failure *failure)
{
    struct ayni_control_writer writer = ayni_control_writer(&upload->header);
    struct csv_row row;
    enum ayni_status status = csv_file_next(upload->file, &row, failure);

    if (status == AYNI_E_NOT_FOUND)
        return fail(failure, AYNI_E_INVALID, _("{} is empty"), path, NULL);
    if (status != AYNI_OK)
        return status;
    if (!is_text(&row)) {
        fail_hint(failure, _("save it as CSV in UTF-8"), NULL);
        return fail(failure, AYNI_E_INVALID, _("{} is no CSV file"), path, NULL);
    }
    upload->was_rejected = has_reject_columns(&row);
    upload->header_count = row.count - (upload->was_rejected ? REJECT_COLUMNS : 0);
    ayni_control_open_array(&writer, NULL);
    for (size_t i = 0; i < upload->header_count; i++)
        ayni_control_put_string(&writer, NULL, row.cells[i]);
    ayni_control_close(&writer);
    return upload->header.failed ? fail_memory(failure) : AYNI_OK;
}

/* Reads the file once to its end, so that nothing is sent of one that can't be read whole. */
static enum ayni_status count_rows(struct upload *upload, struct failure *failure)
{
    struct csv_row row;
    enum ayni_status status;

    while ((status = csv_file_next(upload->file, &row, failure)) == AYNI_OK)
        upload->row_count++;
    if (status == AYNI_E_NOT_FOUND)
        status = csv_file_rewind(upload->file, failure);
    return status == AYNI_OK ? csv_file_next(upload->file, &row, failure) : status;
}

enum ayni_status upload_open(const char *path, struct csv_form form, struct upload *upload,
                             struct failure *failure)
{
    const char *slash = strrchr(path, '/');

    *upload = (struct upload){ .name = slash != NULL ? slash + 1 : path };
    enum ayni_status status = csv_file_open(path, form, &upload->file, failure);
    if (status == AYNI_OK)
        status = read_header(upload, path, failure);
    return status == AYNI_OK ? count_rows(upload, failure) : status;
}

void upload_close(struct upload *upload)
{
    csv_file_close(upload->file);
    ayni_buffer_free(&upload->header);
    *upload = (struct upload){ 0 };
}

void upload_put(const struct upload *upload, struct ayni_control_writer *to)
{
    ayni_control_put_encoded(to, "header", ayni_buffer_bytes(&upload->header));
    ayni_control_put_text(to, "file", upload->name);
    ayni_control_put_int(to, "rows", (int64_t)upload->row_count);
}

static void put_row(const struct upload *upload, const struct csv_row *row,
                    struct ayni_control_writer *to)
{
    size_t count = row->count;

    if (upload->was_rejected && count > upload->header_count)
        count = upload->header_count;
    ayni_control_open_array(to, NULL);
    ayni_control_put_int(to, NULL, (int64_t)row->line);
    for (size_t i = 0; i < count; i++)
        ayni_control_put_string(to, NULL, csv_unguarded(row->cells[i]));
    ayni_control_close(to);
}

enum ayni_status upload_next(struct upload *upload, struct ayni_buffer *frame,
                             struct failure *failure)
{
    struct ayni_control_writer writer = ayni_control_data_begin(frame);
    enum ayni_status status = AYNI_OK;
    struct csv_row row;
    size_t rows = 0;

    ayni_control_open_array(&writer, NULL);
    while (rows < CHUNK_ROWS_MAX && frame->size < CHUNK_SIZE_MAX) {
        status = csv_file_next(upload->file, &row, failure);
        if (status != AYNI_OK)
            break;
        put_row(upload, &row, &writer);
        rows++;
    }
    ayni_control_close(&writer);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    if (rows == 0)
        status = ayni_control_data_end(frame);
    else
        status = ayni_buffer_status(frame);
    return status == AYNI_OK ? AYNI_OK : fail_memory(failure);
}
