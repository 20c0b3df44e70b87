/*
 * A disk that fails when a test says so:
 *
 *     LD_PRELOAD=libdisk.so AYNI_DISK=FILE AYNI_DISK_UNDER=FOLDER aynid ...
 *
 * FILE holds a struct faults, mapped, that the test writes while the program
 * runs (tests/support/disk.py). Files below FOLDER alone are touched.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

/* What fails how: of the calls, after `skip` of them, `count` answer `error`. */
struct fault {
    uint32_t error; /* 0: none fails */
    uint32_t skip, count;
    uint32_t failed; /* how many have: for the test to see */
};

struct faults {
    struct fault write; /* pwrite, write, writev, fallocate */
    struct fault sync;  /* fsync, fdatasync */
    struct fault map;   /* mmap of a file */
    uint32_t calls;     /* of all of these so far */
    uint32_t kill_at;   /* the one at which the process dies; 0: none */
    uint32_t torn;      /* of a write that fails or dies its first half is done */
    uint32_t full;      /* 1: statvfs says that there is no room; more: that so many KiB are free */
};

static struct faults *faults;
static char under[PATH_MAX];
static size_t under_size;

__attribute__((constructor)) static void open_faults(void)
{
    const char *path = getenv("AYNI_DISK");
    const char *folder = getenv("AYNI_DISK_UNDER");
    int fd = path == NULL || folder == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return;
    under_size = (size_t)snprintf(under, sizeof(under), "%s/", folder);
    void *mapped = mmap(NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED && under_size < sizeof(under))
        faults = mapped;
}

/* --- whether a call fails --- */

static bool is_ours(int fd)
{
    char link[32], path[PATH_MAX];

    if (faults == NULL || fd < 0)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof(path));
    return size >= (ssize_t)under_size && memcmp(path, under, under_size) == 0;
}

static uint32_t add(uint32_t *number, uint32_t more)
{
    return __atomic_add_fetch(number, more, __ATOMIC_SEQ_CST);
}

enum fate { GOES, FAILS, DIES };

static enum fate fate_of(struct fault *fault)
{
    if (add(&faults->calls, 1) == faults->kill_at)
        return DIES;
    if (fault->error == 0)
        return GOES;
    if (fault->skip > 0) {
        add(&fault->skip, UINT32_MAX);
        return GOES;
    }
    if (fault->count == 0)
        return GOES;
    add(&fault->count, UINT32_MAX);
    add(&fault->failed, 1);
    return FAILS;
}

/* Errno is set, or nothing is any more. */
static int end(enum fate fate, const struct fault *fault)
{
    if (fate == DIES)
        raise(SIGKILL);
    errno = (int)fault->error;
    return -1;
}

/* The function that this one stands before. */
#define REAL(name)                                                                                 \
    (((union {                                                                                     \
         void *object;                                                                             \
         __typeof__(&name) function;                                                               \
     }){ .object = dlsym(RTLD_NEXT, #name) })                                                      \
         .function)

/* --- writes --- */

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->write) : GOES;

    if (fate != GOES && faults->torn)
        (void)!REAL(pwrite64)(fd, bytes, size / 2, at);
    return fate == GOES ? REAL(pwrite64)(fd, bytes, size, at) : end(fate, &faults->write);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return pwrite64(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->write) : GOES;

    if (fate != GOES && faults->torn)
        (void)!REAL(write)(fd, bytes, size / 2);
    return fate == GOES ? REAL(write)(fd, bytes, size) : end(fate, &faults->write);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->write) : GOES;

    if (fate != GOES && faults->torn && count > 1)
        (void)!REAL(writev)(fd, parts, count / 2);
    return fate == GOES ? REAL(writev)(fd, parts, count) : end(fate, &faults->write);
}

int posix_fallocate64(int fd, off64_t at, off64_t size)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->write) : GOES;

    if (fate == GOES)
        return REAL(posix_fallocate64)(fd, at, size);
    (void)end(fate, &faults->write);
    return errno;
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    return posix_fallocate64(fd, at, size);
}

/* --- syncs --- */

int fdatasync(int fd)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->sync) : GOES;

    return fate == GOES ? REAL(fdatasync)(fd) : end(fate, &faults->sync);
}

int fsync(int fd)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->sync) : GOES;

    return fate == GOES ? REAL(fsync)(fd) : end(fate, &faults->sync);
}

/* --- maps --- */

void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset)
{
    enum fate fate = is_ours(fd) ? fate_of(&faults->map) : GOES;

    if (fate == GOES)
        return REAL(mmap64)(at, size, protection, flags, fd, offset);
    (void)end(fate, &faults->map);
    return MAP_FAILED;
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mmap64(at, size, protection, flags, fd, offset);
}

/* --- how much is free --- */

static void pretend(struct statvfs64 *is)
{
    is->f_bavail = is->f_bfree = faults->full == 1 ? 0 : faults->full * 1024ull / is->f_frsize;
}

int fstatvfs64(int fd, struct statvfs64 *is)
{
    int answer = REAL(fstatvfs64)(fd, is);

    if (answer == 0 && faults != NULL && faults->full && is_ours(fd))
        pretend(is);
    return answer;
}

int statvfs64(const char *path, struct statvfs64 *is)
{
    int answer = REAL(statvfs64)(path, is);
    /* What is above it is on the same disk. */
    bool ours = faults != NULL && strncmp(path, under, strnlen(path, under_size - 1)) == 0;

    if (answer == 0 && ours && faults->full)
        pretend(is);
    return answer;
}

int fstatvfs(int fd, struct statvfs *is)
{
    return fstatvfs64(fd, (struct statvfs64 *)is);
}

int statvfs(const char *path, struct statvfs *is)
{
    return statvfs64(path, (struct statvfs64 *)is);
}
