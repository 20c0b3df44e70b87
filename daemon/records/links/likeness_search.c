#include "daemon/records/links/likeness_search.h"

#include <stdlib.h>

#include "daemon/records/links/likeness_rows.h"
#include "daemon/records/tables.h"

enum { REMEMBERED = 512, PLACES_MAX = 16 };

const struct likeness_effort likeness_of_all = { LIKENESS_CANDIDATES_MAX, 2048 };
const struct likeness_effort likeness_at_entry = { 16, 256 };

struct likeness_search {
    struct reader *reader;
    struct likeness_effort effort;
    struct likeness_work work;
    struct likeness_known *remembered[REMEMBERED]; /* by the record's last bytes; or NULL */
};

/* Whom one child is to be compared with. */
struct candidates {
    struct likeness_search *search;
    const struct likeness_known *child;
    struct ayni_record list[LIKENESS_FOUND_MAX];
    size_t count;
    size_t room, rows; /* up to which the way that is gone now may fill it; rows that it may take */
    bool crowded;
    enum ayni_status status;
};

enum ayni_status likeness_search_new(struct reader *reader, const struct likeness_effort *effort,
                                     struct likeness_search **search)
{
    struct likeness_search *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->reader = reader;
    made->effort = *effort;
    *search = made;
    return AYNI_OK;
}

struct likeness_work likeness_search_work(const struct likeness_search *search)
{
    return search->work;
}

static void forget(struct likeness_known *known)
{
    if (known == NULL)
        return;
    likeness_known_free(known);
    free(known);
}

void likeness_search_free(struct likeness_search *search)
{
    if (search == NULL)
        return;
    for (size_t i = 0; i < REMEMBERED; i++)
        forget(search->remembered[i]);
    free(search);
}

/* likeness_read() of what is remembered, lent until the next call of this or of likeness_find(). */
static enum ayni_status read_known(struct likeness_search *search, const struct ayni_record *record,
                                   const struct likeness_known **known)
{
    struct likeness_known **slot =
        &search->remembered[ayni_get_u32(record->bytes + 12) % REMEMBERED];

    if (*slot == NULL || !ayni_id_equal(&(*slot)->child.record, record)) {
        struct likeness_known *read = calloc(1, sizeof(*read));
        if (read == NULL)
            return AYNI_E_MEMORY;
        enum ayni_status status = likeness_read(search->reader, record, read);
        if (status != AYNI_OK) {
            free(read);
            return status;
        }
        forget(*slot);
        *slot = read;
    }
    *known = *slot;
    return AYNI_OK;
}

/* --- candidates --- */

/* False where there is no more room. */
static bool add(struct candidates *candidates, const struct ayni_record *record)
{
    if (ayni_id_equal(record, &candidates->child->child.record))
        return true;
    for (size_t i = 0; i < candidates->count; i++)
        if (ayni_id_equal(&candidates->list[i], record))
            return true;
    if (candidates->count >= candidates->room) {
        candidates->crowded = true;
        return false;
    }
    candidates->list[candidates->count++] = *record;
    return true;
}

/* The next way to find some: it has room and rows of its own. */
static void begin(struct candidates *candidates)
{
    candidates->room = candidates->count + candidates->search->effort.candidates;
    candidates->rows = candidates->search->effort.rows;
}

/* Whether one more row may be looked at. */
static bool take_row(struct candidates *candidates)
{
    if (candidates->rows == 0) {
        candidates->crowded = true;
        return false;
    }
    candidates->rows--;
    candidates->search->work.rows++;
    return true;
}

