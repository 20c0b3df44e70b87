#ifndef AYNI_TESTS_SUPPORT_MESSAGES_H
#define AYNI_TESTS_SUPPORT_MESSAGES_H

#include "proto/message.h"

/* One good example of each form of each message, with fixed bytes: for tests, vectors and corpora.
 */
size_t test_message_count(void);
const char *test_message_name(size_t index);
/* Appended to `to`. */
void test_message_make(size_t index, struct ayni_buffer *to);

#endif
