#ifndef AYNI_DAEMON_RECORDS_CHECK_RULES_H
#define AYNI_DAEMON_RECORDS_CHECK_RULES_H

#include "daemon/records/rules/check.h"

/*
 * The R and W rules of one type, prepared: expressions over its fields,
 * `today`, `is_new` and the facts of daemon/records/rules/check.h.
 */
struct check_rules;

/* The rules of `type`, which may also name `columns` of a row, whose values check_lookups has; all
 * is lent for the rules' life. */
AYNI_CHECKED enum ayni_status check_rules_new(struct sql *sql,
                                              const struct ayni_catalogue_type *type,
                                              const char *const *columns, size_t column_count,
                                              struct check_rules **rules);
void check_rules_free(struct check_rules *rules);

/* Rules of the type that are no expressions, by index in type->rules. */
bool check_rules_broken(const struct check_rules *rules, size_t rule);

/* The value of a field after the change, as CBOR: what it sets, else what was there, else null. */
struct ayni_bytes check_value(const struct check_change *change, uint32_t number);

/* What the lookups answer of a fact about the change. */
struct sql_value check_fact_of(const struct check_change *change,
                               const struct check_lookups *lookups, enum check_fact fact);

/* A rule that fails, with a field of the change that it names (0: none). */
typedef void check_rule_found(void *context, const struct ayni_catalogue_rule *rule,
                              uint32_t field);

/* Ask the rules that the change touches. AYNI_E_MEMORY is its only failure. */
AYNI_CHECKED enum ayni_status check_rules_run(struct check_rules *rules,
                                              const struct check_change *change,
                                              const struct check_lookups *lookups,
                                              check_rule_found *found, void *context);

#endif
