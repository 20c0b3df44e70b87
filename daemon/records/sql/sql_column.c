#include "daemon/records/sql/sql_column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/decimal.h"
#include "proto/set.h"
#include "proto/text.h"
#include "proto/value_text.h"

static const double powers[AYNI_DECIMAL_SCALE_MAX + 1] = { 1,   1e1, 1e2, 1e3, 1e4,
                                                           1e5, 1e6, 1e7, 1e8, 1e9 };

/* A whole number that a double tells from its neighbours. */
#define EXACT_MAX 9007199254740992.0

enum { SHORT_SIZE = 64 };

/* --- into SQL --- */

/* SQLite compares as the type says: what has TEXT in it as text, so that 080101 isn't 80101. */
void sql_column_type(const struct ayni_kind *kind, char *text)
{
    static const char *const types[] = {
        [AYNI_KIND_INT] = "INTEGER",        [AYNI_KIND_BOOL] = "INTEGER BOOL",
        [AYNI_KIND_DATE] = "TEXT DATE",     [AYNI_KIND_MONTH] = "TEXT MONTH",
        [AYNI_KIND_TIME] = SQL_COLUMN_TIME, [AYNI_KIND_SET] = SQL_COLUMN_SET,
        [AYNI_KIND_IDS] = SQL_COLUMN_SET,   [AYNI_KIND_REF] = SQL_COLUMN_RECORD,
        [AYNI_KIND_REFS] = "TEXT UUIDS",    [AYNI_KIND_NODE] = SQL_COLUMN_NODE,
        [AYNI_KIND_BYTES] = NULL,
    };

    if (kind->type == AYNI_KIND_DEC)
        snprintf(text, SQL_COLUMN_TYPE_SIZE, "REAL(%u)", kind->scale);
    else
        snprintf(text, SQL_COLUMN_TYPE_SIZE, "%s",
                 types[kind->type] == NULL ? "TEXT" : types[kind->type]);
}

static void result_text(sqlite3_context *context, struct ayni_bytes text)
{
    sqlite3_result_text(context, text.size == 0 ? "" : (const char *)text.data, (int)text.size,
                        SQLITE_TRANSIENT);
}

/* What isn't of its field's kind is hexadecimal, as it is everywhere. */
static void result_as_text(sqlite3_context *context, const struct ayni_catalogue_field *field,
                           struct ayni_bytes cbor)
{
    uint8_t room[SHORT_SIZE];
    struct ayni_buffer brief = ayni_buffer_over(room, sizeof(room)); /* nearly all fit there */
    SCOPED_BUFFER text = { 0 };

    if (ayni_value_text(field, cbor, &brief) == AYNI_OK) {
        result_text(context, ayni_buffer_bytes(&brief));
        return;
    }
    if (brief.failed && ayni_value_text(field, cbor, &text) == AYNI_OK) {
        result_text(context, ayni_buffer_bytes(&text));
        return;
    }
    char *hex = malloc(2 * cbor.size + 1);
    if (hex == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    ayni_hex_text(cbor, hex);
    sqlite3_result_text(context, hex, -1, free);
}

static void result_record(sqlite3_context *context, struct ayni_bytes cbor)
{
    struct ayni_record record;
    char text[AYNI_RECORD_TEXT_SIZE];

    memcpy(record.bytes, cbor.data + 1, sizeof(record.bytes));
    ayni_record_text(&record, text);
    sqlite3_result_text(context, text, AYNI_RECORD_TEXT_SIZE - 1, SQLITE_TRANSIENT);
}

/* A whole number that is a day, or the first one of a month; false where it is none of 64 bits. */
static bool result_day(sqlite3_context *context, struct ayni_bytes cbor, bool month)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    int64_t day = ayni_cbor_read_int(&reader);
    char text[AYNI_DAY_TEXT_SIZE];

    if (ayni_cbor_done(&reader) != AYNI_OK)
        return false;
    if (month)
        ayni_month_text(day, text);
    else
        ayni_day_text(day, text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    return true;
}

/* An id as bytes of its size, whose head is one byte. */
static bool is_record(struct ayni_bytes cbor)
{
    return cbor.size == 1 + sizeof(struct ayni_record) &&
           cbor.data[0] == (0x40 | sizeof(struct ayni_record));
}

void sql_column_result(sqlite3_context *context, const struct ayni_catalogue_field *field,
                       struct ayni_bytes cbor)
{
    if (cbor.size == 0) /* every result begins as NULL */
        return;
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    enum ayni_cbor_type type = ayni_cbor_peek(&reader);
    bool number = type == AYNI_CBOR_UINT || type == AYNI_CBOR_NEGATIVE;
    enum ayni_kind_type kind = field->kind.type;