/* Those whom a record of this type names in a field, in any space. */
static void add_named(struct candidates *candidates, const struct ayni_record *record,
                      uint32_t type, uint32_t field,
                      bool (*take)(struct candidates *, const struct ayni_record *))
{
    struct reader *reader = candidates->search->reader;
    struct record_key places[PLACES_MAX];
    size_t count = 0;

    if (candidates->status == AYNI_OK)
        candidates->status = reader_find(reader, record, type, NULL, places, PLACES_MAX, &count);
    for (size_t i = 0; candidates->status == AYNI_OK && i < count && i < PLACES_MAX; i++) {
        struct ayni_record named[LIKENESS_VALUES_MAX];
        SCOPED_STATE state = { 0 };
        candidates->status = reader_fold(reader, &places[i], &state);
        size_t names = candidates->status != AYNI_OK || record_state_gone(&state)
                           ? 0
                           : likeness_references(&state, field, named, LIKENESS_VALUES_MAX);
        for (size_t j = 0; j < names && take(candidates, &named[j]); j++)
            ;
    }
}

/* Who holds a number: a DNI also as the CUI that it is. */
static void add_holders(struct candidates *candidates, const struct likeness_number *number,
                        bool (*take)(struct candidates *, const struct ayni_record *))
{
    static const char *const schemes[] = { "dni", "cui" };
    const struct charter *charter = reader_charter(candidates->search->reader);
    struct identifier identifier;
    struct ayni_record record;

    add_named(candidates, &number->record, LIKENESS_TYPE_IDENTIFIER, LIKENESS_IDENTIFIER_HOLDER,
              take);
    for (size_t i = 0; number->is_dni && i < 2; i++)
        if (identifier_of(schemes[i], number->value, "", &identifier) == AYNI_OK &&
            identifier_id(charter, LIKENESS_TYPE_IDENTIFIER, &identifier, &record) == AYNI_OK &&
            !ayni_id_equal(&record, &number->record))
            add_named(candidates, &record, LIKENESS_TYPE_IDENTIFIER, LIKENESS_IDENTIFIER_HOLDER,
                      take);
}

/* --- rows --- */

/* The next one that is a row of that size before its record's key. */
static bool next_row(struct views_cursor *cursor, size_t size, struct ayni_bytes *row)
{
    struct ayni_bytes value;

    while (views_cursor_next(cursor, row, &value))
        if (row->size == size + RECORD_KEY_SIZE)
            return true;
    return false;
}

static const struct ayni_record *record_of(struct ayni_bytes row)
{
    return (const struct ayni_record *)(row.data + row.size - sizeof(struct ayni_record));
}

/* Children of whom she is the mother. */
static bool add_children_of(struct candidates *candidates, const struct ayni_record *person)
{
    uint8_t prefix[LIKENESS_PERSON_ROW_SIZE];
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes row;

    likeness_person_row(person, prefix);
    views_cursor_open(reader_views(candidates->search->reader), RECORDS_TABLE_LIKENESS,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (candidates->status == AYNI_OK && candidates->count < candidates->room &&
           next_row(&cursor, sizeof(prefix), &row) && take_row(candidates))
        add_named(candidates, record_of(row), LIKENESS_TYPE_GUARDIAN_LINK, LIKENESS_LINK_CHILD,
                  add);
    if (candidates->status == AYNI_OK)
        candidates->status = cursor.status;
    candidates->crowded = candidates->crowded || candidates->count == candidates->room;
    return true;
}

static bool is_near(const struct likeness_face *face, int64_t day)
{
    for (size_t i = 0; i < face->days.count; i++)
        if (likeness_days_near((int64_t)face->days.values[i], day))
            return true;
    return false;
}

/* Of the same names, from one day to another. */
static void add_same_names(struct candidates *candidates, const struct likeness_face *face,
                           uint64_t name, int64_t from, int64_t to)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t first[LIKENESS_NAME_ROW_SIZE];
    struct ayni_bytes row, value;
    bool more;

    likeness_name_row(name, from, first);
    views_cursor_open(reader_views(candidates->search->reader), RECORDS_TABLE_LIKENESS,
                      (struct ayni_bytes){ first, LIKENESS_NAME_HEAD_SIZE }, &cursor);
    more = views_cursor_seek(&cursor, (struct ayni_bytes){ first, sizeof(first) }, &row, &value) &&
           (row.size == sizeof(first) + RECORD_KEY_SIZE || next_row(&cursor, sizeof(first), &row));
    while (more && likeness_name_row_day(row) <= to && take_row(candidates) &&
           (!is_near(face, likeness_name_row_day(row)) || add(candidates, record_of(row))))
        more = next_row(&cursor, sizeof(first), &row);
    if (candidates->status == AYNI_OK)
        candidates->status = cursor.status;
}

