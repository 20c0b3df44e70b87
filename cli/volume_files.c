#include "cli/volume_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/language.h"
#include "proto/control.h"
#include "proto/limits.h"

#define PARTIAL ".partial"

static void name_volume(char name[PATH_MAX], const char *path, bool numbered, uint32_t volume,
                        const char *suffix)
{
    int size = numbered ? snprintf(name, PATH_MAX, "%s.%03u%s", path, volume, suffix)
                        : snprintf(name, PATH_MAX, "%s%s", path, suffix);

    if (size >= PATH_MAX)
        name[0] = '\0'; /* no file has that name */
}

/* --- writing --- */

static enum ayni_status cannot_write(const char *name, struct failure *failure)
{
    bool full = errno == ENOSPC || errno == EDQUOT;

    fail(failure, full ? AYNI_E_FULL : AYNI_E_IO, _("{} can't be written: {}"), name,
         strerror(errno), NULL);
    if (full)
        fail_hint(failure, _("make room, or cut it with --volume-size for several sticks"), NULL);
    return full ? AYNI_E_FULL : AYNI_E_IO;
}

/* What was written is on the disk. */
static bool close_file(struct volume_writer *writer)
{
    if (writer->volume == 0)
        return true;
    writer->volume = 0;
    bool written = fsync(writer->file) == 0;
    int error = errno;
    bool closed = close(writer->file) == 0;
    if (!written)
        errno = error;
    return written && closed;
}

static bool open_file(struct volume_writer *writer, uint32_t volume, const char *name)
{
    if (writer->volume == volume)
        return true;
    if (!close_file(writer))
        return false;
    writer->file = open(
        name, O_WRONLY | O_CREAT | O_CLOEXEC | (volume > writer->count ? O_TRUNC : O_APPEND), 0666);
    if (writer->file < 0)
        return false;
    writer->volume = volume;
    if (volume > writer->count)
        writer->count = volume;
    return true;
}

static bool write_all(int file, struct ayni_bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(file, bytes.data, bytes.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes.data += written;
        bytes.size -= (size_t)written;
    }
    return true;
}

enum ayni_status volume_writer_put(struct volume_writer *writer, uint32_t volume,
                                   struct ayni_bytes bytes, struct failure *failure)
{
    char name[PATH_MAX];

    name_volume(name, writer->path, writer->numbered, volume, PARTIAL);
    if (!open_file(writer, volume, name) || !write_all(writer->file, bytes))
        return cannot_write(name, failure);
    return AYNI_OK;
}

/* Volumes past the last, of an older bundle that this one was written over. */
static void remove_older(const struct volume_writer *writer)
{
    char name[PATH_MAX];
    uint32_t volume = writer->count;

    do
        name_volume(name, writer->path, true, ++volume, "");
    while (writer->numbered && unlink(name) == 0);
}

enum ayni_status volume_writer_end(struct volume_writer *writer, struct failure *failure)
{
    char from[PATH_MAX], to[PATH_MAX];

    if (!close_file(writer))
        return cannot_write(writer->path, failure);
    for (uint32_t volume = 1; volume <= writer->count; volume++) {
        name_volume(from, writer->path, writer->numbered, volume, PARTIAL);
        name_volume(to, writer->path, writer->numbered, volume, "");
        if (rename(from, to) != 0)
            return cannot_write(to, failure);
    }
    remove_older(writer);
    return AYNI_OK;
}

void volume_writer_discard(struct volume_writer *writer)
{
    char name[PATH_MAX];

    (void)!close_file(writer);
    for (uint32_t volume = 1; volume <= writer->count; volume++) {
        name_volume(name, writer->path, writer->numbered, volume, PARTIAL);
        (void)unlink(name);
    }
    writer->count = 0;
}

/* --- reading --- */

enum {
    PIECE_SIZE = 512 * 1024,
    GAP_MAX = 100, /* volumes that may be missing one after the other */
};

