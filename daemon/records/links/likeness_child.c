#include "daemon/records/links/likeness_child.h"

#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/crypto.h"
#include "proto/instant.h"

enum { ROWS_MAX = 4096 }; /* about one subject; more is nobody's life */

void likeness_known_free(struct likeness_known *known)
{
    ayni_arena_free(&known->memory);
    *known = (struct likeness_known){ 0 };
}

/* --- values that survive --- */

static const struct ayni_folded_field *values_of(const struct record_state *state, uint32_t field)
{
    static const struct ayni_folded_field none;
    const struct ayni_folded_field *found = ayni_folded_field(&state->folded, field);

    return found == NULL ? &none : found;
}

static struct ayni_bytes text_of(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes text = ayni_cbor_read_text(&reader);

    return ayni_cbor_done(&reader) == AYNI_OK ? text : (struct ayni_bytes){ 0 };
}

struct ayni_bytes likeness_shown_text(const struct record_state *state, uint32_t field)
{
    return text_of(record_state_value(state, field));
}

size_t likeness_references(const struct record_state *state, uint32_t field,
                           struct ayni_record *records, size_t max)
{
    const struct ayni_folded_field *values = values_of(state, field);
    size_t count = 0;

    for (size_t i = 0; i < values->alternative_count && count < max; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(values->alternatives[i].value);
        struct ayni_record record;
        ayni_cbor_read_id(&reader, &record);
        if (ayni_cbor_done(&reader) == AYNI_OK)
            records[count++] = record;
    }
    return count;
}

bool likeness_has_word(const struct record_state *state, uint32_t field, const char *word)
{
    const struct ayni_folded_field *values = values_of(state, field);

    for (size_t i = 0; i < values->alternative_count; i++)
        if (ayni_bytes_equal(text_of(values->alternatives[i].value), ayni_bytes_of_text(word)))
            return true;
    return false;
}

static uint64_t hash_of(struct ayni_bytes first, struct ayni_bytes second)
{
    return ayni_get_u64(ayni_hash_of_two(first, second).bytes);
}

/* --- a face --- */

static void read_numbers(const struct record_state *state, uint32_t field, bool days,
                         struct likeness_set *set)
{
    const struct ayni_folded_field *values = values_of(state, field);

    for (size_t i = 0; i < values->alternative_count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(values->alternatives[i].value);
        int64_t value = ayni_cbor_read_int(&reader);
        if (ayni_cbor_done(&reader) == AYNI_OK && (!days || ayni_day_valid(value)))
            likeness_set_add(set, (uint64_t)value);
    }
}

/* Codes of a few characters, as numbers. */
static void read_codes(const struct record_state *state, uint32_t field, struct likeness_set *set)
{
    const struct ayni_folded_field *values = values_of(state, field);

    for (size_t i = 0; i < values->alternative_count; i++) {
        uint64_t code = likeness_code(text_of(values->alternatives[i].value));
        if (code != 0)
            likeness_set_add(set, code);
    }
}

/* The n-th text that survives in a field, an empty one where there is none at all. */
static bool nth_text(const struct ayni_folded_field *values, size_t n, struct ayni_bytes *text)
{
    *text = (struct ayni_bytes){ 0 };
    if (n < values->alternative_count)
        *text = text_of(values->alternatives[n].value);
    return n < values->alternative_count || n == 0;
}

static enum ayni_status add_name(const struct ayni_bytes parts[3], struct ayni_arena *memory,
                                 struct likeness_face *face)
{
    struct likeness_name name;
    enum ayni_status status;

    if (face->name_count == LIKENESS_NAMES_MAX)
        return AYNI_OK;
    status = likeness_name_make(parts, memory, &name);
    if (status != AYNI_OK)
        return status == AYNI_E_INVALID ? AYNI_OK : status;
    for (size_t i = 0; i < face->name_count; i++)
        if (likeness_name_equal(&face->names[i], &name))
            return AYNI_OK;
    face->names[face->name_count++] = name;
    return AYNI_OK;
}

static enum ayni_status read_names(const struct record_state *state, struct ayni_arena *memory,
                                   struct likeness_face *face)
{
    const struct ayni_folded_field *first = values_of(state, LIKENESS_CHILD_SURNAME_1);
    const struct ayni_folded_field *second = values_of(state, LIKENESS_CHILD_SURNAME_2);
    const struct ayni_folded_field *given = values_of(state, LIKENESS_CHILD_GIVEN_NAMES);
    enum ayni_status status = AYNI_OK;
    struct ayni_bytes parts[3];

