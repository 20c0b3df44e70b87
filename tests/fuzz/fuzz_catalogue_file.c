/* Any bytes as an edition: they are one, or say what is wrong. */
#include <stdlib.h>

#include "daemon/records/catalogue_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t root_key[32] = { 1 };
    char error[CATALOGUE_FILE_ERROR_SIZE];
    struct catalogue_file file;

    enum ayni_status status =
        catalogue_file_read((struct ayni_bytes){ data, size }, root_key, &file, error);
    if (status == AYNI_OK)
        catalogue_file_free(&file);
    else if (error[0] == '\0')
        abort();
    return 0;
}
