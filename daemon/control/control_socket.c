#include "daemon/control/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/report.h"

/*
 * The address of `path`. One that is too long for an address is named through
 * its open folder, whose descriptor the caller closes (-1 otherwise).
 */
static enum ayni_status address_of(const char *path, struct sockaddr_un *address, int *folder)
{
    char for_folder[PATH_MAX], for_name[PATH_MAX];

    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    *folder = -1;
    if (strlen(path) < sizeof(address->sun_path)) {
        snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);
        return AYNI_OK;
    }
    snprintf(for_folder, sizeof(for_folder), "%s", path);
    snprintf(for_name, sizeof(for_name), "%s", path);
    int fd = open(dirname(for_folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
    int size = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s", fd,
                        basename(for_name));
    *folder = fd;
    return fd >= 0 && (size_t)size < sizeof(address->sun_path) ? AYNI_OK : AYNI_E_LIMIT;
}

/* Whether a daemon answers there. */
static bool is_alive(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
    close(fd);
    return alive;
}

/* A socket of our own. Any local user may ask there: the server sees who it is. -1 where the
 * system refuses. */
static int listen_at(const struct sockaddr_un *address)
{
    enum { BACKLOG = 64 };
    struct stat is;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    /* What a daemon left behind that was killed; another file of that name is somebody's. */
    if (lstat(address->sun_path, &is) == 0 && S_ISSOCK(is.st_mode))
        unlink(address->sun_path);
    if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 ||
        chmod(address->sun_path, 0666) != 0 || listen(fd, BACKLOG) != 0) {
        report(REPORT_ERROR, "control_failed", "reason=%s", strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

enum ayni_status control_socket_open(const char *path, int *fd)
{
    struct sockaddr_un address;
    int folder;
    enum ayni_status status = address_of(path, &address, &folder);

    if (status == AYNI_OK && is_alive(&address))
        status = AYNI_E_BUSY;
    if (status == AYNI_OK && (*fd = listen_at(&address)) < 0)
        status = AYNI_E_IO;
    if (folder >= 0)
        close(folder);
    return status;
}
