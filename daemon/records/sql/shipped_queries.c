#include "daemon/records/sql/shipped_queries.h"

#include <string.h>

/* Made from queries/ by cmake/embed.cmake: a name, and what its file is called as a symbol. */
#define SHIPPED_QUERIES(QUERY)                                                                     \
    QUERY("contested", contested)                                                                  \
    QUERY("incomplete-children", incomplete_children)                                              \
    QUERY("late-hb-tests", late_hb_tests)                                                          \
    QUERY("late-reports", late_reports)                                                            \
    QUERY("missed-visits", missed_visits)                                                          \
    QUERY("not-found", not_found)                                                                  \
    QUERY("not-reported", not_reported)                                                            \
    QUERY("outliers", outliers)                                                                    \
    QUERY("possible-repeats", possible_repeats)                                                    \
    QUERY("rules-failed", rules_failed)                                                            \
    QUERY("same-mother-same-birth", same_mother_same_birth)                                        \
    QUERY("same-names-same-birth", same_names_same_birth)                                          \
    QUERY("who-changed-what", who_changed_what)                                                    \
    QUERY("without-services", without_services)

#define DECLARE(name, symbol)                                                                      \
    extern const unsigned char embedded_queries_##symbol[];                                        \
    extern const size_t embedded_queries_##symbol##_size;
SHIPPED_QUERIES(DECLARE)

#define ENTRY(name, symbol) { name, embedded_queries_##symbol, &embedded_queries_##symbol##_size },

static const struct {
    const char *name;
    const unsigned char *data;
    const size_t *size;
} shipped[] = { SHIPPED_QUERIES(ENTRY) };
enum { SHIPPED_COUNT = sizeof(shipped) / sizeof(shipped[0]) };

const char *shipped_query_name(size_t index)
{
    return index < SHIPPED_COUNT ? shipped[index].name : NULL;
}

struct ayni_bytes shipped_query_text(const char *name)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++)
        if (strcmp(shipped[i].name, name) == 0)
            return (struct ayni_bytes){ shipped[i].data, *shipped[i].size };
    return (struct ayni_bytes){ NULL, 0 };
}
