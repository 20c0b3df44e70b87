/* Any bytes as a settings file: what reads prints as what reads the same, else words say why. */
#include <stdlib.h>
#include <string.h>

#include "daemon/config.h"
#include "tests/support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct config *config, struct ayni_buffer *to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL)
        abort();
    config_print(config, stream);
    fclose(stream);
    ayni_buffer_append(to, text, size);
    free(text);
}

static enum ayni_status read_file(struct memory_file *file, struct ayni_bytes bytes,
                                  struct config *config)
{
    char why[512] = "";

    memory_file_write(file, bytes);
    config_init(config);
    enum ayni_status status = config_read(config, file->path, why, sizeof(why));
    if (status != AYNI_OK && why[0] == '\0')
        abort();
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_file file = { .descriptor = -1 };
    SCOPED_BUFFER printed = { 0 }, again = { 0 };
    struct config config;

    if (file.descriptor < 0)
        memory_file_make(&file);
    if (read_file(&file, (struct ayni_bytes){ data, size }, &config) != AYNI_OK)
        return 0;
    print(&config, &printed);
    if (read_file(&file, ayni_buffer_bytes(&printed), &config) != AYNI_OK)
        abort();
    print(&config, &again);
    if (!ayni_bytes_equal(ayni_buffer_bytes(&printed), ayni_buffer_bytes(&again)))
        abort();
    return 0;
}
