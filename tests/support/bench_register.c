#include "tests/support/bench_register.h"

#include "tests/support/bench.h"

enum { ROWS_PER_CHUNK = 2000 };

/* --- importing --- */

struct rows {
    const struct bench_register *of;
    uint64_t next, count;
};

static void put_rows(struct rows *rows, struct ayni_control_writer *to)
{
    struct bench_row row;

    ayni_control_open_array(to, NULL);
    for (size_t i = 0; i < ROWS_PER_CHUNK && rows->next < rows->count; i++, rows->next++) {
        rows->of->row(rows->next, &row);
        ayni_control_open_array(to, NULL);
        ayni_control_put_int(to, NULL, (int64_t)rows->next + 2);
        for (size_t j = 0; j < rows->of->column_count; j++)
            ayni_control_put_text(to, NULL, row.cells[j]);
        ayni_control_close(to);
    }
    ayni_control_close(to);
}

static enum ayni_status next_rows(void *context, struct ayni_buffer *frame, struct failure *failure)
{
    struct rows *rows = context;
    struct ayni_control_writer writer = ayni_control_data_begin(frame);

    if (rows->next == rows->count)
        return ayni_control_data_end(frame);
    put_rows(rows, &writer);
    return frame->failed ? fail_memory(failure) : AYNI_OK;
}

/* The last item of the answer says how many of what there were. */
static struct ayni_control_value import_rows(struct bench_node *node,
                                             const struct bench_register *of, const char *space,
                                             uint64_t count)
{
    struct rows rows = { of, 0, count };
    struct ayni_control_value item, last = { 0 };
    struct ayni_control_writer writer = bench_node_request(node, "import");

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_put_text(&writer, of->map != NULL ? "map" : "type",
                          of->map != NULL ? of->map : of->type);
    ayni_control_put_int(&writer, "rows", (int64_t)count);
    ayni_control_open_array(&writer, "header");
    for (size_t i = 0; i < of->column_count; i++)
        ayni_control_put_text(&writer, NULL, of->columns[i]);
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_upload(node, next_rows, &rows), "import", "not found");
    while (bench_node_item(node, &item))
        last = item;
    return last;
}

void bench_register_import(struct bench_node *node, const struct bench_register *of,
                           const char *space, uint64_t count)
{
    struct ayni_control_value counts = import_rows(node, of, space, count);

    bench_require(bench_item_number(&counts, "created") == count, "import", "not all were created");
}

void bench_register_contest(struct bench_node *node, const struct bench_register *of,
                            const char *space, uint64_t count)
{
    struct ayni_control_value counts = import_rows(node, of, space, count);

    bench_require(bench_item_number(&counts, "conflicts") == count, "import",
                  "not all stand against what was there");
}

/* --- one by one --- */

void bench_register_put(struct bench_node *node, const char *space, uint64_t number,
                        struct ayni_record *id)
{
    struct ayni_control_writer writer = bench_node_request(node, "put");
    struct ayni_control_value item, value;
    struct bench_row row;

    bench_tests.row(number, &row);
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "type", bench_tests.type);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_open_array(&writer, "fields");
    for (size_t i = 0; i < bench_tests.column_count; i++) {
        ayni_control_open_array(&writer, NULL);
        ayni_control_put_text(&writer, NULL, bench_tests.columns[i]);
        ayni_control_put_text(&writer, NULL, row.cells[i]);
        ayni_control_close(&writer);
    }
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node) && bench_node_item(node, &item) &&
                      ayni_control_find(&item, "id", &value) && value.kind == AYNI_CONTROL_RECORD,
                  "put", "no id in the answer");
    *id = value.record;
}

bool bench_register_get(struct bench_node *node, const struct ayni_record *id)
{
    struct ayni_control_writer writer = bench_node_request(node, "get");
    char text[AYNI_RECORD_TEXT_SIZE];

    ayni_record_text(id, text);
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "id", text);
    ayni_control_close(&writer);
    return bench_node_exchange(node);
}

size_t bench_register_list(struct bench_node *node, const char *space, struct ayni_record *ids,
                           size_t max)
{
    struct ayni_control_writer writer = bench_node_request(node, "list");
    struct ayni_control_value item, id;
    size_t count = 0;

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "type", bench_tests.type);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_put_int(&writer, "limit", (int64_t)max);
    ayni_control_open_array(&writer, "columns");
    ayni_control_put_text(&writer, NULL, "_id");
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node) && bench_node_item(node, &item), "list", "no columns");
    while (count < max && bench_node_item(node, &item)) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&item);
        bench_require(ayni_control_next(&cursor, NULL, &id) && id.kind == AYNI_CONTROL_RECORD,
                      "list", "no id");
        ids[count++] = id.record;
    }
    return count;
}
