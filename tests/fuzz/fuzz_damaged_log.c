/*
 * Any rows of log/ made something else of, after two bytes that say who reads
 * then, and which: whoever it is gets an answer, and no harm.
 */
#include <stdlib.h>

#include "daemon/report.h"
#include "daemon/store/log_private.h"
#include "tests/support/damage.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_once(void)
{
    static bool is_open;

    if (is_open)
        return;
    is_open = true;
    read_all_open();
    report_set_level(REPORT_NOTHING);
    atexit(read_all_close);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct damage damage;

    open_once();
    if (size < 2)
        return 0;
    unsigned part = data[0] % (READ_LOG_PARTS + READ_RECORDS_PARTS);
    damage_do(&test_midis.log->lmdb, (struct ayni_bytes){ data + 2, size - 2 }, &damage);
    if (part < READ_LOG_PARTS)
        read_all_log(&test_midis, part, data[1]);
    else
        read_all_records(&test_midis, part - READ_LOG_PARTS, data[1]);
    damage_undo(&damage);
    return 0;
}
