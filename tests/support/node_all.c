#include "tests/support/node_all.h"

#include <stdio.h>

#include "daemon/records/tables.h"
#include "daemon/view/counters.h"

static void put_hex(struct ayni_buffer *text, struct ayni_bytes bytes)
{
    char hex[3];

    for (size_t i = 0; i < bytes.size; i++) {
        snprintf(hex, sizeof(hex), "%02x", bytes.data[i]);
        ayni_buffer_append_text(text, hex);
    }
    ayni_buffer_append_text(text, " ");
}

static void put_table(struct views_snapshot *views, size_t table, struct ayni_buffer *text)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;

    views_cursor_open(views, table, (struct ayni_bytes){ 0 }, &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        put_hex(text, key);
        put_hex(text, value);
    }
    test_must(cursor.status, "cursor");
    ayni_buffer_append_text(text, "\n");
}

void test_node_all(struct test_node *node, struct ayni_buffer *text)
{
    SCOPED_BUFFER answers = { 0 };
    SCOPED_VIEWS_SNAPSHOT *views = NULL;

    test_node_answers(node, &answers);
    ayni_buffer_append(text, answers.data, answers.size - 1);
    test_must(views_snapshot_begin(node->views, &views), "views");
    for (size_t i = VIEW_TABLE_PLAN; node->has_view && i < VIEW_TABLE_END; i++)
        put_table(views, i, text);
    put_table(views, RECORDS_TABLE_COUNTS, text);
    put_table(views, RECORDS_TABLE_FEEDS, text);
    ayni_buffer_append_byte(text, 0);
    test_must(ayni_buffer_status(text), "memory");
}

void test_node_same(struct test_node *node, const struct ayni_buffer *before,
                    unsigned long long seed, const char *what)
{
    SCOPED_BUFFER after = { 0 };

    test_node_all(node, &after);
    ck_assert_msg(strcmp((char *)before->data, (char *)after.data) == 0,
                  "AYNI_SEED=%llu: other answers after %s", seed, what);
}