static bool measure(const char *name, uint64_t *size)
{
    struct stat is;

    if (stat(name, &is) != 0)
        return false;
    *size += S_ISREG(is.st_mode) ? (uint64_t)is.st_size : 0;
    return true;
}

/* The size of all volumes that are there. */
static uint64_t measure_volumes(const char *path)
{
    char name[PATH_MAX];
    uint64_t size = 0;

    for (uint32_t volume = 1, gap = 0; volume <= AYNI_BUNDLE_VOLUMES_MAX && gap < GAP_MAX;
         volume++) {
        name_volume(name, path, true, volume, "");
        gap = measure(name, &size) ? 0 : gap + 1;
    }
    return size;
}

static enum ayni_status cannot_read(const char *name, struct failure *failure)
{
    return fail(failure, AYNI_E_USAGE, _("{} can't be read: {}"), name, strerror(errno), NULL);
}

/* The next volume that is there; none left is no failure. */
static enum ayni_status open_next(struct volume_reader *reader, struct failure *failure)
{
    char name[PATH_MAX];

    for (uint32_t gap = 0; reader->volume < AYNI_BUNDLE_VOLUMES_MAX && gap < GAP_MAX; gap++) {
        name_volume(name, reader->path, true, ++reader->volume, "");
        reader->file = fopen(name, "rb");
        if (reader->file != NULL)
            return AYNI_OK;
        if (errno != ENOENT)
            return cannot_read(name, failure);
    }
    return AYNI_OK;
}

enum ayni_status volume_reader_open(const char *path, struct volume_reader *reader,
                                    struct failure *failure)
{
    *reader = (struct volume_reader){ .path = path };
    if (strcmp(path, "-") == 0) {
        reader->file = stdin;
        return AYNI_OK;
    }
    reader->file = fopen(path, "rb");
    if (reader->file != NULL) {
        (void)measure(path, &reader->size);
        return AYNI_OK;
    }
    int error = errno;
    reader->size = error == ENOENT ? measure_volumes(path) : 0;
    reader->numbered = reader->size > 0;
    errno = error;
    return reader->numbered ? open_next(reader, failure) : cannot_read(path, failure);
}

static void close_input(struct volume_reader *reader)
{
    if (reader->file != NULL && reader->file != stdin)
        (void)fclose(reader->file); /* it was only read */
    reader->file = NULL;
}

/* The next piece; nothing at the end of all files. */
static enum ayni_status read_piece(struct volume_reader *reader, uint8_t *piece, size_t *size,
                                   struct failure *failure)
{
    enum ayni_status status = AYNI_OK;

    *size = 0;
    while (status == AYNI_OK && *size == 0 && reader->file != NULL) {
        *size = fread(piece, 1, PIECE_SIZE, reader->file);
        if (ferror(reader->file)) {
            fail_hint(failure, _("put it in again and import it again: what was taken in stays"),
                      NULL);
            return fail(failure, AYNI_E_IO, _("{} can't be read: {}"), reader->path,
                        strerror(errno), NULL);
        }
        if (*size > 0)
            break;
        close_input(reader);
        if (reader->numbered)
            status = open_next(reader, failure);
    }
    return status;
}

enum ayni_status volume_reader_next(struct volume_reader *reader, struct ayni_buffer *frame,
                                    struct failure *failure)
{
    SCOPED_BUFFER piece = { 0 };
    uint8_t *room = ayni_buffer_extend(&piece, PIECE_SIZE);
    size_t size;

    if (room == NULL)
        return fail_memory(failure);
    enum ayni_status status = read_piece(reader, room, &size, failure);
    if (status != AYNI_OK)
        return status;
    if (size == 0)
        return ayni_control_data_end(frame) == AYNI_OK ? AYNI_OK : fail_memory(failure);
    struct ayni_control_writer writer = ayni_control_data_begin(frame);
    ayni_control_put_hash(&writer, NULL, (struct ayni_bytes){ room, size });
    return ayni_buffer_status(frame) == AYNI_OK ? AYNI_OK : fail_memory(failure);
}

void volume_reader_close(struct volume_reader *reader)
{
    close_input(reader);
}
