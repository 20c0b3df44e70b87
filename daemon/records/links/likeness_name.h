#ifndef AYNI_DAEMON_RECORDS_LIKENESS_NAME_H
#define AYNI_DAEMON_RECORDS_LIKENESS_NAME_H

#include "proto/arena.h"

/* The names of a child as the search for the same child compares them: without accents or case,
 * inner spaces single (ayni_text_fold), whatever order of bytes they came in. */
struct likeness_name {
    struct ayni_bytes text; /* both surnames and the given names, a unit separator between them */
    size_t surnames;        /* of it, the bytes of the surnames */
    uint64_t hash;          /* of the text */
    uint32_t letters;       /* a bit for each letter that stands in it an odd number of times */
};

enum {
    LIKENESS_EDITS_MAX = 2,       /* names that differ by more are others */
    LIKENESS_NAME_SIZE_MAX = 720, /* in all; a catalogue allows 3 x 80 characters */
};

/*
 * Make it of the first surname, the second and the given names, each perhaps
 * empty, in `memory`.
 *
 *   AYNI_E_INVALID  all are empty, one is no UTF-8, or they are too long to be names
 */
AYNI_CHECKED enum ayni_status likeness_name_make(const struct ayni_bytes parts[3],
                                                 struct ayni_arena *memory,
                                                 struct likeness_name *name);

bool likeness_name_equal(const struct likeness_name *a, const struct likeness_name *b);
/* At most LIKENESS_EDITS_MAX letters have to be put, taken away or changed; equal ones are near. */
bool likeness_name_near(const struct likeness_name *a, const struct likeness_name *b);
/* The letters alone: false means that they can't be near. */
bool likeness_letters_near(uint32_t a, uint32_t b);
bool likeness_name_same_surnames(const struct likeness_name *a, const struct likeness_name *b);
bool likeness_name_same_given(const struct likeness_name *a, const struct likeness_name *b);

#endif
