#include "tests/support/likeness_oracle.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/instant.h"

enum { CHILDREN = 128, TEXTS = 24, SPACES = 4, NAMES = 512, DECISIONS = 64 };

/* Texts that survive in a field, ids as hexadecimal digits and numbers in decimal. */
struct texts {
    char list[TEXTS][96];
    size_t count;
};

/* What a space says of a child. */
struct said {
    struct texts surname_1, surname_2, given, date, sex, order, district;
};
struct child {
    struct ayni_record record;
    struct said said[SPACES];
    size_t said_count;
    struct texts numbers, dnis, cnvs, mothers;
};
/* What stands of a pair, but for `undecided`. */
struct decision {
    char a[96], b[96];
    bool same;
};
struct world {
    struct reader *reader;
    struct decision decisions[DECISIONS];
    size_t decision_count;
    struct child children[CHILDREN];
    size_t count;
};

/* --- texts --- */

static void add_text(struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->list[i], text) == 0)
            return;
    test_require(texts->count < TEXTS, "fewer values");
    snprintf(texts->list[texts->count++], sizeof(texts->list[0]), "%s", text);
}

static bool share(const struct texts *a, const struct texts *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (strcmp(a->list[i], b->list[j]) == 0)
                return true;
    return false;
}

static bool known_and_other(const struct texts *a, const struct texts *b)
{
    return a->count > 0 && b->count > 0 && !share(a, b);
}

static void id_text(const struct ayni_record *record, char text[96])
{
    ayni_hex_text((struct ayni_bytes){ record->bytes, sizeof(record->bytes) }, text);
}

static void value_text_of(struct ayni_bytes value, char text[96])
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    enum ayni_cbor_type type = ayni_cbor_peek(&reader);
    struct ayni_record record;

    text[0] = 0;
    if (type == AYNI_CBOR_TEXT) {
        struct ayni_bytes read = ayni_cbor_read_text(&reader);
        snprintf(text, 96, "%.*s", (int)read.size, (const char *)read.data);
    } else if (type == AYNI_CBOR_BYTES) {
        ayni_cbor_read_id(&reader, &record);
        id_text(&record, text);
    } else if (type == AYNI_CBOR_UINT || type == AYNI_CBOR_NEGATIVE) {
        snprintf(text, 96, "%lld", (long long)ayni_cbor_read_int(&reader));
    }
}

/* `nothing`: that a field has no value is one, too. */
static struct texts values_and(const struct record_state *state, uint32_t field, bool nothing)
{
    const struct ayni_folded_field *folded = ayni_folded_field(&state->folded, field);
    struct texts texts = { 0 };
    char text[96];

    for (size_t i = 0; folded != NULL && i < folded->alternative_count; i++) {
        value_text_of(folded->alternatives[i].value, text);
        if (text[0] != 0 || nothing)
            add_text(&texts, text);
    }
    return texts;
}

static struct texts values(const struct record_state *state, uint32_t field)
{
    return values_and(state, field, false);
}

/* --- what is known of each --- */

static struct child *child_of(struct world *world, const char *id, bool make)
{
    char text[96];

    for (size_t i = 0; i < world->count; i++) {
        id_text(&world->children[i].record, text);
        if (strcmp(text, id) == 0)
            return &world->children[i];
    }
    if (!make)
        return NULL;
    test_require(world->count < CHILDREN, "fewer children");
    test_must(
        ayni_hex_parse(ayni_bytes_of_text(id), world->children[world->count].record.bytes, 16),
        "an id");
    return &world->children[world->count++];
}

static void read_child(struct world *world, const struct record_state *state)
{
    char id[96];
    struct child *child;

    id_text(&state->key.record, id);
    child = child_of(world, id, true);
    test_require(child->said_count < SPACES, "fewer spaces");
    child->said[child->said_count++] =
        (struct said){ values_and(state, 1, true), values_and(state, 2, true),
                       values_and(state, 3, true), values(state, 4),
                       values(state, 6),           values(state, 8),
                       values(state, 11) };
}