/* Those born within a few days first: of any day there may be too many. */
static void add_by_names(struct candidates *candidates, const struct likeness_face *face)
{
    static const int64_t first = -719162, last = 2932896; /* of years 1 to 9999 */

    for (size_t i = 0; i < face->name_count; i++) {
        uint64_t name = face->names[i].hash;
        for (size_t j = 0; j < face->days.count; j++) {
            int64_t day = (int64_t)face->days.values[j];
            int64_t from = day - LIKENESS_DAYS_NEAR;
            add_same_names(candidates, face, name, from < first ? first : from,
                           day + LIKENESS_DAYS_NEAR);
        }
        if (face->days.count > 0)
            add_same_names(candidates, face, name, first, last);
    }
}

static bool letters_near(const struct likeness_face *face, uint32_t letters)
{
    for (size_t i = 0; i < face->name_count; i++)
        if (likeness_letters_near(face->names[i].letters, letters))
            return true;
    return false;
}

/* Born on the same day, of the same sex and district. */
static void add_at_place(struct candidates *candidates, const struct likeness_face *face,
                         uint64_t day, uint64_t sex, uint64_t district)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t first[LIKENESS_PLACE_ROW_SIZE];
    struct ayni_bytes row;

    likeness_place_row((int64_t)day, sex, district, 0, first);
    views_cursor_open(reader_views(candidates->search->reader), RECORDS_TABLE_LIKENESS,
                      (struct ayni_bytes){ first, LIKENESS_PLACE_HEAD_SIZE }, &cursor);
    while (
        next_row(&cursor, sizeof(first), &row) && take_row(candidates) &&
        (!letters_near(face, likeness_place_row_letters(row)) || add(candidates, record_of(row))))
        ;
    if (candidates->status == AYNI_OK)
        candidates->status = cursor.status;
}

static void add_by_places(struct candidates *candidates, const struct likeness_face *face)
{
    for (size_t day = 0; day < face->days.count; day++)
        for (size_t sex = 0; sex < face->sexes.count; sex++)
            for (size_t i = 0; i < face->districts.count; i++)
                add_at_place(candidates, face, face->days.values[day], face->sexes.values[sex],
                             face->districts.values[i]);
}

static void gather(struct candidates *candidates)
{
    const struct likeness_known *child = candidates->child;

    begin(candidates);
    for (size_t i = 0; i < child->number_count; i++)
        add_holders(candidates, &child->numbers[i], add);
    begin(candidates);
    for (size_t i = 0; i < child->mother_count; i++)
        add_children_of(candidates, &child->mothers[i]);
    for (size_t i = 0; i < child->mother_number_count; i++)
        add_holders(candidates, &child->mother_numbers[i], add_children_of);
    begin(candidates);
    for (size_t i = 0; i < child->child.face_count; i++)
        add_by_names(candidates, &child->child.faces[i]);
    begin(candidates);
    for (size_t i = 0; i < child->child.face_count; i++)
        add_by_places(candidates, &child->child.faces[i]);
}

enum ayni_status likeness_find(struct likeness_search *search, const struct likeness_known *child,
                               likeness_visit *visit, void *context, bool *crowded)
{
    struct candidates candidates = { .search = search, .child = child };

    gather(&candidates);
    *crowded = candidates.crowded;
    for (size_t i = 0; candidates.status == AYNI_OK && i < candidates.count; i++) {
        const struct likeness_known *other;
        struct likeness_match match;
        enum ayni_status status = read_known(search, &candidates.list[i], &other);
        search->work.compared++;
        if (status == AYNI_OK && likeness_compare(&child->child, &other->child, &match))
            visit(context, other, &match);
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            candidates.status = status;
    }
    return candidates.status;
}
