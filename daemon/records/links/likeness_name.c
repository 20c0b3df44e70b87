#include "daemon/records/links/likeness_name.h"

#include <string.h>

#include "proto/crypto.h"
#include "proto/text.h"

enum { SEPARATOR = 0x1f, LETTER_BITS = 32 };

/* An edit puts, takes away or changes one letter: it turns two bits at most. */
static uint32_t letters_of(struct ayni_bytes text)
{
    uint32_t letters = 0, character;

    while (ayni_text_next(&text, &character))
        letters ^= UINT32_C(1) << character % LETTER_BITS;
    return letters;
}

enum ayni_status likeness_name_make(const struct ayni_bytes parts[3], struct ayni_arena *memory,
                                    struct likeness_name *name)
{
    SCOPED_BUFFER text = { 0 };
    struct likeness_name made = { 0 };

    for (size_t i = 0; i < 3; i++) {
        if (i == 2)
            made.surnames = text.size;
        if (i > 0)
            ayni_buffer_append_byte(&text, SEPARATOR);
        if (parts[i].size > LIKENESS_NAME_SIZE_MAX)
            return AYNI_E_INVALID;
        enum ayni_status status = ayni_text_fold(parts[i], &text);
        if (status != AYNI_OK)
            return status == AYNI_E_MEMORY ? status : AYNI_E_INVALID;
    }
    enum ayni_status status = ayni_buffer_status(&text);
    if (status != AYNI_OK)
        return status;
    if (text.size == 2 || text.size > LIKENESS_NAME_SIZE_MAX)
        return AYNI_E_INVALID;
    made.text =
        (struct ayni_bytes){ (const uint8_t *)ayni_arena_text(memory, ayni_buffer_bytes(&text)),
                             text.size };
    if (made.text.data == NULL)
        return AYNI_E_MEMORY;
    made.hash = ayni_get_u64(ayni_hash_of(made.text).bytes);
    made.letters = letters_of(made.text);
    *name = made;
    return AYNI_OK;
}

bool likeness_name_equal(const struct likeness_name *a, const struct likeness_name *b)
{
    return a->hash == b->hash && ayni_bytes_equal(a->text, b->text);
}

bool likeness_letters_near(uint32_t a, uint32_t b)
{
    return __builtin_popcount(a ^ b) <= 2 * LIKENESS_EDITS_MAX;
}

/* Whether so many edits make one text of the other: each of them leaves less to try. */
static bool within(struct ayni_bytes a, struct ayni_bytes b, int edits)
{
    struct ayni_bytes a_rest = a, b_rest = b;
    uint32_t in_a = 0, in_b = 0;
    bool a_more, b_more;

    do {
        a = a_rest;
        b = b_rest;
        a_more = ayni_text_next(&a_rest, &in_a);
        b_more = ayni_text_next(&b_rest, &in_b);
    } while (a_more && b_more && in_a == in_b);
    if (!a_more && !b_more)
        return true;
    if (edits == 0)
        return false;
    return (a_more && b_more && within(a_rest, b_rest, edits - 1)) ||
           (a_more && within(a_rest, b, edits - 1)) || (b_more && within(a, b_rest, edits - 1));
}

bool likeness_name_near(const struct likeness_name *a, const struct likeness_name *b)
{
    return likeness_letters_near(a->letters, b->letters) &&
           within(a->text, b->text, LIKENESS_EDITS_MAX);
}

static struct ayni_bytes surnames(const struct likeness_name *name)
{
    return (struct ayni_bytes){ name->text.data, name->surnames };
}

static struct ayni_bytes given(const struct likeness_name *name)
{
    return (struct ayni_bytes){ name->text.data + name->surnames,
                                name->text.size - name->surnames };
}

bool likeness_name_same_surnames(const struct likeness_name *a, const struct likeness_name *b)
{
    return ayni_bytes_equal(surnames(a), surnames(b));
}

bool likeness_name_same_given(const struct likeness_name *a, const struct likeness_name *b)
{
    return ayni_bytes_equal(given(a), given(b));
}
