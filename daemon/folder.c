#include "daemon/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_make(const char *path)
{
    char whole[PATH_MAX];
    struct stat is;

    if (snprintf(whole, sizeof(whole), "%s", path) >= (int)sizeof(whole)) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = strchr(whole + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(whole, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    if (mkdir(whole, 0700) == 0)
        return true;
    if (errno != EEXIST || stat(whole, &is) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(is.st_mode);
}

bool folder_make_home(const char *path)
{
    struct stat is;
    bool was_there = stat(path, &is) == 0;

    return folder_make(path) && (was_there || chmod(path, 0711) == 0);
}

bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;

    if (folder == NULL)
        return errno == ENOENT;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    closedir(folder);
    errno = ENOTEMPTY;
    return count == 0;
}

bool folder_sync(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && fsync(folder) == 0;
    int error = errno;

    if (folder >= 0)
        close(folder);
    errno = error;
    return synced;
}

static bool copy(int from, int to)
{
    char piece[4096];
    ssize_t size;

    while ((size = read(from, piece, sizeof(piece))) > 0)
        if (write(to, piece, (size_t)size) != size)
            return false;
    return size == 0 && fsync(to) == 0;
}

/* Under its name it is whole. */
bool folder_copy_file(const char *from, const char *to)
{
    char part[PATH_MAX];

    if (snprintf(part, sizeof(part), "%s.new", to) >= (int)sizeof(part)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT;
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool copied = out >= 0 && copy(in, out) && rename(part, to) == 0;
    int error = errno;
    close(in);
    if (out >= 0)
        close(out);
    errno = error;
    return copied;
}