    if (type == AYNI_CBOR_NULL)
        return;
    if (kind == AYNI_KIND_REF && is_record(cbor))
        result_record(context, cbor);
    else if (number && (kind == AYNI_KIND_DATE || kind == AYNI_KIND_MONTH) &&
             result_day(context, cbor, kind == AYNI_KIND_MONTH))
        return;
    else if (type == AYNI_CBOR_TEXT &&
             (kind == AYNI_KIND_TEXT || kind == AYNI_KIND_CODE || kind == AYNI_KIND_ID))
        result_text(context, ayni_cbor_read_text(&reader));
    else if (number && kind == AYNI_KIND_INT)
        sqlite3_result_int64(context, ayni_cbor_read_int(&reader));
    else if (number && kind == AYNI_KIND_DEC)
        sqlite3_result_double(context,
                              (double)ayni_cbor_read_int(&reader) / powers[field->kind.scale]);
    else if (type == AYNI_CBOR_BOOL && kind == AYNI_KIND_BOOL)
        sqlite3_result_int(context, ayni_cbor_read_bool(&reader));
    else
        result_as_text(context, field, cbor);
}

/* --- and out of it --- */

struct sql_column_form sql_column_form_of(sqlite3_stmt *statement, int index)
{
    static const char *const types[] = {
        [SQL_FORM_BOOL] = "INTEGER BOOL",  [SQL_FORM_RECORD] = SQL_COLUMN_RECORD,
        [SQL_FORM_NODE] = SQL_COLUMN_NODE, [SQL_FORM_TIME] = SQL_COLUMN_TIME,
        [SQL_FORM_DATE] = "TEXT DATE",     [SQL_FORM_MONTH] = "TEXT MONTH",
        [SQL_FORM_WORDS] = SQL_COLUMN_SET, [SQL_FORM_RECORDS] = "TEXT UUIDS",
    };
    const char *declared = sqlite3_column_decltype(statement, index);
    struct sql_column_form form = { .form = SQL_FORM_PLAIN };

    if (declared == NULL)
        return form;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i] != NULL && strcmp(types[i], declared) == 0)
            form.form = i;
    if (sscanf(declared, "REAL(%u)", &form.scale) == 1 && form.scale <= AYNI_DECIMAL_SCALE_MAX)
        form.form = SQL_FORM_DECIMAL;
    return form;
}

/* Up to 9 decimals, none of them a trailing 0; of large numbers as many as a double has. */
static void put_real(struct ayni_control_writer *writer, double value)
{
    unsigned scale = AYNI_DECIMAL_SCALE_MAX;
    char text[32];

    if (!isfinite(value) || fabs(value) >= EXACT_MAX) {
        snprintf(text, sizeof(text), "%.15g", value);
        ayni_control_put_text(writer, NULL, text);
        return;
    }
    while (scale > 0 && fabs(value) * powers[scale] >= EXACT_MAX)
        scale--;
    int64_t mantissa = (int64_t)(value * powers[scale] + (value < 0 ? -0.5 : 0.5));
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        scale--;
    }
    ayni_control_put_decimal(writer, NULL, mantissa, scale);
}

/* A decimal as it is stored, out of the double that stands for it. */
static bool put_decimal(struct ayni_control_writer *writer, const struct sql_column_form *form,
                        double value)
{
    if (form->form != SQL_FORM_DECIMAL || !(fabs(value) * powers[form->scale] < EXACT_MAX))
        return false;
    ayni_control_put_decimal(writer, NULL,
                             (int64_t)(value * powers[form->scale] + (value < 0 ? -0.5 : 0.5)),
                             form->scale);
    return true;
}

static void put_list(struct ayni_control_writer *writer, struct ayni_bytes text, bool records)
{
    struct ayni_record record;
    struct ayni_bytes word;

    ayni_control_open_array(writer, NULL);
    while (ayni_set_next(&text, ',', &word)) {
        if (records && ayni_record_parse(word, &record) == AYNI_OK)
            ayni_control_put_record(writer, NULL, &record);
        else
            ayni_control_put_string(writer, NULL, word);
    }
    ayni_control_close(writer);
}

