#include "daemon/bundle/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/folder.h"
#include "daemon/report.h"
#include "proto/bundle_item.h"

static const char partial[] = "partial";

struct inbox {
    char folder[PATH_MAX - INBOX_NAME_SIZE]; /* leaves room for names */
};

static enum ayni_status of_errno(int error)
{
    return error == ENOSPC || error == EDQUOT ? AYNI_E_FULL : AYNI_E_IO;
}

static void path_of(const struct inbox *inbox, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%.*s", inbox->folder, INBOX_NAME_SIZE - 2, name);
}

enum ayni_status inbox_open(const char *home, struct inbox **inbox)
{
    struct inbox *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    if (snprintf(made->folder, sizeof(made->folder), "%s/bundles", home) >=
        (int)sizeof(made->folder)) {
        free(made);
        return AYNI_E_IO;
    }
    enum ayni_status status = inbox_remove(made, partial);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    *inbox = made;
    return AYNI_OK;
}

void inbox_close(struct inbox *inbox)
{
    free(inbox);
}

enum ayni_status inbox_remove(struct inbox *inbox, const char *name)
{
    char path[PATH_MAX];

    path_of(inbox, name, path);
    if (unlink(path) != 0)
        return errno == ENOENT || errno == ENOTDIR ? AYNI_OK : AYNI_E_IO;
    return folder_sync(inbox->folder) ? AYNI_OK : AYNI_E_IO;
}

/* --- receiving --- */

/* A source whose bytes also go into a file. */
struct tee {
    const struct ayni_bundle_source *source;
    int file;
};

static bool write_all(int file, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

static enum ayni_status read_tee(void *context, void *to, size_t size)
{
    struct tee *tee = context;
    enum ayni_status status = tee->source->read(tee->source->context, to, size);

    if (status == AYNI_OK && !write_all(tee->file, to, size))
        status = of_errno(errno);
    return status;
}

static enum ayni_status verify_items(const struct ayni_node *root, struct ayni_bytes items)
{
    struct ayni_bundle_item item;
    struct ayni_head end;
    size_t used;
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && items.size > 0) {
        status = ayni_bundle_item_read(items, &used, &item);
        if (status != AYNI_OK)
            break;
        if (item.type == AYNI_BUNDLE_RUNS)
            status = ayni_bundle_runs_verify(root, &item.runs, &end);
        items = (struct ayni_bytes){ items.data + used, items.size - used };
    }
    return status;
}

/* To its end; the volume says then how many there are. */
static enum ayni_status verify_volume(struct ayni_bundle_volume *volume,
                                      const struct inbox_reader *reader)
{
    enum ayni_status status = reader->accept(reader->context, volume);

    while (status == AYNI_OK) {
        status = ayni_bundle_volume_next(volume);
        if (status == AYNI_OK)
            status = verify_items(&reader->root, ayni_buffer_bytes(&volume->plain));
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static void name_volume(const struct ayni_bundle_head *head, char name[INBOX_NAME_SIZE])
{
    char bundle[2 * sizeof(head->bundle) + 1];

    ayni_hex_text((struct ayni_bytes){ head->bundle.bytes, sizeof(head->bundle) }, bundle);
    snprintf(name, INBOX_NAME_SIZE, "%016llx-%s-%05u", (unsigned long long)head->time.ms, bundle,
             head->volume);
}

/* Under its name it is on the disk. */
static enum ayni_status keep(struct inbox *inbox, int file, const struct ayni_bundle_head *head,
                             char name[INBOX_NAME_SIZE])
{
    char from[PATH_MAX], to[PATH_MAX];

    name_volume(head, name);
    path_of(inbox, partial, from);
    path_of(inbox, name, to);
    if (fsync(file) != 0 || rename(from, to) != 0 || !folder_sync(inbox->folder))
        return of_errno(errno);
    return AYNI_OK;
}

static enum ayni_status receive(struct inbox *inbox, int file,
                                const struct ayni_bundle_source *source,
                                const struct inbox_reader *reader, char name[INBOX_NAME_SIZE])
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct tee tee = { source, file };
    struct ayni_bundle_source teed = { &tee, read_tee };
    enum ayni_status status =
        ayni_bundle_volume_begin(&volume, &teed, &reader->node, reader->secret);

    if (status != AYNI_OK)
        return status;
    status = verify_volume(&volume, reader);
    return status == AYNI_OK ? keep(inbox, file, &volume.head, name) : status;
}

enum ayni_status inbox_receive(struct inbox *inbox, const struct ayni_bundle_source *source,
                               const struct inbox_reader *reader, char name[INBOX_NAME_SIZE])
{
    char path[PATH_MAX];

    if (!folder_make(inbox->folder))
        return of_errno(errno);
    path_of(inbox, partial, path);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return of_errno(errno);
    enum ayni_status status = receive(inbox, file, source, reader, name);
    (void)close(file); /* what counts was synced before */
    if (status != AYNI_OK)
        (void)unlink(path); /* else the next one writes over it */
    return status;
}

/* --- what is there --- */

static bool is_name(const char *name)
{
    return strlen(name) == 16 + 1 + 32 + 1 + 5 && strspn(name, "0123456789abcdef-") == strlen(name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum ayni_status inbox_list(struct inbox *inbox, struct ayni_buffer *names)
{
    DIR *folder = opendir(inbox->folder);
    char name[INBOX_NAME_SIZE] = "";

    if (folder == NULL)
        return errno == ENOENT ? AYNI_OK : AYNI_E_IO;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (!is_name(entry->d_name))
            continue;
        memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
        ayni_buffer_append(names, name, sizeof(name));
    }
    closedir(folder);
    if (names->size > 0)
        qsort(names->data, names->size / INBOX_NAME_SIZE, INBOX_NAME_SIZE, by_name);
    return ayni_buffer_status(names);
}

static enum ayni_status read_file(void *context, void *to, size_t size)
{
    FILE *file = context;
    size_t got = fread(to, 1, size, file);

    if (got == size)
        return AYNI_OK;
    if (ferror(file))
        return AYNI_E_IO;
    return got == 0 ? AYNI_E_NOT_FOUND : AYNI_E_TRUNCATED;
}

enum ayni_status inbox_open_volume(struct inbox *inbox, const char *name,
                                   struct ayni_bundle_source *source)
{
    char path[PATH_MAX];

    path_of(inbox, name, path);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return errno == ENOENT ? AYNI_E_NOT_FOUND : AYNI_E_IO;
    *source = (struct ayni_bundle_source){ file, read_file };
    return AYNI_OK;
}

void inbox_close_volume(struct ayni_bundle_source *source)
{
    (void)fclose(source->context); /* it was only read */
}

static bool is_damage(enum ayni_status status)
{
    return status == AYNI_E_TRUNCATED || status == AYNI_E_MALFORMED || status == AYNI_E_LIMIT ||
           status == AYNI_E_SIGNATURE || status == AYNI_E_CHAIN || status == AYNI_E_VERSION;
}

enum ayni_status inbox_judge(struct inbox *inbox, const char *name, enum ayni_status status)
{
    if (!is_damage(status))
        return status;
    report(REPORT_ERROR, "bundle_damaged", "name=%s reason=%s", name, ayni_status_name(status));
    status = inbox_remove(inbox, name);
    return status == AYNI_OK ? AYNI_E_IO : status;
}
