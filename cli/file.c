#include "cli/file.h"

#include <errno.h>
#include <string.h>

#include "cli/language.h"

static enum ayni_status cannot_read(const char *path, struct failure *failure)
{
    return fail(failure, AYNI_E_USAGE, _("{} can't be read: {}"), path, strerror(errno), NULL);
}

enum ayni_status file_read(const char *path, size_t maximum, struct ayni_buffer *to,
                           struct failure *failure)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char piece[65536];

    if (file == NULL)
        return cannot_read(path, failure);
    for (size_t got; (got = fread(piece, 1, sizeof(piece), file)) > 0 && to->size <= maximum;)
        ayni_buffer_append(to, piece, got);
    bool failed = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (failed)
        return cannot_read(path, failure);
    if (to->size > maximum)
        return fail(failure, AYNI_E_USAGE, _("{} is larger than such a file can be"), path, NULL);
    return to->failed ? fail_memory(failure) : AYNI_OK;
}