static void day_of(const char *days, char text[AYNI_DAY_TEXT_SIZE])
{
    ayni_day_text(strtoll(days, NULL, 10), text);
}

/* A CUI is the DNI's number. */
static void add_number(const struct record_state *state, struct texts *all, struct texts *dnis,
                       struct texts *cnvs)
{
    struct texts scheme = values(state, 2), value = values(state, 3), is = values(state, 5);
    bool cui = strcmp(scheme.list[0], "cui") == 0;
    char number[96];

    if (is.count > 0 && strcmp(is.list[0], "mistyped") == 0)
        return;
    snprintf(number, sizeof(number), "%.20s %.40s", cui ? "dni" : scheme.list[0], value.list[0]);
    add_text(all, number);
    if (cui || strcmp(scheme.list[0], "dni") == 0)
        add_text(dnis, number);
    if (strcmp(scheme.list[0], "cnv") == 0)
        add_text(cnvs, number);
}

static void read_identifier(struct world *world, const struct record_state *state)
{
    struct texts holders = values(state, 1);

    for (size_t i = 0; i < holders.count; i++) {
        struct child *child = child_of(world, holders.list[i], false);
        if (child != NULL)
            add_number(state, &child->numbers, &child->dnis, &child->cnvs);
    }
}

/* All records of a type in all spaces that aren't gone. */
static void each_of(struct world *world, uint32_t type,
                    void (*read)(struct world *world, const struct record_state *state))
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_type(world->reader, NULL, type, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        test_must(reader_fold(world->reader, &key, &state), "fold");
        if (!record_state_gone(&state))
            read(world, &state);
    }
    test_must(walk.status, "walk");
}

/* All numbers of a person go there. */
static const char *person;
static struct texts *numbers_of_person;

static void read_number_of_person(struct world *world, const struct record_state *state)
{
    struct texts holders = values(state, 1), others = { 0 };
    (void)world;

    for (size_t i = 0; i < holders.count; i++)
        if (strcmp(holders.list[i], person) == 0)
            add_number(state, numbers_of_person, &others, &others);
}

static void read_link(struct world *world, const struct record_state *state)
{
    struct texts children = values(state, 1), persons = values(state, 2), role = values(state, 3),
                 mother = { .list = { "mother" }, .count = 1 };

    for (size_t i = 0; share(&role, &mother) && i < children.count; i++) {
        struct child *child = child_of(world, children.list[i], false);
        for (size_t j = 0; child != NULL && j < persons.count; j++) {
            add_text(&child->mothers, persons.list[j]);
            person = persons.list[j];
            numbers_of_person = &child->mothers;
            each_of(world, 102, read_number_of_person);
        }
    }
}

static void read_decision(struct world *world, const struct record_state *state)
{
    struct texts a = values(state, 1), b = values(state, 2), verdict = values(state, 3);
    struct decision *decision = &world->decisions[world->decision_count];

    if (a.count == 0 || b.count == 0 || verdict.count == 0 ||
        strcmp(verdict.list[0], "undecided") == 0)
        return;
    test_require(world->decision_count < DECISIONS, "fewer decisions");
    world->decision_count++;
    snprintf(decision->a, sizeof(decision->a), "%s", a.list[0]);
    snprintf(decision->b, sizeof(decision->b), "%s", b.list[0]);
    decision->same = strcmp(verdict.list[0], "same") == 0;
}

static bool is_among(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->list[i], text) == 0)
            return true;
    return false;
}

