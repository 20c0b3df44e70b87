#include <stdio.h>

#include "daemon/store/backup_file.h"
#include "proto/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A backup that may have been anywhere: read to its end, every item looked at. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct backup_reader reader;
    struct backup_item item;
    FILE *file = size == 0 ? NULL : fmemopen((void *)(uintptr_t)data, size, "rb");
    struct ayni_hash sum = { 0 };

    if (file == NULL)
        return 0;
    enum ayni_status status = backup_reader_begin(&reader, file);
    while (status == AYNI_OK && (status = backup_reader_next_block(&reader)) == AYNI_OK)
        for (size_t position = 0; backup_reader_item(&reader, &position, &item);)
            sum = ayni_hash_of_two(item.key, item.value);
    (void)sum;
    backup_reader_end(&reader);
    fclose(file);
    return 0;
}
