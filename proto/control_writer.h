#ifndef AYNI_PROTO_CONTROL_WRITER_H
#define AYNI_PROTO_CONTROL_WRITER_H

#include "proto/control_value.h"
#include "proto/instant.h"

enum { AYNI_CONTROL_DEPTH_MAX = 5 };

/*
 * A writer appends one value to a buffer, opened containers closed by
 * the same count of ayni_control_close(). `key` names the value in an object and
 * is NULL everywhere else, so that an answer is one line for each value:
 *
 *   ayni_control_open_object(w, NULL);
 *   ayni_control_put_record(w, "id", &id);
 *   ayni_control_open_array(w, "changed");
 *   ayni_control_put_text(w, NULL, "ubigeo");
 *   ayni_control_close(w);
 *   ayni_control_close(w);
 *
 * Containers nest to AYNI_CONTROL_DEPTH_MAX. Failures are the buffer's.
 */
struct ayni_control_writer {
    struct ayni_buffer *to;
    unsigned depth;
    struct {
        size_t start; /* where its content begins in the buffer */
        size_t count; /* values, keys not counted */
        bool is_object;
    } open[AYNI_CONTROL_DEPTH_MAX];
};

struct ayni_control_writer ayni_control_writer(struct ayni_buffer *to);
void ayni_control_open_object(struct ayni_control_writer *writer, const char *key);
void ayni_control_open_array(struct ayni_control_writer *writer, const char *key);
void ayni_control_close(struct ayni_control_writer *writer);
void ayni_control_put_null(struct ayni_control_writer *writer, const char *key);
void ayni_control_put_bool(struct ayni_control_writer *writer, const char *key, bool value);
void ayni_control_put_int(struct ayni_control_writer *writer, const char *key, int64_t value);
void ayni_control_put_text(struct ayni_control_writer *writer, const char *key, const char *value);
/* Text that is no C string; it must be UTF-8. */
void ayni_control_put_string(struct ayni_control_writer *writer, const char *key,
                             struct ayni_bytes value);
void ayni_control_put_record(struct ayni_control_writer *writer, const char *key,
                             const struct ayni_record *value);
void ayni_control_put_node(struct ayni_control_writer *writer, const char *key,
                           const struct ayni_node *value);
void ayni_control_put_space(struct ayni_control_writer *writer, const char *key,
                            const struct ayni_space *value);
void ayni_control_put_instant(struct ayni_control_writer *writer, const char *key,
                              struct ayni_instant value);
void ayni_control_put_time(struct ayni_control_writer *writer, const char *key, int64_t seconds);
void ayni_control_put_day(struct ayni_control_writer *writer, const char *key, int64_t day);
void ayni_control_put_month(struct ayni_control_writer *writer, const char *key, int64_t day);
/* mantissa * 10^-scale, printed with exactly `scale` decimals; `scale` up to
 * AYNI_CONTROL_SCALE_MAX. */
void ayni_control_put_decimal(struct ayni_control_writer *writer, const char *key, int64_t mantissa,
                              unsigned scale);
void ayni_control_put_hash(struct ayni_control_writer *writer, const char *key,
                           struct ayni_bytes value);
/* A value that was read, as it was. */
void ayni_control_put_value(struct ayni_control_writer *writer, const char *key,
                            const struct ayni_control_value *value);
/* A value that was written elsewhere, as its encoded bytes. */
void ayni_control_put_encoded(struct ayni_control_writer *writer, const char *key,
                              struct ayni_bytes encoded);

#endif
