#ifndef AYNI_DAEMON_RECORDS_CHECKER_H
#define AYNI_DAEMON_RECORDS_CHECKER_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/rules/check.h"

/*
 * The checks of daemon/records/rules/check.h with the answers of this node: what the
 * rules ask about other records is looked up by one reader, which outlives it.
 */
struct checker;

AYNI_CHECKED enum ayni_status checker_new(const struct records *records, struct reader *reader,
                                          struct checker **checker);
void checker_free(struct checker *checker); /* NULL is fine */
void checker_free_scoped(struct checker **checker);
#define SCOPED_CHECKER __attribute__((cleanup(checker_free_scoped))) struct checker

/*
 * Check a change of the record at `key`: type, before and changes are the caller's to fill, the
 * rest is done here. What the findings lend lives as long as the reader's catalogue.
 */
AYNI_CHECKED enum ayni_status checker_run(struct checker *checker, const struct record_key *key,
                                          struct check_change *change,
                                          struct check_findings *findings);

/* What was found, in words; its status. A rule of the catalogue speaks both languages itself, all
 * else is translated by the command. */
enum ayni_status checker_complain(const struct check_finding *finding, bool english,
                                  struct complaint *complaint);

#endif
