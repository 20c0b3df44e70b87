#ifndef AYNI_TESTS_SUPPORT_QUESTION_H
#define AYNI_TESTS_SUPPORT_QUESTION_H

#include "daemon/records/sql/sql_query.h"

struct test_node;

/* A question in SQL to a node in this process, and its answer as `ayni query --json` prints it. */
struct test_question {
    const char *sql;
    const struct sql_parameter *parameters;
    size_t parameter_count;
    const struct ayni_instant *as_of; /* NULL: now */
    bool english;
    uint64_t memory_max;
    bool (*stop)(void *context); /* NULL: never */
};

/* The answer to `text`, a line for each row, ended by a NUL; words of a failure go to `complaint`.
 */
AYNI_CHECKED enum ayni_status test_ask(struct test_node *node, const struct test_question *question,
                                       struct ayni_buffer *text, struct complaint *complaint);
/* Fails the test where the answer to `sql` is another. */
void test_answers(struct test_node *node, const char *sql, const char *expected);

#endif
