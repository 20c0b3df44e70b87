#include "cli/csv.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/json_lines.h"
#include "cli/language.h"
#include "cli/latin_1.h"
#include "proto/text.h"

enum {
    PIECE_SIZE = 16384,
    CELLS_MAX = 4096,
    ROW_SIZE_MAX = 1024 * 1024, /* a quote that is never closed swallows the rest of the file */
};

struct csv_file {
    FILE *stream;
    struct csv_parser parser;
    struct csv_form form; /* its delimiter is known */
    bool ended;
    bool in_row;       /* the piece that comes continues a row */
    bool row_is_ready; /* the parser has ended one */
    bool is_too_large;
    bool is_json;       /* rows came as JSON, and are counted as its lines are */
    bool is_latin;      /* a cell was, or is none of UTF-8 where it should be */
    uint64_t line;      /* of the piece that comes */
    uint64_t row_line;  /* where the row began */
    uint64_t row_count; /* that the parser has ended */
    struct ayni_buffer text;
    struct span {
        size_t at, size;
    } spans[CELLS_MAX]; /* in `text` */
    struct ayni_bytes cells[CELLS_MAX];
    size_t count;
};

/* A cell as UTF-8. */
static void append_cell(struct csv_file *file, struct ayni_bytes cell)
{
    bool is_utf_8 = ayni_text_valid(cell);

    if (file->form.encoding == CSV_LATIN_1 || (!is_utf_8 && file->form.encoding == CSV_FOUND))
        latin_1_append(&file->text, cell);
    else
        ayni_buffer_append(&file->text, cell.data, cell.size);
    file->is_latin = file->is_latin || file->form.encoding == CSV_LATIN_1 || !is_utf_8;
}

static void on_cell(void *data, size_t size, void *context)
{
    struct csv_file *file = context;

    if (file->count == CELLS_MAX || file->text.size + size > ROW_SIZE_MAX) {
        file->is_too_large = true;
        return;
    }
    file->spans[file->count].at = file->text.size;
    append_cell(file, (struct ayni_bytes){ data, size });
    file->spans[file->count].size = file->text.size - file->spans[file->count].at;
    file->count++;
}

static void on_row(int end, void *context)
{
    struct csv_file *file = context;
    (void)end;
    file->row_is_ready = true;
}

/* Opening. */

static enum ayni_status cannot_read(const char *path, struct failure *failure)
{
    return fail(failure, AYNI_E_USAGE, _("{} can't be read: {}"), path, strerror(errno), NULL);
}

/* What can't be read twice is copied to a file that can. */
static FILE *spool(FILE *from)
{
    FILE *to = tmpfile();
    char piece[PIECE_SIZE];

    if (to == NULL)
        return NULL;
    for (size_t got; (got = fread(piece, 1, sizeof(piece), from)) > 0;)
        if (fwrite(piece, 1, got, to) != got)
            break;
    if (ferror(from) || ferror(to)) {
        fclose(to);
        return NULL;
    }
    rewind(to);
    return to;
}

static FILE *open_stream(const char *path)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    struct stat is;

    if (stream == NULL || fstat(fileno(stream), &is) != 0)
        return NULL;
    if (S_ISDIR(is.st_mode)) {
        fclose(stream);
        errno = EISDIR;
        return NULL;
    }
    if (S_ISREG(is.st_mode) && stream != stdin)
        return stream;
    FILE *copy = spool(stream);
    if (stream != stdin)
        fclose(stream);
    return copy;
}

/* Passes over a byte order mark; false for one of an encoding that isn't read here. */
static bool pass_mark(FILE *stream)
{
    unsigned char mark[3] = { 0 };
    size_t got = fread(mark, 1, sizeof(mark), stream);

    if (got >= 2 && ((mark[0] == 0xFF && mark[1] == 0xFE) || (mark[0] == 0xFE && mark[1] == 0xFF)))
        return false;
    if (got < 3 || memcmp(mark, "\xEF\xBB\xBF", 3) != 0)
        rewind(stream);
    return true;
}

