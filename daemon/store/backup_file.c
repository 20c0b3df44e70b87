#include "daemon/store/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "proto/compress.h"
#include "proto/crypto.h"

/*
 * "ayni-backup-1\n", then blocks: the size of a frame (u32), the frame. The
 * last size is 0, and the hash over all frames follows. In a frame: op u8,
 * table u8, key size u16, value size u32, key, value; again and again.
 */
static const char magic[] = "ayni-backup-1\n";
enum {
    MAGIC_SIZE = sizeof(magic) - 1,
    ITEM_HEADER_SIZE = 1 + 1 + 2 + 4,
    BLOCK_SIZE = 4 * 1024 * 1024,            /* a block ends with the item that reaches it */
    BLOCK_SIZE_MAX = 64 * 1024 * 1024,       /* of one that is read, before compression, */
    FRAME_SIZE_MAX = BLOCK_SIZE_MAX / 2 * 3, /* and after it */
    KEY_SIZE_MAX = 511,
};

static struct ayni_hash first_hash(void)
{
    return ayni_hash_of((struct ayni_bytes){ (const uint8_t *)magic, MAGIC_SIZE });
}

static struct ayni_hash next_hash(const struct ayni_hash *hash, struct ayni_bytes frame)
{
    return ayni_hash_of_two((struct ayni_bytes){ hash->bytes, sizeof(hash->bytes) }, frame);
}

/* --- writing --- */

static enum ayni_status write_all(struct backup_writer *writer, const void *data, size_t size)
{
    if (fwrite(data, 1, size, writer->file) != size)
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? AYNI_E_FULL : AYNI_E_IO;
    writer->bytes += size;
    return AYNI_OK;
}

enum ayni_status backup_writer_open(struct backup_writer *writer, const char *path)
{
    *writer = (struct backup_writer){ .hash = first_hash() };
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == ENOSPC ? AYNI_E_FULL : errno == EEXIST ? AYNI_E_EXISTS : AYNI_E_IO;
    writer->file = fdopen(fd, "wb");
    if (writer->file == NULL) {
        close(fd);
        return AYNI_E_MEMORY;
    }
    return write_all(writer, magic, MAGIC_SIZE);
}

static enum ayni_status flush_block(struct backup_writer *writer)
{
    uint8_t size[4];

    if (writer->block.size == 0)
        return AYNI_OK;
    ayni_buffer_clear(&writer->frame);
    enum ayni_status status = ayni_compress(ayni_buffer_bytes(&writer->block), &writer->frame);
    ayni_buffer_clear(&writer->block);
    if (status != AYNI_OK)
        return status;
    ayni_put_u32(size, (uint32_t)writer->frame.size);
    writer->hash = next_hash(&writer->hash, ayni_buffer_bytes(&writer->frame));
    status = write_all(writer, size, sizeof(size));
    return status == AYNI_OK ? write_all(writer, writer->frame.data, writer->frame.size) : status;
}

enum ayni_status backup_writer_put(struct backup_writer *writer, const struct backup_item *item)
{
    uint8_t header[ITEM_HEADER_SIZE];

    if (item->key.size > KEY_SIZE_MAX ||
        item->value.size > BLOCK_SIZE_MAX - BLOCK_SIZE - ITEM_HEADER_SIZE - KEY_SIZE_MAX)
        return AYNI_E_LIMIT;
    header[0] = (uint8_t)item->op;
    header[1] = item->table;
    ayni_put_u16(header + 2, (uint16_t)item->key.size);
    ayni_put_u32(header + 4, (uint32_t)item->value.size);
    ayni_buffer_append(&writer->block, header, sizeof(header));
    ayni_buffer_append(&writer->block, item->key.data, item->key.size);
    ayni_buffer_append(&writer->block, item->value.data, item->value.size);
    enum ayni_status status = ayni_buffer_status(&writer->block);
    return status == AYNI_OK && writer->block.size >= BLOCK_SIZE ? flush_block(writer) : status;
}

enum ayni_status backup_writer_sync(struct backup_writer *writer)
{
    enum ayni_status status = flush_block(writer);

    if (status != AYNI_OK)
        return status;
    if (fflush(writer->file) != 0 || fdatasync(fileno(writer->file)) != 0)
        return errno == ENOSPC || errno == EDQUOT ? AYNI_E_FULL : AYNI_E_IO;
    return AYNI_OK;
}

enum ayni_status backup_writer_end(struct backup_writer *writer)
{
    static const uint8_t end[4];
    enum ayni_status status = flush_block(writer);

    if (status == AYNI_OK)
        status = write_all(writer, end, sizeof(end));
    if (status == AYNI_OK)
        status = write_all(writer, writer->hash.bytes, sizeof(writer->hash.bytes));
    return status == AYNI_OK ? backup_writer_sync(writer) : status;
}