/* Decided about, or one by way of others. */
static bool is_decided(const struct world *world, const struct child *one,
                       const struct child *other)
{
    struct texts joined = { .count = 1 };
    char to[96];
    bool more = true;

    id_text(&one->record, joined.list[0]);
    id_text(&other->record, to);
    for (size_t i = 0; i < world->decision_count; i++) {
        const struct decision *decision = &world->decisions[i];
        if ((strcmp(decision->a, joined.list[0]) == 0 && strcmp(decision->b, to) == 0) ||
            (strcmp(decision->b, joined.list[0]) == 0 && strcmp(decision->a, to) == 0))
            return true;
    }
    while (more) {
        more = false;
        for (size_t i = 0; i < world->decision_count; i++) {
            const struct decision *decision = &world->decisions[i];
            bool a = is_among(&joined, decision->a), b = is_among(&joined, decision->b);
            if (!decision->same || a == b)
                continue;
            add_text(&joined, a ? decision->b : decision->a);
            more = true;
        }
    }
    return is_among(&joined, to);
}

/* --- names --- */

/* Upper case, without accents, inner spaces single. */
static void plain(const char *text, char to[96])
{
    static const char *const with[] = {
        "á", "é", "í", "ó", "ú", "ñ", "Á", "É", "Í", "Ó", "Ú", "Ñ"
    };
    static const char without[] = "AEIOUNAEIOUN";
    size_t size = 0;

    while (*text != 0) {
        size_t i = 0;
        while (i < sizeof(with) / sizeof(with[0]) && strncmp(text, with[i], 2) != 0)
            i++;
        if (i < sizeof(with) / sizeof(with[0])) {
            to[size++] = without[i];
            text += 2;
        } else if (*text != ' ' || (size > 0 && to[size - 1] != ' ' && text[1] != 0)) {
            to[size++] = (char)toupper((unsigned char)*text++);
        } else {
            text++;
        }
    }
    to[size] = 0;
}

struct name {
    char surnames[200], given[96], whole[300];
};
struct names {
    struct name list[NAMES];
    size_t count;
};

static const char *nth(const struct texts *texts, size_t i)
{
    return texts->count == 0 ? "" : texts->list[i];
}

static size_t at_least_one(size_t count)
{
    return count == 0 ? 1 : count;
}

static void add_name(struct names *names, const char *first, const char *second, const char *given)
{
    struct name *name = &names->list[names->count];

    snprintf(name->given, sizeof(name->given), "%s", given);
    snprintf(name->surnames, sizeof(name->surnames), "%s|%s", first, second);
    snprintf(name->whole, sizeof(name->whole), "%s|%s|%s", first, second, given);
    names->count += strlen(name->whole) > 2;
}

