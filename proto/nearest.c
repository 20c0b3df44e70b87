#include "proto/nearest.h"

enum { NAME_SIZE_MAX = 64 };

struct ayni_nearest ayni_nearest(struct ayni_bytes wrong)
{
    return (struct ayni_nearest){ .wrong = wrong, .distance = SIZE_MAX };
}

void ayni_nearest_offer(struct ayni_nearest *nearest, const char *candidate)
{
    size_t distance = ayni_edit_distance(nearest->wrong, ayni_bytes_of_text(candidate));
    size_t allowed = nearest->wrong.size < 4 ? 1 : nearest->wrong.size / 3 + 1;

    if (distance <= allowed && distance < nearest->distance) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

size_t ayni_edit_distance(struct ayni_bytes a, struct ayni_bytes b)
{
    size_t rows[3][NAME_SIZE_MAX + 1]; /* of the prefixes of a with i - 2, i - 1 and i characters */

    if (a.size > NAME_SIZE_MAX || b.size > NAME_SIZE_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = a.data[i - 1] == b.data[j - 1];
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1));
            bool swapped =
                i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
            if (swapped && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
    }
    return rows[a.size % 3][b.size];
}
