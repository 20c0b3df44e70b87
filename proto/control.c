#include "proto/control.h"

#include "proto/limits.h"

static void frame_begin(struct ayni_buffer *frame)
{
    static const uint8_t room[AYNI_CONTROL_HEADER_SIZE];
    ayni_buffer_clear(frame);
    ayni_buffer_append(frame, room, sizeof(room));
}

enum ayni_status ayni_control_frame_finish(struct ayni_buffer *frame)
{
    enum ayni_status status = ayni_buffer_status(frame);
    if (status != AYNI_OK)
        return status;
    if (frame->size - AYNI_CONTROL_HEADER_SIZE > AYNI_CONTROL_FRAME_MAX)
        return AYNI_E_LIMIT;
    ayni_put_u32(frame->data, (uint32_t)(frame->size - AYNI_CONTROL_HEADER_SIZE));
    return AYNI_OK;
}

enum ayni_status ayni_control_frame_size(const uint8_t header[AYNI_CONTROL_HEADER_SIZE],
                                         size_t *size)
{
    uint32_t announced = ayni_get_u32(header);
    if (announced == 0 || announced > AYNI_CONTROL_FRAME_MAX)
        return AYNI_E_LIMIT;
    *size = announced;
    return AYNI_OK;
}

static const char protocol_name[] = "ayni-control-1";

/* The first number of every frame but a request. */
enum frame_type {
    FRAME_END = 0,
    FRAME_ITEM = 1,
    FRAME_PROGRESS = 2,
    FRAME_DATA = 3,
    FRAME_WANT = 4
};

static void begin_typed(struct ayni_buffer *frame, size_t count, enum frame_type type)
{
    frame_begin(frame);
    ayni_cbor_put_array(frame, count);
    ayni_cbor_put_uint(frame, type);
}

struct ayni_control_writer ayni_control_request_begin(struct ayni_buffer *frame,
                                                      const char *command)
{
    frame_begin(frame);
    ayni_cbor_put_array(frame, 3);
    ayni_cbor_put_string(frame, protocol_name);
    ayni_cbor_put_string(frame, command);
    return ayni_control_writer(frame);
}

enum ayni_status ayni_control_request_decode(struct ayni_bytes body,
                                             struct ayni_control_request *request)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(body);
    struct ayni_control_request read = { 0 };

    if (ayni_cbor_read_array(&reader) != 3)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    struct ayni_bytes protocol = ayni_cbor_read_text(&reader);
    if (!ayni_bytes_equal(protocol, ayni_bytes_of_text(protocol_name)))
        ayni_cbor_fail(&reader, AYNI_E_VERSION);
    read.command = ayni_cbor_read_text(&reader);
    read.arguments = ayni_control_read(&reader);
    if (read.arguments.kind != AYNI_CONTROL_OBJECT)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    enum ayni_status status = ayni_cbor_done(&reader);
    if (status == AYNI_OK)
        *request = read;
    return status;
}

struct ayni_control_writer ayni_control_data_begin(struct ayni_buffer *frame)
{
    begin_typed(frame, 2, FRAME_DATA);
    return ayni_control_writer(frame);
}

enum ayni_status ayni_control_data_end(struct ayni_buffer *frame)
{
    begin_typed(frame, 1, FRAME_END);
    return ayni_control_frame_finish(frame);
}

enum ayni_status ayni_control_data_decode(struct ayni_bytes body, struct ayni_control_value *value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(body);
    struct ayni_control_value read = { 0 };
    size_t count = ayni_cbor_read_array(&reader);
    uint64_t type = ayni_cbor_read_uint(&reader);
    bool is_end = count == 1 && type == FRAME_END;

    if (!is_end && !(count == 2 && type == FRAME_DATA))
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    if (!is_end)
        read = ayni_control_read(&reader);
    enum ayni_status status = ayni_cbor_done(&reader);
    if (status != AYNI_OK)
        return status;
    if (is_end)
        return AYNI_E_NOT_FOUND;
    *value = read;
    return AYNI_OK;
}

struct ayni_control_writer ayni_control_item_begin(struct ayni_buffer *frame)
{
    begin_typed(frame, 2, FRAME_ITEM);
    return ayni_control_writer(frame);
}

enum ayni_status ayni_control_progress_frame(struct ayni_buffer *frame, uint64_t done,
                                             uint64_t total)
{
    begin_typed(frame, 3, FRAME_PROGRESS);
    ayni_cbor_put_uint(frame, done);
    ayni_cbor_put_uint(frame, total);
    return ayni_control_frame_finish(frame);
}

enum ayni_status ayni_control_want_frame(struct ayni_buffer *frame)
{
    begin_typed(frame, 1, FRAME_WANT);
    return ayni_control_frame_finish(frame);
}

enum ayni_status ayni_control_end_frame(struct ayni_buffer *frame, enum ayni_status status,
                                        struct ayni_bytes error)
{
    begin_typed(frame, 3, FRAME_END);
    ayni_cbor_put_int(frame, status);
    struct ayni_control_writer writer = ayni_control_writer(frame);
    if (error.size > 0) {
        ayni_control_put_encoded(&writer, NULL, error);
    } else {
        ayni_control_open_object(&writer, NULL);
        ayni_control_close(&writer);
    }
    return ayni_control_frame_finish(frame);
}

static void read_end(struct ayni_cbor_reader *reader, struct ayni_control_answer *answer)
{
    int64_t status = ayni_cbor_read_int(reader);
    answer->value = ayni_control_read(reader);
    if (status > 0 || status < -1000 || answer->value.kind != AYNI_CONTROL_OBJECT)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    answer->status = (enum ayni_status)status;
}

enum ayni_status ayni_control_answer_decode(struct ayni_bytes body,
                                            struct ayni_control_answer *answer)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(body);
    struct ayni_control_answer read = { 0 };
    size_t count = ayni_cbor_read_array(&reader);
    uint64_t type = ayni_cbor_read_uint(&reader);

    if (count == 3 && type == FRAME_END) {
        read.type = AYNI_CONTROL_END;
        read_end(&reader, &read);
    } else if (count == 2 && type == FRAME_ITEM) {
        read.type = AYNI_CONTROL_ITEM;
        read.value = ayni_control_read(&reader);
    } else if (count == 3 && type == FRAME_PROGRESS) {
        read.type = AYNI_CONTROL_PROGRESS;
        read.done = ayni_cbor_read_uint(&reader);
        read.total = ayni_cbor_read_uint(&reader);
    } else if (count == 1 && type == FRAME_WANT) {
        read.type = AYNI_CONTROL_WANT;
    } else {
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    }
    enum ayni_status status = ayni_cbor_done(&reader);
    if (status == AYNI_OK)
        *answer = read;
    return status;
}
