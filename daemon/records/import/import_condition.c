#include "daemon/records/import/import_condition.h"

#include "daemon/records/import/import_cell.h"

bool import_word_fits(const char *word, struct ayni_bytes text)
{
    const char *after_star = NULL;
    size_t at = 0, star_at = 0;

    while (at < text.size) {
        if (*word == '*') {
            after_star = ++word;
            star_at = at;
        } else if (*word != 0 && (uint8_t)*word == text.data[at]) {
            word++;
            at++;
        } else if (after_star != NULL) { /* the last star takes one more */
            word = after_star;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (*word == '*')
        word++;
    return *word == 0;
}

static bool fits_test(const struct plan_test *test, const struct ayni_bytes *cells)
{
    struct ayni_bytes cell = { NULL, 0 };

    if (test->column >= 0)
        cell = import_cell_trim(cells[test->column]);
    for (size_t i = 0; i < test->test->word_count; i++)
        if (import_word_fits(test->test->words[i], cell))
            return true;
    return test->test->word_count == 0 && cell.size > 0;
}

static bool fits_all(const struct plan_test *tests, size_t count, const struct ayni_bytes *cells)
{
    for (size_t i = 0; i < count; i++)
        if (!fits_test(&tests[i], cells))
            return false;
    return true;
}

bool import_condition_fits(const struct plan_condition *condition, const struct ayni_bytes *cells)
{
    return fits_all(condition->when, condition->when_count, cells) &&
           (condition->unless_count == 0 ||
            !fits_all(condition->unless, condition->unless_count, cells));
}
