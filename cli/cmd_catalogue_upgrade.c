#include "cli/ask.h"

#include "cli/file.h"

enum { EDITION_FILE_MAX = 2 * 1024 * 1024 };

/* What is in the file goes to the daemon, and not its name. */
enum ayni_status cmd_catalogue_upgrade(const struct settings *settings,
                                       const struct arguments *arguments, struct failure *failure)
{
    enum { EDITION }; /* the first parameter */
    SCOPED_BUFFER content = { 0 };
    struct arguments given = *arguments;
    enum ayni_status status = AYNI_OK;

    if (arguments->values[EDITION] != NULL)
        status = file_read(arguments->values[EDITION], EDITION_FILE_MAX, &content, failure);
    if (status != AYNI_OK)
        return status;
    ayni_buffer_append_byte(&content, '\0');
    if (content.failed)
        return fail_memory(failure);
    if (given.values[EDITION] != NULL)
        given.values[EDITION] = (const char *)content.data;
    return ask_and_print(settings, &given, failure);
}
