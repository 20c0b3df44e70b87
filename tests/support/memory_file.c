#include "tests/support/memory_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void memory_file_make(struct memory_file *file)
{
    file->descriptor = memfd_create("ayni", MFD_CLOEXEC);
    if (file->descriptor < 0)
        abort();
    snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->descriptor);
}

void memory_file_write(struct memory_file *file, struct ayni_bytes bytes)
{
    if (ftruncate(file->descriptor, 0) != 0 ||
        pwrite(file->descriptor, bytes.data, bytes.size, 0) != (ssize_t)bytes.size)
        abort();
}

void memory_file_close(struct memory_file *file)
{
    close(file->descriptor);
}
