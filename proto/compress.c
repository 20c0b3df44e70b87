#include "proto/compress.h"

#include <zstd.h>

enum {
    LEVEL = 3,
    WINDOW_LOG = 20, /* a reader that takes a frame piece by piece keeps 1 MiB at most */
};

static void free_decompressor(ZSTD_DCtx **context)
{
    ZSTD_freeDCtx(*context);
}

#define SCOPED_DECOMPRESSOR __attribute__((cleanup(free_decompressor))) ZSTD_DCtx *

static void free_compressor(ZSTD_CCtx **context)
{
    ZSTD_freeCCtx(*context);
}

#define SCOPED_COMPRESSOR __attribute__((cleanup(free_compressor))) ZSTD_CCtx *

enum ayni_status ayni_compress(struct ayni_bytes plain, struct ayni_buffer *to)
{
    SCOPED_COMPRESSOR context = ZSTD_createCCtx();
    size_t bound = ZSTD_compressBound(plain.size);
    uint8_t *room = context == NULL ? NULL : ayni_buffer_extend(to, bound);

    if (room == NULL)
        return AYNI_E_MEMORY;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, WINDOW_LOG);
    size_t size = ZSTD_compress2(context, room, bound, plain.data, plain.size);
    bool failed = ZSTD_isError(size);
    to->size -= failed ? bound : bound - size;
    return failed ? AYNI_E_MEMORY : AYNI_OK; /* with room for the bound only memory can lack */
}

/* The size that the one frame in `frame` declares. */
static enum ayni_status declared_size(struct ayni_bytes frame, size_t size_max, size_t *size)
{
    unsigned long long declared = ZSTD_getFrameContentSize(frame.data, frame.size);

    if (declared == ZSTD_CONTENTSIZE_ERROR || declared == ZSTD_CONTENTSIZE_UNKNOWN)
        return AYNI_E_MALFORMED;
    if (declared > size_max)
        return AYNI_E_LIMIT;
    if (ZSTD_findFrameCompressedSize(frame.data, frame.size) != frame.size)
        return AYNI_E_MALFORMED; /* an error is no size of any frame */
    *size = (size_t)declared;
    return AYNI_OK;
}

enum ayni_status ayni_decompress(struct ayni_bytes frame, size_t size_max, struct ayni_buffer *to)
{
    size_t size;
    enum ayni_status status = declared_size(frame, size_max, &size);
    if (status != AYNI_OK)
        return status;

    SCOPED_DECOMPRESSOR context = ZSTD_createDCtx();
    size_t before = to->size;
    uint8_t *room = context == NULL ? NULL : ayni_buffer_extend(to, size);
    if (room == NULL)
        return AYNI_E_MEMORY;
    size_t result = ZSTD_decompressDCtx(context, room, size, frame.data, frame.size);
    if (ZSTD_isError(result) || result != size) {
        to->size = before;
        return AYNI_E_MALFORMED;
    }
    return AYNI_OK;
}
