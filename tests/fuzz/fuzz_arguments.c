/*
 * Arguments of requests, as a steward's program may send them: after a byte that says who
 * reads them, a line for each name. They are read, or the call fails in words.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/control/scope.h"
#include "daemon/control/view_arguments.h"
#include "daemon/records/change_feed.h"
#include "daemon/records/names.h"
#include "daemon/records/writing/assign.h"
#include "daemon/report.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In the order in which an object has them. */
static const char *const names[] = { "by",        "id",     "set",      "type",  "as_of",
                                     "level",     "rules",  "since",    "space", "period",
                                     "indicator", "expect", "territory" };
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]), LINE_MAX = 200 };

static struct plan *plan;

static void close_all(void)
{
    plan_free(plan);
    read_all_close();
}

static void open_once(void)
{
    SCOPED_READER *reader = NULL;

    if (plan != NULL)
        return;
    read_all_open();
    report_set_level(REPORT_NOTHING);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(plan_load(reader, &plan), "plan");
    atexit(close_all);
}

/* --- the request --- */

static struct ayni_bytes take_line(struct ayni_bytes *rest)
{
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
    struct ayni_bytes line = { rest->data, end == NULL ? rest->size : (size_t)(end - rest->data) };
    size_t used = line.size + (end != NULL);

    rest->data += used;
    rest->size -= used;
    line.size = line.size < LINE_MAX ? line.size : LINE_MAX;
    return line;
}

/* Its first letter says what it is: a number, a flag, a list of one, a list of a pair; else text.
 */
static void put_argument(struct ayni_control_writer *writer, const char *name,
                         struct ayni_bytes line)
{
    char text[LINE_MAX + 1] = "";

    if (line.size > 0)
        memcpy(text, line.data, line.size);
    text[line.size] = '\0';
    if (text[0] == '#') {
        ayni_control_put_int(writer, name, strtoll(text + 1, NULL, 10));
    } else if (text[0] == '?') {
        ayni_control_put_bool(writer, name, text[1] == 'y');
    } else if (text[0] == '[') {
        char *value = strchr(text, '=');
        ayni_control_open_array(writer, name);
        if (value != NULL) {
            *value++ = '\0';
            ayni_control_open_array(writer, NULL);
            ayni_control_put_text(writer, NULL, text + 1);
            ayni_control_put_text(writer, NULL, value);
            ayni_control_close(writer);
        } else {
            ayni_control_put_text(writer, NULL, text + 1);
        }
        ayni_control_close(writer);
    } else {
        ayni_control_put_text(writer, name, text);
    }
}

static bool make_request(struct ayni_bytes lines, struct ayni_buffer *body)
{
    struct ayni_control_writer writer = ayni_control_request_begin(body, "list");

    ayni_control_open_object(&writer, NULL);
    for (size_t i = 0; i < NAME_COUNT && lines.size > 0; i++) {
        struct ayni_bytes line = take_line(&lines);
        if (line.size > 0)
            put_argument(&writer, names[i], line);
    }
    ayni_control_close(&writer);
    return ayni_control_frame_finish(body) == AYNI_OK;
}

/* --- who reads it --- */

static enum ayni_status read_scope(struct control_call *call, struct reader *reader)
{
    struct ayni_instant as_of;
    struct scope scope;
    bool given;
    enum ayni_status status = scope_read(call, reader_charter(reader), &scope);

    return status == AYNI_OK ? scope_as_of(call, &given, &as_of) : status;
}

static enum ayni_status read_record(struct control_call *call, struct reader *reader)
{
    struct record_key key;

    return scope_record(call, reader, &key);
}

static enum ayni_status read_view(struct control_call *call, struct reader *reader)
{
    struct view_request request;
    month_no month;
    enum ayni_status status = view_arguments_alone(call);

    (void)reader;
    if (status == AYNI_OK)
        status = view_arguments_month(call, &month);
    return status == AYNI_OK ? status : view_arguments_read(call, plan, &request);
}

static enum ayni_status read_cursor(struct control_call *call, struct reader *reader)
{
    struct change_cursor cursor;
    const char *text;
    int64_t expect;
    enum ayni_status status = call_int_or(call, "expect", 0, &expect);

    (void)reader;
    if (status == AYNI_OK)
        status = call_text(call, "since", &text);
    return status == AYNI_OK ? change_cursor_parse(test_midis.log, text, &cursor) : status;
}

static enum ayni_status read_set(struct control_call *call, struct reader *reader)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, 101);
    SCOPED_ASSIGNED assigned = { .count = 0 };
    const struct call_pair *pairs;
    size_t count;
    enum ayni_status status = call_pairs(call, "set", &pairs, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        const struct edit_assignment assignment = { pairs[i].name, pairs[i].value };
        status = assign_read(reader, &test_midis.keys.node, type, &assignment, 1, &assigned,
                             call_complaint(call));
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static enum ayni_status (*const readers[])(struct control_call *, struct reader *) = {
        read_scope, read_record, read_view, read_cursor, read_set,
    };
    struct connection connection = { .fd = -1, .visitor = { .name = "rosa" } };
    struct ayni_control_request request;
    SCOPED_READER *reader = NULL;
    SCOPED_BUFFER body = { 0 };

    open_once();
    if (size == 0 || !make_request((struct ayni_bytes){ data + 1, size - 1 }, &body))
        return 0;
    if (ayni_control_request_decode((struct ayni_bytes){ body.data + AYNI_CONTROL_HEADER_SIZE,
                                                         body.size - AYNI_CONTROL_HEADER_SIZE },
                                    &request) != AYNI_OK)
        return 0; /* no text in UTF-8 */
    struct control_call *call = call_new(&connection, &request);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    if (call != NULL)
        (void)!readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](call, reader);
    call_free(call);
    return 0;
}
