/*
 * Replays a corpus with any compiler: each argument is a file or a folder of
 * files that is handed to the fuzz target. Prints how many there were.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long played;

static void play_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    played++;
}

static void play(const char *path)
{
    struct stat is;
    char child[4096];

    if (stat(path, &is) != 0) {
        perror(path);
        exit(1);
    }
    if (!S_ISDIR(is.st_mode)) {
        play_file(path);
        return;
    }
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
        play(child);
    }
    if (folder != NULL)
        closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        play(argv[i]);
    printf("%lu inputs replayed\n", played);
    return played == 0;
}
