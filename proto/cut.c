#include "proto/cut.h"

#include <stdlib.h>

#include "proto/limits.h"

static int compare_points(const void *left, const void *right)
{
    const struct ayni_cut_point *a = left, *b = right;
    int order = ayni_id_compare(&a->feed, &b->feed);

    if (order == 0)
        order = (a->seq > b->seq) - (a->seq < b->seq);
    return order != 0 ? order : ayni_id_compare(&a->chain, &b->chain);
}

void ayni_cut_sort_points(struct ayni_cut_point *points, size_t count)
{
    if (count > 1)
        qsort(points, count, sizeof(*points), compare_points);
}

static int longest_first(const void *left, const void *right)
{
    const struct ayni_cut_point *a = left, *b = right;

    return a->seq != b->seq ? (a->seq < b->seq) - (a->seq > b->seq) : compare_points(a, b);
}

size_t ayni_cut_fit_points(struct ayni_cut_point *points, size_t count)
{
    if (count > AYNI_CUT_POINTS_MAX) {
        qsort(points, count, sizeof(*points), longest_first);
        count = AYNI_CUT_POINTS_MAX;
    }
    ayni_cut_sort_points(points, count);
    return count;
}

void ayni_cut_encode(const struct ayni_cut *cut, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_id(to, &cut->ending);
    ayni_cut_put_points(to, cut->points, cut->point_count);
}

void ayni_cut_put_points(struct ayni_buffer *to, const struct ayni_cut_point *points, size_t count)
{
    ayni_cbor_put_array(to, count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_array(to, 3);
        ayni_cbor_put_id(to, &points[i].feed);
        ayni_cbor_put_uint(to, points[i].seq);
        ayni_cbor_put_id(to, &points[i].chain);
    }
}

static void read_point(struct ayni_cbor_reader *reader, struct ayni_cut_point *point)
{
    if (ayni_cbor_read_array(reader) != 3)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    ayni_cbor_read_id(reader, &point->feed);
    point->seq = ayni_cbor_read_uint(reader);
    ayni_cbor_read_id(reader, &point->chain);
    if (point->seq == 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

void ayni_cut_read_points(struct ayni_cbor_reader *reader, struct ayni_cut_point **points,
                          size_t *count)
{
    size_t announced = ayni_cbor_read_array(reader);
    struct ayni_cut_point *read;

    *points = NULL;
    *count = 0;
    /* Each point takes at least 69 bytes: no more room than the bytes could fill. */
    if (announced == 0 || reader->status != AYNI_OK)
        return;
    if (announced > (reader->input.size - reader->position) / 64) {
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        return;
    }
    read = calloc(announced, sizeof(*read));
    if (read == NULL) {
        ayni_cbor_fail(reader, AYNI_E_MEMORY);
        return;
    }
    for (size_t i = 0; i < announced; i++) {
        read_point(reader, &read[i]);
        if (i > 0 && compare_points(&read[i - 1], &read[i]) >= 0)
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
    if (reader->status != AYNI_OK) {
        free(read);
        return;
    }
    *points = read;
    *count = announced;
}

enum ayni_status ayni_cut_decode(struct ayni_bytes payload, struct ayni_cut *cut)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(payload);
    struct ayni_cut decoded = { 0 };

    if (ayni_cbor_read_array(&reader) != 2)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    ayni_cbor_read_id(&reader, &decoded.ending);
    ayni_cut_read_points(&reader, &decoded.points, &decoded.point_count);

    enum ayni_status status = ayni_cbor_done(&reader);
    if (status != AYNI_OK) {
        ayni_cut_free(&decoded);
        return status;
    }
    *cut = decoded;
    return AYNI_OK;
}

void ayni_cut_free(struct ayni_cut *cut)
{
    free(cut->points);
    *cut = (struct ayni_cut){ 0 };
}