/* Of , ; tab and | the one that stands most often in the first line, outside quotes. */
static char find_delimiter(FILE *stream)
{
    static const char candidates[] = ",;\t|";
    size_t counts[sizeof(candidates)] = { 0 }, best = 0;
    bool quoted = false;

    for (int c; (c = getc(stream)) != EOF && (quoted || (c != '\n' && c != '\r'));) {
        const char *candidate = c != '\0' ? strchr(candidates, c) : NULL;
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && candidate != NULL)
            counts[candidate - candidates]++;
    }
    for (size_t i = 1; i < sizeof(candidates) - 1; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

enum ayni_status csv_file_rewind(struct csv_file *file, struct failure *failure)
{
    csv_free(&file->parser);
    if (csv_init(&file->parser, 0) != 0)
        return fail_memory(failure);
    csv_set_delim(&file->parser, (unsigned char)file->form.delimiter);
    csv_set_blk_size(&file->parser, PIECE_SIZE); /* it grows by this, and copies each time */
    rewind(file->stream);
    pass_mark(file->stream);
    file->ended = file->in_row = file->row_is_ready = file->is_too_large = false;
    file->line = 1;
    file->row_count = 0;
    return AYNI_OK;
}

/* What isn't CSV at all, but rows that were exported as JSON. */
static enum ayni_status take_json(struct csv_file *file, struct failure *failure)
{
    FILE *csv;
    enum ayni_status status = json_lines_to_csv(file->stream, &csv, failure);

    if (status != AYNI_OK)
        return status;
    fclose(file->stream);
    file->stream = csv;
    file->form = (struct csv_form){ .encoding = CSV_UTF_8, .delimiter = ',' };
    file->is_json = true;
    return AYNI_OK;
}

enum ayni_status csv_file_open(const char *path, struct csv_form form, struct csv_file **file,
                               struct failure *failure)
{
    FILE *stream = open_stream(path);

    if (stream == NULL)
        return cannot_read(path, failure);
    if (!pass_mark(stream)) {
        fclose(stream);
        fail(failure, AYNI_E_INVALID, _("{} is UTF-16, which is not read here"), path, NULL);
        fail_hint(failure, _("save it as CSV in UTF-8"), NULL);
        return AYNI_E_INVALID;
    }
    struct csv_file *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        fclose(stream);
        return fail_memory(failure);
    }
    made->stream = stream;
    made->form = form;
    enum ayni_status status = AYNI_OK;
    if (json_lines_begin(stream))
        status = take_json(made, failure);
    else if (form.delimiter == '\0')
        made->form.delimiter = find_delimiter(stream);
    if (status == AYNI_OK)
        status = csv_file_rewind(made, failure);
    if (status != AYNI_OK) {
        csv_file_close(made);
        return status;
    }
    *file = made;
    return AYNI_OK;
}

void csv_file_close(struct csv_file *file)
{
    if (file == NULL)
        return;
    csv_free(&file->parser);
    fclose(file->stream);
    ayni_buffer_free(&file->text);
    free(file);
}

char csv_file_delimiter(const struct csv_file *file)
{
    return file->form.delimiter;
}

bool csv_file_is_latin(const struct csv_file *file)
{
    return file->is_latin;
}

/* Rows. */

/* Up to and with the next CR or LF, so that the parser ends at most one row in it. */
static size_t read_piece(FILE *stream, unsigned char piece[PIECE_SIZE])
{
    size_t size = 0;

    for (int c; size < PIECE_SIZE && (c = getc_unlocked(stream)) != EOF;) {
        piece[size++] = (unsigned char)c;
        if (c == '\n' || c == '\r')
            break;
    }
    return size;
}

static bool is_blank(const unsigned char *piece, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr(" \t\r\n", piece[i]) == NULL || piece[i] == '\0')
            return false;
    return true;
}

static enum ayni_status too_many_cells(const struct csv_file *file, struct failure *failure)
{
    char line[24], most[24];

    snprintf(line, sizeof(line), "%llu", (unsigned long long)file->row_line);
    snprintf(most, sizeof(most), "%d", CELLS_MAX);
    return fail(failure, AYNI_E_INVALID, _("line {} has more than {} cells"), line, most, NULL);
}

static enum ayni_status no_end(const struct csv_file *file, struct failure *failure)
{
    char line[24];

    snprintf(line, sizeof(line), "%llu", (unsigned long long)file->row_line);
    fail(failure, AYNI_E_INVALID, _("a quoted cell that begins near line {} has no end"), line,
         NULL);
    fail_hint(failure, _("look for a \" too many there; nothing after it was read"), NULL);
    return AYNI_E_INVALID;
}

static enum ayni_status too_large(const struct csv_file *file, struct failure *failure)
{
    char line[24];

    snprintf(line, sizeof(line), "%llu", (unsigned long long)file->row_line);
    fail(failure, AYNI_E_INVALID, _("the row that begins near line {} is over 1 MiB"), line, NULL);
    fail_hint(failure,
              _("a quoted cell there may have no end: look for a \" too many; nothing after it was "
                "read"),
              NULL);
    return AYNI_E_INVALID;
}

