#include "daemon/federation/place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "proto/cbor.h"
#include "proto/crypto.h"

enum { LINE_SIZE = 256 };

/* The first line of a file of the system's; empty where there is none. */
static void read_line(const char *path, char line[LINE_SIZE])
{
    FILE *file = fopen(path, "re");

    line[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(line, LINE_SIZE, file) == NULL)
        line[0] = '\0';
    fclose(file);
}

static void put_line(struct ayni_buffer *to, const char *path)
{
    char line[LINE_SIZE];

    read_line(path, line);
    ayni_cbor_put_bytes(to, ayni_bytes_of_text(line));
}

/* The numbers that a disk was made with, as the kinds of disk show them; of a partition, its
 * disk's. */
static void put_disk(struct ayni_buffer *to, const struct statx *is)
{
    static const char *const names[] = { "serial",         "device/serial", "device/wwid",
                                         "device/cid",     "../serial",     "../device/serial",
                                         "../device/wwid", "../device/cid" };
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/%s", is->stx_dev_major,
                 is->stx_dev_minor, names[i]);
        put_line(to, path);
    }
}

void place_of(int file, uint8_t place[PLACE_SIZE])
{
    SCOPED_BUFFER bytes = { 0 };
    struct statx is = { 0 };

    (void)statx(file, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &is);
    ayni_cbor_put_array(&bytes, 5 + 2 + 8);
    ayni_cbor_put_string(&bytes, "ayni-place-2");
    put_line(&bytes, "/etc/machine-id");
    put_line(&bytes, "/sys/firmware/devicetree/base/serial-number");
    put_line(&bytes, "/sys/class/dmi/id/product_uuid"); /* root may read it */
    put_disk(&bytes, &is);
    ayni_cbor_put_uint(&bytes, is.stx_ino);
    ayni_cbor_put_int(&bytes, is.stx_btime.tv_sec);
    ayni_cbor_put_uint(&bytes, is.stx_btime.tv_nsec);
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(&bytes));
    memcpy(place, hash.bytes, PLACE_SIZE);
}
