#include "tests/support/question.h"

#include "cli/output_json.h" /* before Check, whose fail() is a macro */

#include "daemon/records/reader_limits.h"
#include "daemon/records/territory_cache.h"
#include "tests/support/node.h"

static bool never(void *context)
{
    (void)context;
    return false;
}

/* Rows that the query is at, after its columns. */
static enum ayni_status write_rows(struct sql_query *query, struct ayni_buffer *text,
                                   struct complaint *complaint)
{
    SCOPED_BUFFER names = { 0 }, row = { 0 };
    struct ayni_control_value columns, values;
    struct ayni_control_writer writer = ayni_control_writer(&names);
    enum ayni_status status;

    sql_query_put_names(query, &writer);
    test_must(ayni_control_value_decode(ayni_buffer_bytes(&names), &columns), "columns");
    while ((status = sql_query_next(query, complaint)) == AYNI_OK) {
        ayni_buffer_clear(&row);
        writer = ayni_control_writer(&row);
        sql_query_put_row(query, &writer);
        test_must(ayni_control_value_decode(ayni_buffer_bytes(&row), &values), "row");
        output_json_row(text, &columns, &values);
        ayni_buffer_append_byte(text, '\n');
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status test_ask(struct test_node *node, const struct test_question *question,
                          struct ayni_buffer *text, struct complaint *complaint)
{
    SCOPED_LIMITS limits = { 0 };
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    SCOPED_QUERY *query = NULL;
    enum ayni_status status;

    *complaint = (struct complaint){ 0 };
    test_must(reader_begin(&node->records, &reader), "read");
    test_must(territory_cache_hold(node->records.territories, reader, &territories), "places");
    if (question->as_of != NULL) {
        test_must(reader_limits_find(reader, *question->as_of, &limits), "as of");
        reader_limit(reader, &limits);
    }
    const struct sql_query_wish wish = { .reader = reader,
                                         .territories = territories,
                                         .spanish = !question->english,
                                         .memory_max = question->memory_max,
                                         .stop = question->stop == NULL ? never : question->stop };
    status = sql_query_new(&wish, question->sql, question->parameters, question->parameter_count,
                           &query, complaint);
    if (status == AYNI_OK)
        status = write_rows(query, text, complaint);
    ayni_buffer_append_byte(text, '\0');
    return status;
}

void test_answers(struct test_node *node, const char *sql, const char *expected)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    enum ayni_status status =
        test_ask(node, &(struct test_question){ .sql = sql }, &text, &complaint);

    ck_assert_msg(status == AYNI_OK, "%s: %s (%s, %s)", sql, ayni_status_name(status),
                  complaint.text == NULL ? "" : complaint.text, complaint.args[0]);
    ck_assert_msg(strcmp((const char *)text.data, expected) == 0, "%s:\n%s\nis not\n%s", sql,
                  (const char *)text.data, expected);
}
