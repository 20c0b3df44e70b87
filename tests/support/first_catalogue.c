#include "tests/support/first_catalogue.h"

#include <stdlib.h>

#include "daemon/records/catalogue_file.h"

const struct ayni_catalogue *first_catalogue(void)
{
    static struct catalogue_file file;
    static const uint8_t key[32] = { 1 };
    char error[CATALOGUE_FILE_ERROR_SIZE];

    if (file.catalogue == NULL &&
        catalogue_file_read(catalogue_file_first_edition(), key, &file, error) != AYNI_OK)
        abort();
    return file.catalogue;
}
