#include "proto/compress.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "proto/limits.h"

enum { LEVEL = 3 };

static void free_decompressor(ZSTD_DCtx **context)
{
    ZSTD_freeDCtx(*context);
}

#define SCOPED_DECOMPRESSOR __attribute__((cleanup(free_decompressor))) ZSTD_DCtx *

enum ayni_status ayni_compress(struct ayni_bytes plain, struct ayni_buffer *to)
{
    size_t bound = ZSTD_compressBound(plain.size);
    uint8_t *room = ayni_buffer_extend(to, bound);

    if (room == NULL)
        return AYNI_E_MEMORY;
    size_t size = ZSTD_compress(room, bound, plain.data, plain.size, LEVEL);
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

static enum ayni_status from_zstd(size_t result)
{
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
        return AYNI_E_LIMIT;
    case ZSTD_error_memory_allocation:
        return AYNI_E_MEMORY;
    default:
        return AYNI_E_MALFORMED;
    }
}

enum ayni_status ayni_decompress(struct ayni_bytes frame, size_t size_max, struct ayni_buffer *to)
{
    size_t size;
    enum ayni_status status = declared_size(frame, size_max, &size);
    if (status != AYNI_OK)
        return status;

    SCOPED_DECOMPRESSOR context = ZSTD_createDCtx();
    size_t before = to->size;
    uint8_t *room = ayni_buffer_extend(to, size);
    if (context == NULL || room == NULL)
        return AYNI_E_MEMORY;
    size_t result = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, AYNI_WINDOW_LOG_MAX);
    if (!ZSTD_isError(result))
        result = ZSTD_decompressDCtx(context, room, size, frame.data, frame.size);
    if (ZSTD_isError(result) || result != size) {
        to->size = before;
        return ZSTD_isError(result) ? from_zstd(result) : AYNI_E_MALFORMED;
    }
    return AYNI_OK;
}