static void names_of(const struct said *said, struct names *names)
{
    names->count = 0;
    for (size_t i = 0; i < at_least_one(said->surname_1.count); i++)
        for (size_t j = 0; j < at_least_one(said->surname_2.count); j++)
            for (size_t k = 0; k < at_least_one(said->given.count); k++) {
                char first[96], second[96], third[96];
                test_require(names->count < NAMES, "fewer names");
                plain(nth(&said->surname_1, i), first);
                plain(nth(&said->surname_2, j), second);
                plain(nth(&said->given, k), third);
                add_name(names, first, second, third);
            }
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

static size_t edits(const char *a, const char *b)
{
    size_t rows[2][300], a_size = strlen(a), b_size = strlen(b);

    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *before = rows[(i + 1) % 2], *now = rows[i % 2];
        now[0] = i;
        for (size_t j = 1; j <= b_size; j++)
            now[j] =
                smallest(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
    }
    return rows[a_size % 2][b_size];
}

/* --- two children --- */

static bool days_apart(const char *a, const char *b, long long days)
{
    return llabs(strtoll(a, NULL, 10) - strtoll(b, NULL, 10)) <= days;
}

static bool is_slip(const char *a, const char *b)
{
    char one[AYNI_DAY_TEXT_SIZE], other[AYNI_DAY_TEXT_SIZE], swapped[AYNI_DAY_TEXT_SIZE];
    int differing = 0;

    day_of(a, one);
    day_of(b, other);
    snprintf(swapped, sizeof(swapped), "%.4s-%.2s-%.2s", one, one + 8, one + 5);
    for (size_t i = 0; one[i] != 0; i++)
        differing += one[i] != other[i];
    return differing <= 1 || strcmp(swapped, other) == 0 || days_apart(a, b, 3);
}

/* What the names and days of one space of each say. */
struct likeness {
    bool near_3, near_1, same_day, slip, equal_names, near_names, near_surnames, same_surnames;
};

static struct likeness compare_said(const struct said *a, const struct said *b)
{
    static struct names a_names, b_names;
    struct likeness says = { 0 };

    for (size_t i = 0; i < a->date.count; i++)
        for (size_t j = 0; j < b->date.count; j++) {
            says.near_3 = says.near_3 || days_apart(a->date.list[i], b->date.list[j], 3);
            says.near_1 = says.near_1 || days_apart(a->date.list[i], b->date.list[j], 1);
            says.slip = says.slip || is_slip(a->date.list[i], b->date.list[j]);
        }
    says.same_day = share(&a->date, &b->date);
    names_of(a, &a_names);
    names_of(b, &b_names);
    for (size_t i = 0; i < a_names.count; i++)
        for (size_t j = 0; j < b_names.count; j++) {
            const struct name *one = &a_names.list[i], *other = &b_names.list[j];
            bool near = edits(one->whole, other->whole) <= 2;
            says.equal_names = says.equal_names || strcmp(one->whole, other->whole) == 0;
            says.near_names = says.near_names || near;
            says.same_surnames = says.same_surnames || strcmp(one->surnames, other->surnames) == 0;
            says.near_surnames =
                says.near_surnames || (near && strcmp(one->given, other->given) == 0);
        }
    return says;
}

static unsigned reasons_of_said(const struct said *a, const struct said *b,
                                const struct likeness *says, bool same_mother)
{
    unsigned reasons = 0;

    if (same_mother && says->near_3 && !known_and_other(&a->sex, &b->sex) &&
        !known_and_other(&a->order, &b->order))
        reasons |= 1u << LIKENESS_SAME_MOTHER;
    if (says->equal_names && says->same_day)
        reasons |= 1u << LIKENESS_SAME_NAMES;
    if (says->equal_names && !says->same_day && says->slip)
        reasons |= 1u << LIKENESS_NEAR_DATE;
    if (says->near_names && !says->equal_names && says->same_day && share(&a->sex, &b->sex) &&
        share(&a->district, &b->district))
        reasons |= 1u << LIKENESS_NEAR_NAMES;
    return reasons;
}

static enum likeness_verdict verdict_of(bool apart, bool twins, bool sure, bool slip_in_surname)
{
    if (apart)
        return twins ? LIKENESS_TWINS : LIKENESS_UNDECIDED;
    return sure || slip_in_surname ? LIKENESS_SAME : LIKENESS_UNDECIDED;
}

static struct likeness_match judge(const struct child *a, const struct child *b)
{
    bool same_mother = share(&a->mothers, &b->mothers), near_1 = false, surnames = false,
         near_surnames = false, sex = false, order = false;
    struct likeness_match match = { 0 };

    if (share(&a->numbers, &b->numbers))
        match.reasons |= 1u << LIKENESS_SAME_ID;
    for (size_t i = 0; i < a->said_count; i++)
        for (size_t j = 0; j < b->said_count; j++) {
            const struct said *one = &a->said[i], *other = &b->said[j];
            struct likeness says = compare_said(one, other);
            match.reasons |= reasons_of_said(one, other, &says, same_mother);
            near_1 = near_1 || says.near_1;
            surnames = surnames || says.same_surnames;
            near_surnames = near_surnames || says.near_surnames;
            sex = sex || !known_and_other(&one->sex, &other->sex);
            order = order || !known_and_other(&one->order, &other->order);
        }
    bool family = same_mother || (!known_and_other(&a->mothers, &b->mothers) && surnames);
    match.verdict =
        verdict_of(known_and_other(&a->dnis, &b->dnis) || known_and_other(&a->cnvs, &b->cnvs) ||
                       !sex || !order,
                   family && near_1,
                   (match.reasons & (1u << LIKENESS_SAME_ID | 1u << LIKENESS_SAME_NAMES |
                                     1u << LIKENESS_NEAR_DATE)) != 0,
                   (match.reasons & 1u << LIKENESS_NEAR_NAMES) != 0 && near_surnames);
    return match;
}

/* --- all of them --- */

static void add_pair(struct duplicates *to, const struct child *a, const struct child *b,
                     const struct likeness_match *match)
{
    bool ordered = ayni_id_compare(&a->record, &b->record) < 0;

    to->list = reallocarray(to->list, to->count + 1, sizeof(*to->list));
    test_require(to->list != NULL, "memory");
    to->list[to->count++] = (struct duplicate){ .a = ordered ? a->record : b->record,
                                                .b = ordered ? b->record : a->record,
                                                .match = *match };
}

static int by_pair(const void *left, const void *right)
{
    const struct duplicate *one = left, *other = right;
    int order = ayni_id_compare(&one->a, &other->a);

    return order != 0 ? order : ayni_id_compare(&one->b, &other->b);
}

static void sort(struct duplicates *duplicates)
{
    if (duplicates->count > 0)
        qsort(duplicates->list, duplicates->count, sizeof(*duplicates->list), by_pair);
}

void likeness_oracle(struct test_node *node, struct duplicates *duplicates)
{
    static struct world world;
    SCOPED_READER *reader = NULL;

    test_must(reader_begin(&node->records, &reader), "read");
    memset(&world, 0, sizeof(world));
    world.reader = reader;
    each_of(&world, 101, read_child);
    each_of(&world, 102, read_identifier);
    each_of(&world, 104, read_link);
    each_of(&world, 601, read_decision);
    *duplicates = (struct duplicates){ 0 };
    for (size_t i = 0; i < world.count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct child *a = &world.children[i], *b = &world.children[j];
            struct likeness_match match = judge(a, b);
            if (match.reasons != 0 && !is_decided(&world, a, b))
                add_pair(duplicates, a, b, &match);
        }
    sort(duplicates);
}

static bool never_stops(void *context, uint64_t done, uint64_t total)
{
    (void)context, (void)done, (void)total;
    return true;
}

void likeness_oracle_found(struct test_node *node, struct duplicates *duplicates)
{
    const struct duplicates_listener listener = { never_stops, NULL };

    test_must(
        duplicates_find(&node->records, &(struct duplicates_scope){ 0 }, &listener, duplicates),
        "find duplicates");
    sort(duplicates);
}

void likeness_oracle_agrees(struct test_node *node, unsigned long long seed, const char *when)
{
    SCOPED_DUPLICATES expected = { 0 }, found = { 0 };

    likeness_oracle(node, &expected);
    likeness_oracle_found(node, &found);
    for (size_t i = 0; i < expected.count && i < found.count; i++) {
        const struct duplicate *is = &found.list[i], *should = &expected.list[i];
        char a[AYNI_RECORD_TEXT_SIZE], b[AYNI_RECORD_TEXT_SIZE];
        ayni_record_text(&should->a, a);
        ayni_record_text(&should->b, b);
        if (by_pair(is, should) != 0 || is->match.reasons != should->match.reasons ||
            is->match.verdict != should->match.verdict)
            ck_abort_msg("seed %llu, %s: %s %s should have reasons %x, verdict %d; found %x, %d%s",
                         seed, when, a, b, should->match.reasons, should->match.verdict,
                         is->match.reasons, is->match.verdict,
                         by_pair(is, should) == 0 ? "" : " of another pair");
    }
    if (found.count != expected.count)
        ck_abort_msg("seed %llu, %s: %zu pairs found, there are %zu", seed, when, found.count,
                     expected.count);
}
