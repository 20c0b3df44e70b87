/*
 * Any rows of log/ made something else of, after two bytes that say who reads
 * then, and which: whoever it is gets an answer, and no harm.
 */
#include "daemon/store/log_private.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all_open_once();
    if (size >= 2)
        read_all_damaged(&test_midis.log->lmdb, data[0], data[1],
                         (struct ayni_bytes){ data + 2, size - 2 });
    return 0;
}
