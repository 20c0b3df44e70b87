#ifndef AYNI_TESTS_SUPPORT_HISTORY_WRITE_H
#define AYNI_TESTS_SUPPORT_HISTORY_WRITE_H

#include "tests/support/history.h"

/*
 * `node` writes: an edit, an import, a delete, a resolution, a withdrawal, an
 * entry of another record, or something with a forged context. Checks on the
 * way that the context is the model's.
 */
void history_write(struct history *history, int node);

#endif
