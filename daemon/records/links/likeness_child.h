#ifndef AYNI_DAEMON_RECORDS_LIKENESS_CHILD_H
#define AYNI_DAEMON_RECORDS_LIKENESS_CHILD_H

#include "daemon/records/identifier.h"
#include "daemon/records/links/likeness.h"
#include "daemon/records/reader.h"

/* Numbers of types and fields are permanent: those by which a child is told. */
enum {
    LIKENESS_TYPE_CHILD = 101,
    LIKENESS_TYPE_IDENTIFIER = 102,
    LIKENESS_TYPE_PERSON = 103,
    LIKENESS_TYPE_GUARDIAN_LINK = 104,
    LIKENESS_TYPE_BIRTH = 201,
};

/* A face of what one space holds of a child; its names go into `memory`. AYNI_E_MEMORY alone. */
AYNI_CHECKED enum ayni_status likeness_face_read(const struct record_state *state,
                                                 struct ayni_arena *memory,
                                                 struct likeness_face *face);

/* A number that a child or its mother has, as records of identifiers name it. */
struct likeness_number {
    struct ayni_record record; /* of the identifier */
    bool is_dni;               /* or a CUI, which is the same number */
    const char *value;         /* of a DNI */
};

/* A child with all that it is found by. Freed with likeness_known_free(); all zero is an empty one.
 */
enum { LIKENESS_NUMBERS_MAX = 16, LIKENESS_MOTHERS_MAX = 4 };
struct likeness_known {
    struct likeness_child child;
    struct likeness_number numbers[LIKENESS_NUMBERS_MAX];
    size_t number_count;
    struct ayni_record mothers[LIKENESS_MOTHERS_MAX];
    size_t mother_count;
    struct likeness_number mother_numbers[LIKENESS_NUMBERS_MAX];
    size_t mother_number_count;
    struct ayni_arena memory;
};
void likeness_known_free(struct likeness_known *known);
#define SCOPED_LIKENESS __attribute__((cleanup(likeness_known_free))) struct likeness_known

/*
 * Read a child with its numbers and its mothers, in all spaces. AYNI_E_NOT_FOUND where there is no
 * such child that isn't deleted.
 */
AYNI_CHECKED enum ayni_status likeness_read(struct reader *reader, const struct ayni_record *record,
                                            struct likeness_known *known);

/* The records that the values surviving in a field name, up to `max`. */
size_t likeness_references(const struct record_state *state, uint32_t field,
                           struct ayni_record *records, size_t max);
/* Whether children are told by this field of theirs. */
bool likeness_tells(uint32_t child_field);
/* The text that is shown in a field; empty where there is none. */
struct ayni_bytes likeness_shown_text(const struct record_state *state, uint32_t field);
/* The names that are shown of a child, appended: both surnames, then the given names. */
AYNI_CHECKED enum ayni_status likeness_put_names(const struct record_state *state,
                                                 struct ayni_buffer *names);
/* Whether a word is among the values that survive in a field. */
bool likeness_has_word(const struct record_state *state, uint32_t field, const char *word);

/* Fields, by type. */
enum {
    LIKENESS_CHILD_SURNAME_1 = 1,
    LIKENESS_CHILD_SURNAME_2 = 2,
    LIKENESS_CHILD_GIVEN_NAMES = 3,
    LIKENESS_CHILD_BIRTH_DATE = 4,
    LIKENESS_CHILD_SEX = 6,
    LIKENESS_CHILD_BIRTH_ORDER = 8,
    LIKENESS_CHILD_UBIGEO = 11,
    LIKENESS_IDENTIFIER_HOLDER = 1,
    LIKENESS_IDENTIFIER_SCHEME = 2,
    LIKENESS_IDENTIFIER_VALUE = 3,
    LIKENESS_IDENTIFIER_STATE = 5,
    LIKENESS_LINK_CHILD = 1,
    LIKENESS_LINK_PERSON = 2,
    LIKENESS_BIRTH_MOTHER = 11,
    LIKENESS_LINK_ROLE = 3,
};

#endif
