/* Any bytes as a key file: it is one, or words say what is wrong. */
#include "daemon/federation/identity.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_folder home;
static int file;

static void remove_home(void)
{
    test_folder_remove(&home);
}

static void make_home(void)
{
    char path[512];

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    test_folder_make(&home);
    atexit(remove_home);
    test_folder_path(&home, "node.key", path, sizeof(path));
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct identity identity;
    char why[512] = "";

    if (home.path[0] == '\0')
        make_home();
    if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    if (identity_open(home.path, &identity, why, sizeof(why)) == AYNI_OK)
        identity_close(&identity);
    else if (why[0] == '\0')
        abort();
    return 0;
}
