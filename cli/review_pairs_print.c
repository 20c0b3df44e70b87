#include <string.h>

#include "cli/labels.h"
#include "cli/language.h"
#include "cli/review_pairs.h"
#include "cli/words.h"

enum { FIELDS_MAX = 64, NAME_SIZE = 64 };

/* The names of all fields that either of them has, in the order in which they come. */
struct field_names {
    char list[FIELDS_MAX][NAME_SIZE];
    size_t count;
};

/* --- what the daemon said --- */

/* What is done with each item about one of them: 0 or 1. */
typedef void each_item(void *context, const struct ayni_control_value *item);

static void each_of_child(const struct pairs *pairs, size_t child, each_item *visit, void *context)
{
    const struct pair *pair = &pairs->list[pairs->session.at];
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&pairs->shown));
    char id[AYNI_RECORD_TEXT_SIZE];

    while (reader.position < reader.input.size) {
        struct ayni_control_value item = ayni_control_read(&reader), of;
        if (reader.status != AYNI_OK)
            return;
        if (!ayni_control_find(&item, "child", &of) || of.kind != AYNI_CONTROL_RECORD)
            continue;
        ayni_record_text(&of.record, id);
        if (strcmp(id, child == 0 ? pair->a : pair->b) == 0)
            visit(context, &item);
    }
}

bool pairs_is_open(const struct pairs *pairs)
{
    struct ayni_control_value shown, decided, score;

    return pairs_shown(pairs, &shown) && ayni_control_find(&shown, "score", &score) &&
           ayni_control_find(&shown, "decided", &decided) && decided.kind == AYNI_CONTROL_BOOL &&
           !decided.boolean;
}

static void add_name(struct field_names *names, struct ayni_bytes name)
{
    for (size_t i = 0; i < names->count; i++)
        if (ayni_bytes_equal(ayni_bytes_of_text(names->list[i]), name))
            return;
    if (names->count < FIELDS_MAX && name.size < NAME_SIZE)
        snprintf(names->list[names->count++], NAME_SIZE, "%.*s", (int)name.size,
                 (const char *)name.data);
}

static void add_names_of(void *context, const struct ayni_control_value *item)
{
    struct ayni_control_value fields, value;

    if (!ayni_control_find(item, "fields", &fields))
        return;
    struct ayni_control_cursor each = ayni_control_cursor(&fields);
    for (struct ayni_bytes name; ayni_control_next(&each, &name, &value);)
        add_name(context, name);
}

static struct field_names names_of(const struct pairs *pairs)
{
    struct field_names names = { .count = 0 };

    for (size_t child = 0; child < 2; child++)
        each_of_child(pairs, child, add_names_of, &names);
    return names;
}

/* What an item has under a name: of "fields" a field's alternatives, else an array of texts. */
static bool find_array(const struct ayni_control_value *item, const char *name, bool of_fields,
                       struct ayni_control_value *array)
{
    struct ayni_control_value fields;

    return of_fields ? ayni_control_find(item, "fields", &fields) &&
                           ayni_control_find(&fields, name, array)
                     : ayni_control_find(item, name, array);
}

/* --- values as words --- */

struct wording {
    const struct names *names;
    const char *name;
    bool of_fields;
    struct ayni_buffer text;
};

#define BETWEEN " / "

/* Whether the word is one of those that stand there already. */
static bool says_already(const struct ayni_buffer *text, struct ayni_bytes word)
{
    struct ayni_bytes rest = ayni_buffer_bytes(text);

    while (rest.size > 0) {
        const uint8_t *end = memmem(rest.data, rest.size, BETWEEN, sizeof(BETWEEN) - 1);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.data);
        if (ayni_bytes_equal((struct ayni_bytes){ rest.data, size }, word))
            return true;
        size += end == NULL ? 0 : sizeof(BETWEEN) - 1;
        rest = (struct ayni_bytes){ rest.data + size, rest.size - size };
    }
    return false;
}

static void add_words(struct wording *wording, const struct ayni_control_value *value)
{
    SCOPED_BUFFER word = { 0 };

    words_put(wording->names, NULL, value, &word);
    if (word.size == 0 || says_already(&wording->text, ayni_buffer_bytes(&word)))
        return;
    if (wording->text.size > 0)
        ayni_buffer_append_text(&wording->text, BETWEEN);
    ayni_buffer_append(&wording->text, word.data, word.size);
}

static void word_item(void *context, const struct ayni_control_value *item)
{
    struct wording *wording = context;
    struct ayni_control_value array, each, value;

    if (!find_array(item, wording->name, wording->of_fields, &array))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&array);
    while (ayni_control_next(&cursor, NULL, &each))
        if (!wording->of_fields)
            add_words(wording, &each);
        else if (ayni_control_find(&each, "value", &value))
            add_words(wording, &value);
}

/* --- lines --- */

