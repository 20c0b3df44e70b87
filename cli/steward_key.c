#include "cli/steward_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/language.h"
#include "proto/crypto.h"
#include "proto/ids.h"

/* The file: a word that says what it is, and the secret key in hexadecimal. */
static const char header[] = "ayni-steward-key-1";
enum { FILE_SIZE_MAX = 256 };

void steward_key_wipe(struct steward_key *key)
{
    ayni_wipe(key, sizeof(*key));
}

static enum ayni_status key_path(char path[PATH_MAX], struct failure *failure)
{
    const char *named = getenv("AYNI_KEY"), *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int size = -1;

    if (named != NULL && named[0] != '\0')
        size = snprintf(path, PATH_MAX, "%s", named);
    else if (config != NULL && config[0] != '\0')
        size = snprintf(path, PATH_MAX, "%s/ayni/steward.key", config);
    else if (home != NULL && home[0] != '\0')
        size = snprintf(path, PATH_MAX, "%s/.config/ayni/steward.key", home);
    if (size > 0 && size < PATH_MAX)
        return AYNI_OK;
    fail_hint(failure, _("set AYNI_KEY to the path of a file"), NULL);
    return fail(failure, AYNI_E_USAGE, _("nothing says where the steward's key is"), NULL);
}

/* The folders above it, for this user alone. */
static bool make_folders(const char *path)
{
    char whole[PATH_MAX];

    snprintf(whole, sizeof(whole), "%s", path);
    for (char *slash = strchr(whole + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(whole, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static enum ayni_status make_file(const char *path, struct failure *failure)
{
    uint8_t public_key[32], secret_key[32];
    char hex[65], text[FILE_SIZE_MAX];

    if (ayni_crypto_init() != AYNI_OK)
        return fail(failure, AYNI_E_IO, _("the system gives no random numbers"), NULL);
    int file = make_folders(path) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

    if (file < 0)
        return fail(failure, AYNI_E_IO, _("{} can't be written: {}"), path, strerror(errno), NULL);
    ayni_transport_key_make(public_key, secret_key);
    ayni_hex_text((struct ayni_bytes){ secret_key, sizeof(secret_key) }, hex);
    int size = snprintf(text, sizeof(text), "%s\n%s\n", header, hex);
    bool written = write(file, text, (size_t)size) == size && fsync(file) == 0;
    ayni_wipe(secret_key, sizeof(secret_key));
    ayni_wipe(hex, sizeof(hex));
    ayni_wipe(text, sizeof(text));
    close(file);
    if (written)
        return AYNI_OK;
    unlink(path);
    return fail(failure, AYNI_E_IO, _("{} can't be written: {}"), path, strerror(errno), NULL);
}

static enum ayni_status parse(char *text, struct steward_key *key)
{
    char form[32], hex[65];

    if (sscanf(text, "%31s %64s", form, hex) != 2 || strcmp(form, header) != 0)
        return AYNI_E_MALFORMED;
    enum ayni_status status =
        ayni_hex_parse(ayni_bytes_of_text(hex), key->secret_key, sizeof(key->secret_key));
    ayni_wipe(hex, sizeof(hex));
    if (status == AYNI_OK)
        ayni_transport_key_public(key->secret_key, key->public_key);
    return status;
}

static enum ayni_status read_file(int file, const char *path, struct steward_key *key,
                                  struct failure *failure)
{
    char text[FILE_SIZE_MAX] = "";
    struct stat is;
    ssize_t size = read(file, text, sizeof(text) - 1);

    if (fstat(file, &is) == 0 && (is.st_mode & 077) != 0) {
        fail_hint(failure, _("close it: chmod 600 {}"), path, NULL);
        return fail(failure, AYNI_E_RIGHT, _("others may read {}"), path, NULL);
    }
    enum ayni_status status = size > 0 ? parse(text, key) : AYNI_E_MALFORMED;
    ayni_wipe(text, sizeof(text));
    return status == AYNI_OK
               ? status
               : fail(failure, AYNI_E_INVALID, _("{} is no steward's key"), path, NULL);
}

enum ayni_status steward_key_read(bool make, struct steward_key *key, struct failure *failure)
{
    char path[PATH_MAX];
    enum ayni_status status = key_path(path, failure);

    if (status == AYNI_OK && make && access(path, F_OK) != 0)
        status = make_file(path, failure);
    if (status != AYNI_OK)
        return status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        fail_hint(failure, _("`ayni steward key` makes one and prints what the node's admin needs"),
                  NULL);
        return fail(failure, AYNI_E_RIGHT, _("there is no steward's key in {}"), path, NULL);
    }
    if (file < 0)
        return fail(failure, AYNI_E_USAGE, _("{} can't be read: {}"), path, strerror(errno), NULL);
    status = read_file(file, path, key, failure);
    close(file);
    return status;
}
