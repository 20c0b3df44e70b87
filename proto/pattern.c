#include "proto/pattern.h"

#include <string.h>

#include "proto/text.h"

enum { REPEATS_MAX = AYNI_PATTERN_TEXT_MAX };

/* One step of a pattern: a set of characters, and how often it comes. */
struct element {
    struct ayni_bytes set; /* what stands between [ and ], or one character, escaped or not */
    bool any;
    size_t least;
    size_t most;
};

static bool take_if(struct ayni_bytes *rest, char character)
{
    if (rest->size == 0 || rest->data[0] != (uint8_t)character)
        return false;
    *rest = (struct ayni_bytes){ rest->data + 1, rest->size - 1 };
    return true;
}

/* One character, or a backslash and what it escapes: `escaped` says which. */
static bool take_character(struct ayni_bytes *rest, uint32_t *character, bool *escaped)
{
    *escaped = take_if(rest, '\\');
    return ayni_text_next(rest, character);
}

static bool take_number(struct ayni_bytes *rest, size_t *number)
{
    size_t value = 0, digits = 0;

    while (rest->size > 0 && rest->data[0] >= '0' && rest->data[0] <= '9' && value <= REPEATS_MAX) {
        value = value * 10 + (size_t)(rest->data[0] - '0');
        *rest = (struct ayni_bytes){ rest->data + 1, rest->size - 1 };
        digits++;
    }
    *number = value;
    return digits > 0 && value <= REPEATS_MAX;
}

/* {3} {2,4} {2,} after its brace. */
static bool take_counts(struct ayni_bytes *rest, struct element *element)
{
    if (!take_number(rest, &element->least))
        return false;
    element->most = element->least;
    if (take_if(rest, ',') && !take_number(rest, &element->most))
        element->most = REPEATS_MAX;
    return take_if(rest, '}') && element->least <= element->most;
}

static bool take_repeats(struct ayni_bytes *rest, struct element *element)
{
    element->least = 1;
    element->most = 1;
    if (take_if(rest, '{'))
        return take_counts(rest, element);
    if (take_if(rest, '*')) {
        element->least = 0;
        element->most = REPEATS_MAX;
    } else if (take_if(rest, '+')) {
        element->most = REPEATS_MAX;
    } else if (take_if(rest, '?')) {
        element->least = 0;
    }
    return true;
}

/* The next member of a set: from `first` to `last`, or a class. */
struct member {
    uint32_t first;
    uint32_t last;
    bool letters;
};

static bool take_member(struct ayni_bytes *set, struct member *member)
{
    bool escaped;

    if (!take_character(set, &member->first, &escaped))
        return false;
    member->last = member->first;
    member->letters = escaped && member->first == 'L';
    if (escaped && member->first == 'd') {
        member->first = '0';
        member->last = '9';
    }
    if (!escaped && set->size > 1 && take_if(set, '-'))
        return take_character(set, &member->last, &escaped) && member->first <= member->last;
    return true;
}

/* What stands up to the closing bracket; members are checked, so that matching can't fail. */
static bool take_set(struct ayni_bytes *rest, struct ayni_bytes *set)
{
    size_t size = 0;

    while (size < rest->size && rest->data[size] != ']')
        size += rest->data[size] == '\\' ? 2 : 1;
    if (size == 0 || size >= rest->size)
        return false;
    *set = (struct ayni_bytes){ rest->data, size };
    *rest = (struct ayni_bytes){ rest->data + size + 1, rest->size - size - 1 };
    struct ayni_bytes members = *set;
    while (members.size > 0) {
        struct member member;
        if (!take_member(&members, &member))
            return false;
    }
    return true;
}

static bool take_element(struct ayni_bytes *rest, struct element *element)
{
    struct ayni_bytes start = *rest;
    uint32_t character;
    bool escaped;

    element->any = false;
    if (take_if(rest, '[')) {
        if (!take_set(rest, &element->set))
            return false;
    } else {
        if (!take_character(rest, &character, &escaped))
            return false;
        if (!escaped && character < 0x80 && strchr("]{}*+?", (int)character) != NULL)
            return false;
        element->any = !escaped && character == '.';
        element->set = (struct ayni_bytes){ start.data, (size_t)(rest->data - start.data) };
    }
    return take_repeats(rest, element);
}

static bool element_has(const struct element *element, uint32_t character)
{
    struct ayni_bytes members = element->set;
    struct member member;

    if (element->any)
        return true;
    while (members.size > 0 && take_member(&members, &member)) {
        if (member.letters ? ayni_text_is_letter(character)
                           : character >= member.first && character <= member.last)
            return true;
    }
    return false;
}

/*
 * `reached[i]`: the elements so far can end before character i. Moves them on
 * by one element.
 */
static void step(const struct element *element, const uint32_t *text, size_t count,
                 bool reached[AYNI_PATTERN_TEXT_MAX + 1])
{
    bool next[AYNI_PATTERN_TEXT_MAX + 1] = { false };

    for (size_t from = 0; from <= count; from++) {
        if (!reached[from])
            continue;
        for (size_t taken = 0; taken <= element->most; taken++) {
            if (taken >= element->least)
                next[from + taken] = true;
            if (from + taken == count || !element_has(element, text[from + taken]))
                break;
        }
    }
    memcpy(reached, next, sizeof(next));
}

bool ayni_pattern_is_valid(struct ayni_bytes pattern)
{
    if (!ayni_text_valid(pattern))
        return false;
    while (pattern.size > 0) {
        struct element element;
        if (!take_element(&pattern, &element))
            return false;
    }
    return true;
}

static bool read_characters(struct ayni_bytes text, uint32_t characters[AYNI_PATTERN_TEXT_MAX],
                            size_t *count)
{
    for (*count = 0; text.size > 0; (*count)++)
        if (*count == AYNI_PATTERN_TEXT_MAX || !ayni_text_next(&text, &characters[*count]))
            return false;
    return true;
}

/* A pattern that is none is seen where it is none: so it is gone through once. */
bool ayni_pattern_fits(struct ayni_bytes pattern, struct ayni_bytes text)
{
    bool reached[AYNI_PATTERN_TEXT_MAX + 1] = { true };
    uint32_t characters[AYNI_PATTERN_TEXT_MAX];
    size_t count;
    bool may_fit = read_characters(text, characters, &count);

    while (pattern.size > 0) {
        struct element element;
        if (!take_element(&pattern, &element))
            return true;
        if (may_fit)
            step(&element, characters, count, reached);
    }
    return may_fit && reached[count];
}