static void put_text(const struct pairs *pairs, const struct ayni_buffer *text)
{
    if (text->size == 0)
        fputs(_("(no value)"), stdout);
    else
        people_text(&pairs->session.people, ayni_buffer_bytes(text));
}

/* What both say once; else both, behind a mark. */
static void print_line(const struct pairs *pairs, const char *label, const struct ayni_buffer *one,
                       const struct ayni_buffer *other)
{
    bool equal = ayni_bytes_equal(ayni_buffer_bytes(one), ayni_buffer_bytes(other));

    if (one->size == 0 && other->size == 0)
        return;
    printf("%s %s: ", equal ? " " : "*", label);
    put_text(pairs, one);
    if (!equal) {
        fputs(" | ", stdout);
        put_text(pairs, other);
    }
    printf("\n");
}

static void print_both(const struct pairs *pairs, const char *name, bool of_fields,
                       const char *label)
{
    struct wording both[2];

    for (size_t child = 0; child < 2; child++) {
        both[child] = (struct wording){ &pairs->session.people.names, name, of_fields, { 0 } };
        each_of_child(pairs, child, word_item, &both[child]);
    }
    print_line(pairs, label, &both[0].text, &both[1].text);
    for (size_t child = 0; child < 2; child++)
        ayni_buffer_free(&both[child].text);
}

static void put_member(const struct pairs *pairs, const struct ayni_control_value *object,
                       const char *key, const char *before)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value value;

    if (!ayni_control_find(object, key, &value) || value.kind == AYNI_CONTROL_NULL)
        return;
    words_put(&pairs->session.people.names, key, &value, &text);
    if (text.size == 0)
        return;
    fputs(before, stdout);
    people_text(&pairs->session.people, ayni_buffer_bytes(&text));
}

static void print_head(const struct pairs *pairs)
{
    const struct pair *pair = &pairs->list[pairs->session.at];
    struct ayni_control_value shown;

    printf("\n%s %zu/%zu", _("pair"), pairs->session.at + 1, pairs->count);
    if (pairs_shown(pairs, &shown)) {
        printf(", %s", label_of("score"));
        put_member(pairs, &shown, "score", " ");
        put_member(pairs, &shown, "reasons", ": ");
        printf("\n%s", _("proposed"));
        put_member(pairs, &shown, "verdict", ": ");
    }
    printf("\n  %s | %s\n", pair->a, pair->b);
}

void pairs_print(const struct pairs *pairs)
{
    struct field_names names = names_of(pairs);

    print_head(pairs);
    for (size_t i = 0; i < names.count; i++)
        print_both(pairs, names.list[i], true, names.list[i]);
    print_both(pairs, "numbers", false, _("numbers"));
    print_both(pairs, "mothers", false, _("mother"));
}

/* --- with who says so --- */

struct source_lines {
    const struct pairs *pairs;
    const char *name;
    size_t child;
};

static void print_sources(void *context, const struct ayni_control_value *item)
{
    const struct source_lines *lines = context;
    struct ayni_control_value array, alternative;

    if (!find_array(item, lines->name, true, &array))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&array);
    while (ayni_control_next(&cursor, NULL, &alternative)) {
        printf("    %zu  ", lines->child + 1);
        put_member(lines->pairs, &alternative, "value", "");
        put_member(lines->pairs, item, "space", "  - ");
        put_member(lines->pairs, &alternative, "org", ", ");
        put_member(lines->pairs, &alternative, "node", ", ");
        put_member(lines->pairs, &alternative, "steward", ", ");
        put_member(lines->pairs, &alternative, "time", ", ");
        printf("\n");
    }
}

void pairs_print_sources(const struct pairs *pairs)
{
    struct field_names names = names_of(pairs);

    for (size_t i = 0; i < names.count; i++) {
        printf("  %s:\n", names.list[i]);
        for (size_t child = 0; child < 2; child++) {
            struct source_lines lines = { pairs, names.list[i], child };
            each_of_child(pairs, child, print_sources, &lines);
        }
    }
}

void pairs_print_keys(void)
{
    printf("%s\n", _("  y   yes, one child\n"
                     "  d   no, different children\n"
                     "  t   no, twins\n"
                     "  s   skip this pair for now\n"
                     "  h   show both with who says so, where and when\n"
                     "  u   take back what was decided last\n"
                     "  q   quit; what is left waits\n"
                     "  ?   these keys"));
}

void pairs_print_end(const struct pairs *pairs)
{
    size_t left = pairs->count - pairs->session.at;

    printf("\n%s: %zu; %s: %zu; %s: %zu\n", _("decided"), pairs->session.decided_count,
           _("skipped"), pairs->skipped, _("not asked about"), left);
    if (left > 0 || pairs->skipped > 0)
        printf("%s\n", _("`ayni review --duplicates` goes on with them."));
}
