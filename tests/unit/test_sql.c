#include "daemon/records/sql/sql.h"

#include <string.h>

#include "tests/support/suite.h"

static const char *const names[] = { "a", "b", "set", "text", "month" };
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

static struct sql_value integer(int64_t value)
{
    return (struct sql_value){ .type = SQL_INTEGER, .integer = value };
}

static struct sql_value text(const char *value)
{
    return (struct sql_value){ .type = SQL_TEXT, .bytes = ayni_bytes_of_text(value) };
}

/* a 2, b null, set x,y; month 7 */
static bool fails(const char *expression, bool *broken)
{
    const struct sql_value values[NAME_COUNT] = {
        integer(2), { 0 }, text("x,y"), text("Ñandú  "), integer(7)
    };
    struct sql *sql = sql_new();
    struct sql_rules *rules;

    ck_assert_ptr_nonnull(sql);
    ck_assert_int_eq(sql_rules_prepare(sql, names, NAME_COUNT, &expression, 1, broken, &rules),
                     AYNI_OK);
    bool failed = sql_rules_fails(rules, 0, values);
    ck_assert_int_eq(sql_rules_fails(rules, 0, values), failed); /* and again */
    sql_rules_free(rules);
    sql_free(sql);
    return failed;
}

static const struct {
    const char *expression;
    bool fails;
} expressions[] = {
    { "a = 2", false },
    { "a = 3", true },
    { "a", false },
    { "0.0", true },
    { "b > 1", false }, /* unknown */
    { "b is null", false },
    { "b is not null", true },
    { "a = 3 or b = 1", false },
    { "has(set, 'x')", false },
    { "has(set, 'z')", true },
    { "has(b, 'z')", false },
    { "count_of(set) = 2", false },
    { "count_of(b) = 0", false },
    { "fold(text) = 'nandu'", false },
    { "length(text) = 7", false },
    { "digits('12', 2, 2)", false },
    { "digits('1x', 2, 2)", true },
    { "digits('123', 1, 2)", true },
    { "months(day(2020, 1, 31), day(2020, 2, 29)) = 1", false },
    { "day(2021, 2, 29) is null", false },
    { "month = 7 and months(0, 31) = 1", false }, /* a name and a function */
    { "'a' = 'a'", false },                       /* not the name */
    { "'it''s a' like '%a'", false },
    { "a = 2 -- and nothing else", false },
    { "case a when 2 then 0 else 1 end", true },
    { "abs(-9223372036854775807 - 1) > 0", false }, /* overflows: can't be computed */
};

START_TEST(an_expression_fails_where_it_is_false)
{
    bool broken;

    ck_assert_int_eq(fails(expressions[_i].expression, &broken), expressions[_i].fails);
    ck_assert(!broken);
}
END_TEST

static const char *const broken_ones[] = {
    "",
    "a =",
    "c = 1",
    "\"c\" = 1",
    "a = 1; delete from x",
    "1) union select (2",
    "1), (2",
    "1) from (select 1",
    "(select 1)",
    "exists (select 1)",
    "a in (select 1)",
    "1 /* never closed",
    "random() > 0",
    "load_extension('x')",
    "randomblob(1000000000) is null",
    "zeroblob(1000000000) is null",
    "printf('%1000000d', 1) is null",
    "readfile('/etc/passwd') is null",
    "?1 = 2 and ?9 = 3 and c",
    "'never closed",
};

START_TEST(what_is_no_expression_is_broken_and_holds)
{
    bool broken = false;

    ck_assert(!fails(broken_ones[_i], &broken));
    ck_assert(broken);
}
END_TEST

START_TEST(one_broken_expression_leaves_the_others_alone)
{
    const char *const three[] = { "a = 3", "a =", "a = 4" };
    const struct sql_value values[NAME_COUNT] = { integer(2) };
    struct sql *sql = sql_new();
    struct sql_rules *rules;
    bool broken[3];

    ck_assert_int_eq(sql_rules_prepare(sql, names, NAME_COUNT, three, 3, broken, &rules), AYNI_OK);
    ck_assert(!broken[0] && broken[1] && !broken[2]);
    ck_assert(sql_rules_fails(rules, 0, values));
    ck_assert(!sql_rules_fails(rules, 1, values));
    ck_assert(sql_rules_fails(rules, 2, values));
    sql_rules_free(rules);
    sql_free(sql);
}
END_TEST

START_TEST(it_is_known_which_names_an_expression_uses)
{
    const char *const two[] = { "count_of(set) > a + length('b') + a", "a +" };
    struct sql *sql = sql_new();
    struct sql_rules *rules;
    bool broken[2];
    size_t count;

    ck_assert_int_eq(sql_rules_prepare(sql, names, NAME_COUNT, two, 2, broken, &rules), AYNI_OK);
    const size_t *used = sql_rules_names(rules, 0, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(used[0], 2);
    ck_assert_uint_eq(used[1], 0);
    (void)sql_rules_names(rules, 1, &count);
    ck_assert(broken[1] && count == 0);
    sql_rules_free(rules);
    sql_free(sql);
}
END_TEST

START_TEST(an_expression_has_a_maximum)
{
    char expression[5000];
    bool broken;

    memset(expression, '1', sizeof(expression) - 1);
    expression[sizeof(expression) - 1] = '\0';
    ck_assert(!fails(expression, &broken));
    ck_assert(broken);
    memset(expression, '(', 1000);
    ck_assert(!fails(expression + 900, &broken));
    ck_assert(broken);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql");
    TCase *rules = tcase_create("rules");

    tcase_add_loop_test(rules, an_expression_fails_where_it_is_false, 0,
                        (int)(sizeof(expressions) / sizeof(expressions[0])));
    tcase_add_loop_test(rules, what_is_no_expression_is_broken_and_holds, 0,
                        (int)(sizeof(broken_ones) / sizeof(broken_ones[0])));
    tcase_add_test(rules, one_broken_expression_leaves_the_others_alone);
    tcase_add_test(rules, it_is_known_which_names_an_expression_uses);
    tcase_add_test(rules, an_expression_has_a_maximum);
    suite_add_tcase(suite, rules);
    return test_run(suite);
}
