#ifndef AYNI_TESTS_SUPPORT_MESSAGE_AGAIN_H
#define AYNI_TESTS_SUPPORT_MESSAGE_AGAIN_H

#include "proto/message.h"

/* Encode what was decoded, item by item, as its readers give it; appended. */
void test_message_again(const struct ayni_message *message, struct ayni_buffer *to);

#endif
