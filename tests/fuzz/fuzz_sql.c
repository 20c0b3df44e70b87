/*
 * Any text as a question to records in SQL: it is answered or refused in words, and whatever
 * it was, the records and the store are as they were.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/report.h"
#include "tests/support/node_pair.h"
#include "tests/support/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LOOKS_MAX = 200, MEMORY_MAX = 64 << 20 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void close_all(void)
{
    test_one_close();
}

static void open_once(void)
{
    static bool is_open;

    if (is_open)
        return;
    is_open = true;
    test_one_open();
    (void)test_put_child(&test_midis, "99000001", "Vela");
    (void)test_put_child(&test_midis, "99000002", "Rosas");
    report_set_level(REPORT_NOTHING);
    atexit(close_all);
}

/* Endless ones end. */
static bool enough(void *context)
{
    static unsigned looks;

    (void)context;
    return ++looks % LOOKS_MAX == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUFFER text = { 0 }, still = { 0 };
    struct test_question question = { .memory_max = MEMORY_MAX, .stop = enough };
    struct complaint complaint;
    char *sql = malloc(size + 1);
    enum ayni_status status;

    require(sql != NULL);
    open_once();
    if (size > 0)
        memcpy(sql, data, size);
    sql[size] = '\0';
    question.sql = sql;
    status = test_ask(&test_midis, &question, &text, &complaint);
    require(status == AYNI_OK || status == AYNI_E_STOPPED || complaint.text != NULL);
    question = (struct test_question){ .sql = "SELECT count(*) AS n FROM child" };
    require(test_ask(&test_midis, &question, &still, &complaint) == AYNI_OK);
    require(strcmp((const char *)still.data, "{\"n\":2}\n") == 0);
    free(sql);
    return 0;
}
