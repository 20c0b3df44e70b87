#include "daemon/federation/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/federation/place.h"
#include "po/language.h"

enum { SEED_SIZE = 32, FILE_SIZE_MAX = 512 };
static const char header[] = "ayni-node-key-1";

/* The key file's path; false where it would be too long. */
static bool key_path(const char *home, char *path, size_t size)
{
    return (size_t)snprintf(path, size, "%s/node.key", home) < size - sizeof(".new");
}

static enum ayni_status fail(enum ayni_status status, char *why, size_t size, const char *path,
                             const char *what)
{
    snprintf(why, size, "%s: %s", path, what);
    return status;
}

/* A name is on disk when its folder is. */
static bool keep_name(const char *path)
{
    char folder[PATH_MAX];

    snprintf(folder, sizeof(folder), "%s", path);
    int file = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return kept;
}

/* Give the scratch file its name, where nothing has it. Sticks know no links, and rename instead.
 */
static bool name_file(const char *scratch, const char *path)
{
    if (link(scratch, path) == 0)
        return true;
    return (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) &&
           renameat2(AT_FDCWD, scratch, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
}

/* All of it on disk before its name is there, so that no crash leaves half a key. */
static enum ayni_status write_file(const char *path, const char *text, size_t size, char *why,
                                   size_t why_size)
{
    char scratch[PATH_MAX + 8];
    snprintf(scratch, sizeof(scratch), "%s.new", path);
    int file = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (file < 0)
        return fail(errno == ENOSPC ? AYNI_E_FULL : AYNI_E_IO, why, why_size, scratch,
                    strerror(errno));
    bool written = write(file, text, size) == (ssize_t)size && fsync(file) == 0;
    int reason = errno;
    close(file);
    if (written && (!name_file(scratch, path) || !keep_name(path))) {
        written = false;
        reason = errno;
    }
    unlink(scratch);
    if (written)
        return AYNI_OK;
    return fail(reason == EEXIST   ? AYNI_E_EXISTS
                : reason == ENOSPC ? AYNI_E_FULL
                                   : AYNI_E_IO,
                why, why_size, path, strerror(reason));
}

enum ayni_status identity_make(const char *home, char *why, size_t why_size)
{
    char path[PATH_MAX], seed_text[2 * SEED_SIZE + 1], transport_text[65], text[FILE_SIZE_MAX];
    uint8_t seed[SEED_SIZE], public_key[32], secret_key[32];

    if (!key_path(home, path, sizeof(path)))
        return fail(AYNI_E_USAGE, why, why_size, home, _("the path is too long"));
    ayni_random(seed, sizeof(seed));
    ayni_transport_key_make(public_key, secret_key);
    ayni_hex_text((struct ayni_bytes){ seed, sizeof(seed) }, seed_text);
    ayni_hex_text((struct ayni_bytes){ secret_key, sizeof(secret_key) }, transport_text);
    int size = snprintf(text, sizeof(text), "%s\nidentity %s\ntransport %s\n", header, seed_text,
                        transport_text);
    enum ayni_status status = write_file(path, text, (size_t)size, why, why_size);
    ayni_wipe(seed, sizeof(seed));
    ayni_wipe(secret_key, sizeof(secret_key));
    ayni_wipe(seed_text, sizeof(seed_text));
    ayni_wipe(transport_text, sizeof(transport_text));
    ayni_wipe(text, sizeof(text));
    return status;
}

static enum ayni_status parse(const char *text, struct identity *identity)
{
    char form[32], seed_text[65], transport_text[65];
    uint8_t seed[SEED_SIZE];

    if (sscanf(text, "%31s identity %64s transport %64s", form, seed_text, transport_text) != 3 ||
        strcmp(form, header) != 0)
        return AYNI_E_MALFORMED;
    identity->secret = ayni_secret_new(sizeof(*identity->secret));
    identity->transport_secret = ayni_secret_new(32);
    if (identity->secret == NULL || identity->transport_secret == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = ayni_hex_parse(ayni_bytes_of_text(seed_text), seed, sizeof(seed));
    if (status == AYNI_OK)
        status = ayni_hex_parse(ayni_bytes_of_text(transport_text), identity->transport_secret, 32);
    if (status == AYNI_OK)
        status = ayni_signing_key_of_seed(seed, identity->secret, &identity->node);
    if (status == AYNI_OK)
        ayni_transport_key_public(identity->transport_secret, identity->transport_public);
    ayni_wipe(seed, sizeof(seed));
    ayni_wipe(seed_text, sizeof(seed_text));
    ayni_wipe(transport_text, sizeof(transport_text));
    return status;
}

static enum ayni_status read_text(int file, const char *path, char text[FILE_SIZE_MAX], char *why,
                                  size_t why_size)
{
    ssize_t size = read(file, text, FILE_SIZE_MAX - 1);

    if (size < 0)
        return fail(AYNI_E_IO, why, why_size, path, strerror(errno));
    text[size] = '\0';
    return AYNI_OK;
}

static enum ayni_status parse_text(const char *text, const char *path, struct identity *identity,
                                   char *why, size_t why_size)
{
    enum ayni_status status = parse(text, identity);

    return status == AYNI_OK ? AYNI_OK
                             : fail(status, why, why_size, path, _("this is no key file of ayni"));
}

static enum ayni_status read_file(int file, const char *path, struct identity *identity, char *why,
                                  size_t why_size)
{
    char text[FILE_SIZE_MAX];
    struct stat is;

    if (fstat(file, &is) != 0 || !S_ISREG(is.st_mode))
        return fail(AYNI_E_MALFORMED, why, why_size, path, _("this is no file"));
    if ((is.st_mode & 077) != 0)
        return fail(AYNI_E_RIGHT, why, why_size, path,
                    _("others may read this key; chmod 600 it, and ask who did"));
    enum ayni_status status = read_text(file, path, text, why, why_size);
    if (status == AYNI_OK)
        status = parse_text(text, path, identity, why, why_size);
    ayni_wipe(text, sizeof(text));
    if (status == AYNI_OK)
        place_of(file, identity->place);
    return status;
}

static enum ayni_status open_key(const char *path, int *file, char *why, size_t why_size)
{
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file >= 0)
        return AYNI_OK;
    return fail(errno == ENOENT ? AYNI_E_NOT_FOUND : AYNI_E_IO, why, why_size, path,
                errno == ENOENT ? _("not there; `ayni init --name NAME` makes a home")
                                : strerror(errno));
}

enum ayni_status identity_open(const char *home, struct identity *identity, char *why,
                               size_t why_size)
{
    char path[PATH_MAX];

    *identity = (struct identity){ 0 };
    if (!key_path(home, path, sizeof(path)))
        return fail(AYNI_E_USAGE, why, why_size, home, _("the path is too long"));
    int file;
    enum ayni_status status = open_key(path, &file, why, why_size);
    if (status != AYNI_OK)
        return status;
    status = read_file(file, path, identity, why, why_size);
    close(file);
    if (status != AYNI_OK)
        identity_close(identity);
    return status;
}

enum ayni_status identity_copy(const char *from, const char *to, char *why, size_t why_size)
{
    char path[PATH_MAX], text[FILE_SIZE_MAX];
    struct identity identity = { 0 };
    int file;

    if (!key_path(from, path, sizeof(path)))
        return fail(AYNI_E_USAGE, why, why_size, from, _("the path is too long"));
    enum ayni_status status = open_key(path, &file, why, why_size);
    if (status != AYNI_OK)
        return status;
    status = read_text(file, path, text, why, why_size);
    close(file);
    if (status == AYNI_OK)
        status = parse_text(text, path, &identity, why, why_size);
    identity_close(&identity);
    if (status == AYNI_OK && !key_path(to, path, sizeof(path)))
        status = fail(AYNI_E_USAGE, why, why_size, to, _("the path is too long"));
    if (status == AYNI_OK)
        status = write_file(path, text, strlen(text), why, why_size);
    ayni_wipe(text, sizeof(text));
    return status;
}

void identity_close(struct identity *identity)
{
    ayni_secret_free(identity->secret);
    ayni_secret_free(identity->transport_secret);
    *identity = (struct identity){ 0 };
}
