#ifndef AYNI_PROTO_NEAREST_H
#define AYNI_PROTO_NEAREST_H

#include "proto/bytes.h"

/* Which known name somebody meant: the one with the fewest edits, if they are few for its length.
 */
struct ayni_nearest {
    struct ayni_bytes wrong;
    const char *best; /* NULL: none is near */
    size_t distance;
};

struct ayni_nearest ayni_nearest(struct ayni_bytes wrong);
/* Of equally near ones the first offered stays. `candidate` is kept, not copied. */
void ayni_nearest_offer(struct ayni_nearest *nearest, const char *candidate);
/* Letters inserted, removed, changed or swapped with the next to get from a to b; SIZE_MAX for what
 * is over 64 bytes. */
size_t ayni_edit_distance(struct ayni_bytes a, struct ayni_bytes b);

#endif