    for (size_t i = 0; nth_text(first, i, &parts[0]); i++)
        for (size_t j = 0; nth_text(second, j, &parts[1]); j++)
            for (size_t k = 0; status == AYNI_OK && nth_text(given, k, &parts[2]); k++) {
                if (face->name_count == LIKENESS_NAMES_MAX)
                    return AYNI_OK;
                status = add_name(parts, memory, face);
            }
    return status;
}

enum ayni_status likeness_face_read(const struct record_state *state, struct ayni_arena *memory,
                                    struct likeness_face *face)
{
    *face = (struct likeness_face){ .space = state->key.space };
    read_numbers(state, LIKENESS_CHILD_BIRTH_DATE, true, &face->days);
    read_numbers(state, LIKENESS_CHILD_BIRTH_ORDER, false, &face->orders);
    read_codes(state, LIKENESS_CHILD_SEX, &face->sexes);
    read_codes(state, LIKENESS_CHILD_UBIGEO, &face->districts);
    return read_names(state, memory, face);
}

static enum ayni_status read_faces(struct reader *reader, struct likeness_known *known)
{
    struct likeness_child *child = &known->child;
    struct record_key keys[LIKENESS_FACES_MAX];
    size_t count = 0;
    enum ayni_status status = reader_find(reader, &child->record, LIKENESS_TYPE_CHILD, NULL, keys,
                                          LIKENESS_FACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < LIKENESS_FACES_MAX; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(reader, &keys[i], &state);
        if (status == AYNI_OK && !record_state_gone(&state))
            status = likeness_face_read(&state, &known->memory, &child->faces[child->face_count++]);
        else if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
    }
    if (status == AYNI_OK && child->face_count == 0)
        return AYNI_E_NOT_FOUND;
    return status;
}

bool likeness_tells(uint32_t child_field)
{
    static const uint32_t fields[] = { LIKENESS_CHILD_SURNAME_1,   LIKENESS_CHILD_SURNAME_2,
                                       LIKENESS_CHILD_GIVEN_NAMES, LIKENESS_CHILD_BIRTH_DATE,
                                       LIKENESS_CHILD_SEX,         LIKENESS_CHILD_BIRTH_ORDER,
                                       LIKENESS_CHILD_UBIGEO };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (fields[i] == child_field)
            return true;
    return false;
}

enum ayni_status likeness_put_names(const struct record_state *state, struct ayni_buffer *names)
{
    const uint32_t fields[] = { LIKENESS_CHILD_SURNAME_1, LIKENESS_CHILD_SURNAME_2,
                                LIKENESS_CHILD_GIVEN_NAMES };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct ayni_bytes text = likeness_shown_text(state, fields[i]);
        if (names->size > 0 && text.size > 0)
            ayni_buffer_append_byte(names, ' ');
        ayni_buffer_append(names, text.data, text.size);
    }
    return ayni_buffer_status(names);
}

/* --- numbers --- */

/* Of a child or of its mother. */
struct numbers {
    struct likeness_number *list;
    size_t *count;
    struct likeness_set *all, *dnis, *cnvs;
};

static bool holds(const struct record_state *state, const struct ayni_record *holder)
{
    struct ayni_record holders[LIKENESS_VALUES_MAX];
    size_t count =
        likeness_references(state, LIKENESS_IDENTIFIER_HOLDER, holders, LIKENESS_VALUES_MAX);

    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&holders[i], holder))
            return true;
    return false;
}

static void add_number(const struct numbers *to, const struct ayni_record *identifier,
                       struct ayni_bytes scheme, struct ayni_bytes value, struct ayni_arena *memory)
{
    const struct ayni_bytes dni = ayni_bytes_of_text("dni"), cui = ayni_bytes_of_text("cui");
    bool is_dni = ayni_bytes_equal(scheme, dni) || ayni_bytes_equal(scheme, cui);
    uint64_t hash = hash_of(is_dni ? dni : scheme, value);

    if (scheme.size == 0 || value.size == 0)
        return;
    likeness_set_add(to->all, hash);
    if (is_dni)
        likeness_set_add(to->dnis, hash);
    if (ayni_bytes_equal(scheme, ayni_bytes_of_text("cnv")) && to->cnvs != NULL)
        likeness_set_add(to->cnvs, hash);
    if (*to->count == LIKENESS_NUMBERS_MAX)
        return;
    to->list[(*to->count)++] =
        (struct likeness_number){ .record = *identifier,
                                  .is_dni = is_dni,
                                  .value = is_dni ? ayni_arena_text(memory, value) : NULL };
}

