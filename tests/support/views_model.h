#ifndef AYNI_TESTS_SUPPORT_VIEWS_MODEL_H
#define AYNI_TESTS_SUPPORT_VIEWS_MODEL_H

#include "daemon/store/views.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

/*
 * A views environment that is written at random, and beside it what it must
 * hold: of each key in each table the number that its value is made of. One
 * writer at a time. A checked fixture.
 */
enum { MODEL_TABLES = 3, MODEL_SCATTERED = 2, MODEL_KEYS = 4000, MODEL_VALUE_MAX = 3000 };
extern struct test_folder model_folder;
extern struct views *model_views;
extern struct test_random model_random;

void model_begin(void);
void model_end(void);
/* Open it, or fail the test; close it and open it again. */
void model_open(void);
void model_reopen(void);

/* Commits of some changes each. */
void model_write(struct test_random *random, size_t count);
/* All tables were emptied. */
void model_forget(void);
/* It holds what the model does, and nothing else, or the test fails. */
void model_check(void);

struct ayni_bytes model_key(size_t number, char key[16]);
/* Whether the file holds these bytes anywhere; whether there is one that was to replace it. */
bool model_file_holds(struct ayni_bytes bytes);
bool model_has_rest(void);

#endif