void backup_writer_close(struct backup_writer *writer)
{
    if (writer->file != NULL)
        (void)fclose(writer->file); /* what counts was synced before */
    ayni_buffer_free(&writer->block);
    ayni_buffer_free(&writer->frame);
    *writer = (struct backup_writer){ 0 };
}

/* --- reading --- */

/* Exactly so many bytes. */
static enum ayni_status read_all(struct backup_reader *reader, void *to, size_t size)
{
    if (fread(to, 1, size, reader->file) != size)
        return ferror(reader->file) ? AYNI_E_IO : AYNI_E_TRUNCATED;
    reader->bytes += size;
    return AYNI_OK;
}

enum ayni_status backup_reader_begin(struct backup_reader *reader, FILE *file)
{
    char beginning[MAGIC_SIZE];

    *reader = (struct backup_reader){ .file = file, .hash = first_hash() };
    enum ayni_status status = read_all(reader, beginning, sizeof(beginning));
    if (status == AYNI_E_IO)
        return status;
    return status == AYNI_OK && memcmp(beginning, magic, MAGIC_SIZE) == 0 ? AYNI_OK
                                                                          : AYNI_E_VERSION;
}

/* The hash, and nothing after it. */
static enum ayni_status read_end(struct backup_reader *reader)
{
    struct ayni_hash hash;
    enum ayni_status status = read_all(reader, hash.bytes, sizeof(hash.bytes));

    if (status != AYNI_OK)
        return status;
    if (!ayni_id_equal(&hash, &reader->hash) || fgetc(reader->file) != EOF)
        return AYNI_E_MALFORMED;
    return AYNI_E_NOT_FOUND;
}

/* Bytes come piece by piece, so that a size that is a lie takes no memory. */
static enum ayni_status read_frame(struct backup_reader *reader, size_t size)
{
    enum { PIECE = 1024 * 1024 };
    enum ayni_status status = AYNI_OK;

    ayni_buffer_clear(&reader->frame);
    while (status == AYNI_OK && size > 0) {
        size_t piece = size < PIECE ? size : PIECE;
        uint8_t *room = ayni_buffer_extend(&reader->frame, piece);
        status = room == NULL ? AYNI_E_MEMORY : read_all(reader, room, piece);
        size -= piece;
    }
    return status;
}

bool backup_reader_item(const struct backup_reader *reader, size_t *position,
                        struct backup_item *item)
{
    const uint8_t *at = reader->block.data + *position;
    size_t left = reader->block.size - *position;

    if (left < ITEM_HEADER_SIZE)
        return false;
    size_t key_size = ayni_get_u16(at + 2), value_size = ayni_get_u32(at + 4);
    if (at[0] < BACKUP_TABLE || at[0] > BACKUP_REMOVE || key_size > KEY_SIZE_MAX ||
        left - ITEM_HEADER_SIZE < key_size || left - ITEM_HEADER_SIZE - key_size < value_size)
        return false;
    *item = (struct backup_item){ .op = (enum backup_op)at[0], .table = at[1] };
    item->key = (struct ayni_bytes){ at + ITEM_HEADER_SIZE, key_size };
    item->value = (struct ayni_bytes){ at + ITEM_HEADER_SIZE + key_size, value_size };
    *position += ITEM_HEADER_SIZE + key_size + value_size;
    return true;
}

/* Whether all of the block is items. */
static bool is_whole(const struct backup_reader *reader)
{
    struct backup_item item;
    size_t position = 0;

    while (backup_reader_item(reader, &position, &item))
        ;
    return position == reader->block.size;
}

enum ayni_status backup_reader_next_block(struct backup_reader *reader)
{
    uint8_t bytes[4];
    enum ayni_status status = read_all(reader, bytes, sizeof(bytes));
    uint32_t size = status == AYNI_OK ? ayni_get_u32(bytes) : 0;

    if (status != AYNI_OK)
        return status;
    if (size == 0)
        return read_end(reader);
    if (size > FRAME_SIZE_MAX)
        return AYNI_E_MALFORMED;
    status = read_frame(reader, size);
    if (status != AYNI_OK)
        return status;
    reader->hash = next_hash(&reader->hash, ayni_buffer_bytes(&reader->frame));
    ayni_buffer_clear(&reader->block);
    status = ayni_decompress(ayni_buffer_bytes(&reader->frame), BLOCK_SIZE_MAX, &reader->block);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_E_MALFORMED;
    return is_whole(reader) ? AYNI_OK : AYNI_E_MALFORMED;
}

void backup_reader_end(struct backup_reader *reader)
{
    ayni_buffer_free(&reader->frame);
    ayni_buffer_free(&reader->block);
    *reader = (struct backup_reader){ 0 };
}