/* After a line end: CR LF is one, told by the LF. */
static void count_line(struct csv_file *file, unsigned char last)
{
    if (last == '\n') {
        file->line++;
    } else if (last == '\r') {
        int next = getc_unlocked(file->stream);
        if (next != '\n')
            file->line++;
        if (next != EOF)
            ungetc(next, file->stream);
    }
}

/* Declared to be UTF-8, and it isn't. */
static enum ayni_status not_utf_8(const struct csv_file *file, struct failure *failure)
{
    char line[24];

    snprintf(line, sizeof(line), "%llu", (unsigned long long)file->row_line);
    fail_hint(failure, _("without --encoding such cells are taken for Latin-1"), NULL);
    return fail(failure, AYNI_E_INVALID, _("line {} is not UTF-8"), line, NULL);
}

static enum ayni_status feed(struct csv_file *file, struct failure *failure)
{
    unsigned char piece[PIECE_SIZE];
    size_t size = read_piece(file->stream, piece);

    if (!file->in_row)
        file->row_line = file->line;
    if (size == 0) {
        file->ended = true;
        /* Stray quotes are tolerated in a row, but not a last cell that is still open. */
        csv_set_opts(&file->parser, CSV_STRICT | CSV_STRICT_FINI);
        return csv_fini(&file->parser, on_cell, on_row, file) == 0 ? AYNI_OK
                                                                   : no_end(file, failure);
    }
    if (csv_parse(&file->parser, piece, size, on_cell, on_row, file) != size)
        return fail_memory(failure);
    file->in_row = !file->row_is_ready && (file->in_row || !is_blank(piece, size));
    count_line(file, piece[size - 1]);
    if (file->count == CELLS_MAX && file->is_too_large)
        return too_many_cells(file, failure);
    if (file->is_too_large || file->parser.entry_pos > ROW_SIZE_MAX)
        return too_large(file, failure);
    return AYNI_OK;
}

static bool is_empty(const struct csv_file *file)
{
    return file->text.size == 0;
}

enum ayni_status csv_file_next(struct csv_file *file, struct csv_row *row, struct failure *failure)
{
    do {
        file->row_is_ready = false;
        file->count = 0;
        ayni_buffer_clear(&file->text);
        while (!file->row_is_ready && !file->ended) {
            enum ayni_status status = feed(file, failure);
            if (status != AYNI_OK)
                return status;
        }
        if (!file->row_is_ready)
            return AYNI_E_NOT_FOUND;
        file->row_count++;
    } while (is_empty(file));
    if (file->text.failed)
        return fail_memory(failure);
    if (file->is_latin && file->form.encoding == CSV_UTF_8)
        return not_utf_8(file, failure);
    for (size_t i = 0; i < file->count; i++)
        file->cells[i] =
            (struct ayni_bytes){ file->text.data + file->spans[i].at, file->spans[i].size };
    /* The header, which no line of JSON is, comes before the first. */
    *row = (struct csv_row){ file->is_json ? file->row_count - 1 : file->row_line, file->cells,
                             file->count };
    return AYNI_OK;
}

bool csv_needs_guard(struct ayni_bytes text)
{
    while (text.size > 0 && text.data[0] == '\'')
        text = (struct ayni_bytes){ text.data + 1, text.size - 1 };
    return text.size > 0 && text.data[0] != '\0' && strchr("=+-@\t\r", text.data[0]) != NULL;
}

struct ayni_bytes csv_unguarded(struct ayni_bytes cell)
{
    if (cell.size > 1 && cell.data[0] == '\'' && csv_needs_guard(cell))
        return (struct ayni_bytes){ cell.data + 1, cell.size - 1 };
    return cell;
}

/* What a reader takes away at the ends of a cell that isn't quoted. */
static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

void csv_put_cell(FILE *to, struct ayni_bytes cell, char delimiter)
{
    bool plain = true;

    if (cell.size == 0)
        return;
    for (size_t i = 0; plain && i < cell.size; i++)
        plain = cell.data[i] != (uint8_t)delimiter && cell.data[i] != '"' && cell.data[i] != '\n' &&
                cell.data[i] != '\r';
    if (plain && !is_space(cell.data[0]) && !is_space(cell.data[cell.size - 1]))
        fwrite(cell.data, 1, cell.size, to);
    else
        csv_fwrite(to, cell.data, cell.size);
}
