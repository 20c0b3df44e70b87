#include "po/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool program_beside(const char *name, char path[PATH_MAX])
{
    char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (size <= 0)
        return false;
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    int written = snprintf(path, PATH_MAX, "%s/%s", self, name);
    return written > 0 && written < PATH_MAX;
}
