#ifndef AYNI_DAEMON_RECORDS_CHECK_CATALOGUE_H
#define AYNI_DAEMON_RECORDS_CHECK_CATALOGUE_H

#include "daemon/records/rules/check.h"

/*
 * Rows of the catalogue itself (types 9 to 12 and 710 of the registry), as
 * records that steering writes: what every node would pass over is told to who
 * writes it. A row that is none, one of a type that isn't there, a name that
 * another has, a change of what never changes, a rule that is no expression.
 * docs/catalogue.md, "Extending a running federation".
 */
AYNI_CHECKED enum ayni_status check_catalogue_row(struct sql *sql,
                                                  const struct ayni_catalogue *catalogue,
                                                  const struct check_change *change,
                                                  struct check_findings *findings);

#endif