/* An identifier that names the holder, unless somebody says that it was mistyped. */
static enum ayni_status read_identifier(struct reader *reader, const struct record_key *key,
                                        const struct ayni_record *holder, const struct numbers *to,
                                        struct ayni_arena *memory)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (record_state_gone(&state) || !holds(&state, holder) ||
        ayni_bytes_equal(likeness_shown_text(&state, LIKENESS_IDENTIFIER_STATE),
                         ayni_bytes_of_text("mistyped")))
        return AYNI_OK;
    add_number(to, &key->record, likeness_shown_text(&state, LIKENESS_IDENTIFIER_SCHEME),
               likeness_shown_text(&state, LIKENESS_IDENTIFIER_VALUE), memory);
    return ayni_arena_status(memory);
}

/* --- the mother --- */

static bool knows_mother(const struct likeness_known *known, const struct ayni_record *mother)
{
    for (size_t i = 0; i < known->mother_count; i++)
        if (ayni_id_equal(&known->mothers[i], mother))
            return true;
    return known->mother_count == LIKENESS_MOTHERS_MAX;
}

static enum ayni_status read_mother(struct reader *reader, const struct ayni_record *mother,
                                    struct likeness_known *known)
{
    const struct numbers to = { known->mother_numbers, &known->mother_number_count,
                                &known->child.mothers, &known->child.mothers, NULL };
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = AYNI_OK;
    struct record_key key;

    if (knows_mother(known, mother))
        return AYNI_OK;
    known->mothers[known->mother_count++] = *mother;
    likeness_set_add(&known->child.mothers,
                     hash_of((struct ayni_bytes){ mother->bytes, sizeof(mother->bytes) },
                             (struct ayni_bytes){ 0 }));
    walk_subject(reader, mother, &walk);
    for (size_t i = 0; status == AYNI_OK && i < ROWS_MAX && walk_next(&walk, &key); i++)
        if (key.type == LIKENESS_TYPE_IDENTIFIER)
            status = read_identifier(reader, &key, mother, &to, &known->memory);
    return status == AYNI_OK ? walk.status : status;
}

static enum ayni_status read_link(struct reader *reader, const struct record_key *key,
                                  struct likeness_known *known)
{
    struct ayni_record children[LIKENESS_VALUES_MAX], persons[LIKENESS_MOTHERS_MAX];
    SCOPED_STATE state = { 0 };
    size_t count = 0;
    bool is_its = false;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (record_state_gone(&state) || !likeness_has_word(&state, LIKENESS_LINK_ROLE, "mother"))
        return AYNI_OK;
    count = likeness_references(&state, LIKENESS_LINK_CHILD, children, LIKENESS_VALUES_MAX);
    for (size_t i = 0; i < count; i++)
        is_its = is_its || ayni_id_equal(&children[i], &known->child.record);
    if (!is_its)
        return AYNI_OK;
    count = likeness_references(&state, LIKENESS_LINK_PERSON, persons, LIKENESS_MOTHERS_MAX);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = read_mother(reader, &persons[i], known);
    return status;
}

/* --- all of it --- */

static enum ayni_status read_about(struct reader *reader, const struct record_key *key,
                                   struct likeness_known *known)
{
    struct likeness_child *child = &known->child;
    const struct numbers to = { known->numbers, &known->number_count, &child->numbers, &child->dnis,
                                &child->cnvs };

    switch (key->type) {
    case LIKENESS_TYPE_IDENTIFIER:
        return read_identifier(reader, key, &child->record, &to, &known->memory);
    case LIKENESS_TYPE_GUARDIAN_LINK:
        return read_link(reader, key, known);
    default:
        return AYNI_OK;
    }
}

enum ayni_status likeness_read(struct reader *reader, const struct ayni_record *record,
                               struct likeness_known *known)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    enum ayni_status status;

    *known = (struct likeness_known){ .child.record = *record };
    status = read_faces(reader, known);
    if (status == AYNI_OK)
        walk_subject(reader, record, &walk);
    for (size_t i = 0; status == AYNI_OK && i < ROWS_MAX && walk_next(&walk, &key); i++)
        status = read_about(reader, &key, known);
    if (status == AYNI_OK)
        status = walk.status;
    if (status != AYNI_OK)
        likeness_known_free(known);
    return status;
}
