#include "tests/support/node_pair.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/conflict.h"
#include "daemon/records/problem.h"
#include "proto/cbor.h"

struct test_node test_midis, test_innova, test_care;
struct ayni_space test_visits;
struct ayni_record test_visits_grant;

void test_one_open(void)
{
    test_midis = (struct test_node){ .map_size = test_midis.map_size };
    test_node_open(&test_midis, 1);
    test_node_found(&test_midis);
    test_visits = test_node_space(&test_midis, "visits", AYNI_CLASS_SENSITIVE);
}

void test_one_close(void)
{
    test_node_close(&test_midis);
}

void test_two_open(void)
{
    test_one_open();
    memset(&test_innova, 0, sizeof(test_innova));
    test_node_open(&test_innova, 2);
    test_node_join(&test_innova, &test_midis, "innova");
    test_visits_grant = test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_WRITER);
    test_node_exchange(&test_midis, &test_innova);
}

void test_two_close(void)
{
    test_one_close();
    test_node_close(&test_innova);
}

void test_three_open(void)
{
    test_two_open();
    memset(&test_care, 0, sizeof(test_care));
    test_node_open(&test_care, 3);
    test_node_join(&test_care, &test_midis, "care");
    (void)test_node_grant(&test_midis, &test_visits, &test_care, AYNI_RIGHT_WRITER);
    test_node_exchange(&test_midis, &test_care);
}

void test_three_close(void)
{
    test_node_close(&test_care);
    test_two_close();
}

struct record_key test_put_child(struct test_node *node, const char *dni, const char *surname)
{
    char dni_pair[64], surname_pair[128];

    snprintf(dni_pair, sizeof(dni_pair), "dni=%s", dni);
    snprintf(surname_pair, sizeof(surname_pair), "surname_1=%s", surname);
    return test_put(node, "visits", "child", dni_pair, surname_pair, "given_names=Ana",
                    "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
}

void test_shown(struct test_node *node, const struct record_key *key, uint32_t field, char *text)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct ayni_cbor_reader value;
    struct ayni_bytes shown;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    value = ayni_cbor_reader(record_state_value(&state, field));
    shown = ayni_cbor_read_text(&value);
    snprintf(text, 128, "%.*s", (int)shown.size, shown.size == 0 ? "" : (const char *)shown.data);
}

size_t test_alternatives(struct test_node *node, const struct record_key *key, uint32_t field)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    const struct ayni_folded_field *folded;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    folded = ayni_folded_field(&state.folded, field);
    return folded == NULL ? 0 : folded->alternative_count;
}

uint64_t test_conflicts(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(conflicts_count(reader, CONFLICT_OPEN, &count), "count");
    return count;
}

uint64_t test_problems(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(problems_count(reader, &count), "count");
    return count;
}

/* The first line in which two answers differ. */
static void must_be_equal(const struct ayni_buffer *left, const struct ayni_buffer *right)
{
    const char *a = (const char *)left->data, *b = (const char *)right->data;

    while (*a != '\0' && *b != '\0') {
        int a_size = (int)strcspn(a, "\n"), b_size = (int)strcspn(b, "\n");
        ck_assert_msg(a_size == b_size && memcmp(a, b, (size_t)a_size) == 0,
                      "%.600s\nis not\n%.600s", a, b);
        a += a_size + (a[a_size] == '\n');
        b += b_size + (b[b_size] == '\n');
    }
    ck_assert_str_eq(a, b);
}

void test_same_answers(struct test_node *a, struct test_node *b)
{
    SCOPED_BUFFER left = { 0 }, right = { 0 };

    test_node_answers(a, &left);
    test_node_answers(b, &right);
    must_be_equal(&left, &right);
}
