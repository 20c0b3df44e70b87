#include <stdlib.h>

#include "daemon/records/links/likeness.h"
#include "proto/instant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What stands before the next line feed. */
static struct ayni_bytes take_line(struct ayni_bytes *rest)
{
    struct ayni_bytes line = { rest->data, 0 };

    while (line.size < rest->size && rest->data[line.size] != '\n')
        line.size++;
    size_t taken = line.size + (line.size < rest->size);
    *rest = (struct ayni_bytes){ rest->data + taken, rest->size - taken };
    return line;
}

/* Two surnames, given names, a day, a sex, a number: a line each. */
static struct likeness_child take_child(struct ayni_bytes *rest, struct ayni_arena *memory)
{
    struct likeness_child child = { .face_count = 1 };
    struct likeness_face *face = &child.faces[0];
    struct ayni_bytes parts[3], number;
    int64_t day;

    for (size_t i = 0; i < 3; i++)
        parts[i] = take_line(rest);
    if (likeness_name_make(parts, memory, &face->names[0]) == AYNI_OK)
        face->name_count = 1;
    if (ayni_day_parse(take_line(rest), &day) == AYNI_OK)
        likeness_set_add(&face->days, (uint64_t)day);
    likeness_set_add(&face->sexes, likeness_code(take_line(rest)));
    likeness_set_add(&face->districts, 1);
    number = take_line(rest);
    if (number.size > 0) {
        likeness_set_add(&child.numbers, likeness_code(number));
        likeness_set_add(&child.dnis, likeness_code(number));
        likeness_set_add(&child.mothers, number.data[0]);
    }
    return child;
}

/* Whoever is compared with whom, the answer is the same; everybody is like himself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_ARENA memory = { 0 };
    struct ayni_bytes rest = { data, size };
    struct likeness_child a = take_child(&rest, &memory), b = take_child(&rest, &memory);
    struct likeness_match there, back;
    bool matches = likeness_compare(&a, &b, &there);

    if (matches != likeness_compare(&b, &a, &back))
        abort();
    if (matches && (there.reasons != back.reasons || there.verdict != back.verdict ||
                    there.score != back.score || there.score < 1 || there.score > 99))
        abort();
    if (a.faces[0].name_count > 0 && a.faces[0].days.count > 0 &&
        (!likeness_compare(&a, &a, &there) || there.verdict != LIKENESS_SAME))
        abort();
    return 0;
}
