#include "tests/support/small_disk.h"

#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static bool mount_at(const char *path)
{
    char size[32];

    snprintf(size, sizeof(size), "size=%d", SMALL_DISK_SIZE);
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", path, "tmpfs", 0, size) == 0;
}

bool small_disk_possible(void)
{
    int how = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(mount_at("/tmp") ? 0 : 1);
    waitpid(child, &how, 0);
    return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

int small_disk_skip(Suite *suite)
{
    return test_skip(suite, "a file system can't be mounted here (root can, unless in a chroot)");
}

void small_disk_make(struct test_folder *folder)
{
    test_folder_make(folder);
    ck_assert(mount_at(folder->path));
}

void small_disk_remove(struct test_folder *folder)
{
    umount(folder->path);
    test_folder_remove(folder);
}

void small_disk_fill(const struct test_folder *folder, size_t size)
{
    char *bytes = calloc(1, size);

    test_folder_write(folder, "filler", bytes, size);
    free(bytes);
}

void small_disk_make_room(const struct test_folder *folder)
{
    char path[512];

    test_folder_path(folder, "filler", path, sizeof(path));
    ck_assert_int_eq(unlink(path), 0);
}
