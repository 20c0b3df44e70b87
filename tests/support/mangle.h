#ifndef AYNI_TESTS_SUPPORT_MANGLE_H
#define AYNI_TESTS_SUPPORT_MANGLE_H

#include "proto/bytes.h"

/*
 * Good bytes made bad in every small way, for decoders of what is signed. The
 * bytes that `decode` gets stand in memory of exactly their size, so that
 * AddressSanitizer sees a read past them.
 */
typedef enum ayni_status test_decode(void *context, struct ayni_bytes bytes);

/* Each proper prefix, and one byte too many, is refused. */
void test_wrong_sizes_are_refused(test_decode *decode, void *context, struct ayni_bytes good);
/* Each single flipped bit is refused. */
void test_bit_flips_are_refused(test_decode *decode, void *context, struct ayni_bytes good);

#endif