static bool put_record(struct ayni_control_writer *writer, struct ayni_bytes text)
{
    struct ayni_record record;

    if (ayni_record_parse(text, &record) != AYNI_OK)
        return false;
    ayni_control_put_record(writer, NULL, &record);
    return true;
}

static enum ayni_status parse_last(struct sql_column_form *form, struct ayni_bytes text)
{
    struct sql_column_last *last = &form->last;

    switch (form->form) {
    case SQL_FORM_NODE:
        return ayni_node_parse(text, &last->node);
    case SQL_FORM_TIME:
        return ayni_instant_parse(text, &last->instant);
    case SQL_FORM_DATE:
        return ayni_day_parse(text, &last->day);
    default:
        return ayni_month_parse(text, &last->day);
    }
}

/* False where the text isn't of its form. */
static bool know_last(struct sql_column_form *form, struct ayni_bytes text)
{
    struct sql_column_last *last = &form->last;
    const struct ayni_bytes before = { (const uint8_t *)last->text, last->size };

    if (text.size == 0)
        return false;
    if (ayni_bytes_equal(before, text))
        return true;
    last->size = 0;
    if (text.size > sizeof(last->text) || parse_last(form, text) != AYNI_OK)
        return false;
    memcpy(last->text, text.data, text.size);
    last->size = text.size;
    return true;
}

static bool put_last(struct ayni_control_writer *writer, struct sql_column_form *form,
                     struct ayni_bytes text)
{
    if (!know_last(form, text))
        return false;
    if (form->form == SQL_FORM_NODE)
        ayni_control_put_node(writer, NULL, &form->last.node);
    else if (form->form == SQL_FORM_TIME)
        ayni_control_put_instant(writer, NULL, form->last.instant);
    else if (form->form == SQL_FORM_DATE)
        ayni_control_put_day(writer, NULL, form->last.day);
    else
        ayni_control_put_month(writer, NULL, form->last.day);
    return true;
}

/* Text of a declared type, of which none has other than ASCII; false where it isn't of its form. */
static bool put_typed(struct ayni_control_writer *writer, struct sql_column_form *form,
                      struct ayni_bytes text)
{
    switch (form->form) {
    case SQL_FORM_RECORD:
        return put_record(writer, text);
    case SQL_FORM_NODE:
    case SQL_FORM_TIME:
    case SQL_FORM_DATE:
    case SQL_FORM_MONTH:
        return put_last(writer, form, text);
    default:
        return false;
    }
}

/* Any bytes can be made text in SQL; what isn't UTF-8 comes out as bytes. */
static void put_text(struct ayni_control_writer *writer, struct sql_column_form *form,
                     struct ayni_bytes text)
{
    if (put_typed(writer, form, text))
        return;
    if (!ayni_text_valid(text))
        ayni_control_put_hash(writer, NULL, text);
    else if (form->form == SQL_FORM_WORDS || form->form == SQL_FORM_RECORDS)
        put_list(writer, text, form->form == SQL_FORM_RECORDS);
    else
        ayni_control_put_string(writer, NULL, text);
}

/* The value is asked for once: each question about a column looks first whether there is a row. No
 * other thread has the connection, so nothing else can change it meanwhile. */
void sql_column_put(struct ayni_control_writer *writer, sqlite3_stmt *statement, int index,
                    struct sql_column_form *form)
{
    sqlite3_value *value = sqlite3_column_value(statement, index);
    struct ayni_bytes bytes;
    int type = sqlite3_value_type(value);

    switch (type) {
    case SQLITE_INTEGER:
        if (form->form == SQL_FORM_BOOL)
            ayni_control_put_bool(writer, NULL, sqlite3_value_int(value) != 0);
        else
            ayni_control_put_int(writer, NULL, sqlite3_value_int64(value));
        return;
    case SQLITE_FLOAT:
        if (!put_decimal(writer, form, sqlite3_value_double(value)))
            put_real(writer, sqlite3_value_double(value));
        return;
    case SQLITE_NULL:
        ayni_control_put_null(writer, NULL);
        return;
    default:
        bytes.data = sqlite3_value_blob(value);
        bytes.size = (size_t)sqlite3_value_bytes(value);
        if (type == SQLITE_TEXT)
            put_text(writer, form, bytes);
        else
            ayni_control_put_hash(writer, NULL, bytes);
    }
}
