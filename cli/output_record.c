#include "cli/output_record.h"

#include <string.h>

#include "cli/labels.h"
#include "cli/language.h"
#include "cli/output_table.h"
#include "cli/words.h"

/* One more row of texts, each copied. */
static bool add(struct table *table, const char *const *cells, size_t count)
{
    if (!table_add_row(table))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!table_set_cell(table, i, cells[i]))
            return false;
    return true;
}

/* The words of a value as a C string in `text`. */
static const char *words(const struct people *people, const struct ayni_control_value *value,
                         struct ayni_buffer *text)
{
    ayni_buffer_clear(text);
    words_put(&people->names, NULL, value, text);
    ayni_buffer_append_byte(text, '\0');
    return text->failed ? "" : (const char *)text->data;
}

static const char *words_at(const struct people *people, const struct ayni_control_value *object,
                            const char *key, struct ayni_buffer *text)
{
    struct ayni_control_value value = { .kind = AYNI_CONTROL_NULL };
    ayni_control_find(object, key, &value);
    return words(people, &value, text);
}

static void copy(char *to, size_t size, struct ayni_bytes from)
{
    snprintf(to, size, "%.*s", (int)from.size, from.size > 0 ? (const char *)from.data : "");
}

/* Who is one with it, and whose id goes on. */
static void print_linked(const struct people *people, const struct ayni_control_value *record)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value value;

    if (ayni_control_find(record, "linked", &value)) {
        fprintf(people->to, "%s: %s\n", _("one with"), words(people, &value, &text));
        fprintf(people->to, "%s: %s\n", _("the id that goes on"),
                words_at(people, record, "child", &text));
    }
    if (ayni_control_find(record, "link_contested", &value))
        fprintf(people->to, "%s\n",
                _("contested: other decisions say that not all of these are one"));
}

/* "child 0198... in loreto/padron, 3 versions" */
static void print_heading(const struct people *people, const struct ayni_control_value *record)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value deleted, erased, title;

    fprintf(people->to, "%s ", words_at(people, record, "type", &text));
    fprintf(people->to, "%s ", words_at(people, record, "id", &text));
    fprintf(people->to, "(%s)\n", words_at(people, record, "space", &text));
    if (ayni_control_find(record, "title", &title) && title.bytes.size > 0)
        fprintf(people->to, "%s\n", words(people, &title, &text));
    if (ayni_control_find(record, "deleted", &deleted) && deleted.kind == AYNI_CONTROL_BOOL &&
        deleted.boolean)
        fprintf(people->to, "%s\n", _("deleted"));
    if (ayni_control_find(record, "erased", &erased))
        fprintf(people->to, "%s: %s\n", _("versions that were erased since"),
                words(people, &erased, &text));
    print_linked(people, record);
    fputc('\n', people->to);
}

static bool add_field(const struct people *people, struct table *table, struct ayni_bytes name,
                      const struct ayni_control_value *value, bool contested)
{
    SCOPED_BUFFER text = { 0 };
    char field[64];

    copy(field, sizeof(field), name);
    const char *cells[] = { field, words(people, value, &text), contested ? _("contested") : "" };
    if (!add(table, cells, 3))
        return false;
    if (contested)
        table_mark_row(table);
    return true;
}

static void print_fields(const struct people *people, const struct ayni_control_value *record)
{
    struct ayni_control_value fields, contested = { .kind = AYNI_CONTROL_NULL }, value, unused;
    struct table *table = table_new(false, people->colours);
    bool fits = table != NULL && table_add_column(table, "", false) &&
                table_add_column(table, "", false) && table_add_column(table, "", false);
    char field[64];

    ayni_control_find(record, "contested", &contested);
    if (fits && ayni_control_find(record, "fields", &fields)) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&fields);
        for (struct ayni_bytes name; fits && ayni_control_next(&cursor, &name, &value);) {
            copy(field, sizeof(field), name);
            fits = add_field(people, table, name, &value,
                             ayni_control_find(&contested, field, &unused));
        }
    }
    if (fits)
        table_print(table, people->to);
    table_free(table);
}

/* A row for each alternative of each field; `keys` are what is told of one, the last `with_seen`
 * alone. */
static void print_alternatives(const struct people *people,
                               const struct ayni_control_value *contested, bool with_seen)
{
    static const char *const keys[] = { "n",       "value", "org",    "node",
                                        "steward", "time",  "origin", "seen" };
    const size_t key_count = sizeof(keys) / sizeof(keys[0]) - (with_seen ? 0 : 1);
    struct ayni_control_cursor fields = ayni_control_cursor(contested);
    struct ayni_control_value list, alternative;
    struct table *table = table_new(true, people->colours);
    bool fits = table != NULL && table_add_column(table, label_of("field"), false);
    char field[64];

    for (size_t i = 0; fits && i < key_count; i++)
        fits = table_add_column(table, label_of(keys[i]), false);
    for (struct ayni_bytes name; fits && ayni_control_next(&fields, &name, &list);) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&list);
        copy(field, sizeof(field), name);
        while (fits && ayni_control_next(&cursor, NULL, &alternative)) {
            SCOPED_BUFFER text = { 0 };
            fits = table_add_row(table) && table_set_cell(table, 0, field);
            for (size_t i = 0; fits && i < key_count; i++)
                fits = table_set_cell(table, i + 1, words_at(people, &alternative, keys[i], &text));
            field[0] = '\0'; /* once is enough */
        }
    }
    if (fits)
        table_print(table, people->to);
    table_free(table);
}

static void print_way_out(const struct people *people, const struct ayni_control_value *record)
{
    SCOPED_BUFFER text = { 0 };

    fprintf(people->to, "\n%s\n  ayni resolve %s FIELD@N --reason \"...\"\n",
            _("The first value is shown until somebody settles it:"),
            words_at(people, record, "id", &text));
}

/* A row for each mark that waits for somebody. */
static void print_flags(const struct people *people, const struct ayni_control_value *record)
{
    static const char *const keys[] = { "kind", "reason", "steward", "node", "time" };
    const size_t key_count = sizeof(keys) / sizeof(keys[0]);
    struct ayni_control_value flags, flag;
    struct table *table;

    if (!ayni_control_find(record, "flags", &flags))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&flags);
    table = table_new(true, people->colours);
    bool fits = table != NULL;
    for (size_t i = 0; fits && i < key_count; i++)
        fits = table_add_column(table, label_of(keys[i]), false);
    while (fits && ayni_control_next(&cursor, NULL, &flag)) {
        SCOPED_BUFFER text = { 0 };
        fits = table_add_row(table);
        for (size_t i = 0; fits && i < key_count; i++)
            fits = table_set_cell(table, i, words_at(people, &flag, keys[i], &text));
    }
    fprintf(people->to, "\n%s\n", _("marked for follow-up:"));
    if (fits)
        table_print(table, people->to);
    table_free(table);
}

void output_record(const struct people *people, const struct ayni_control_value *record)
{
    struct ayni_control_value contested;

    print_heading(people, record);
    print_fields(people, record);
    print_flags(people, record);
    if (!ayni_control_find(record, "contested", &contested) || ayni_control_count(&contested) == 0)
        return;
    fputc('\n', people->to);
    print_alternatives(people, &contested, false);
    print_way_out(people, record);
}

/* A field, what somebody said of it, who and when. */
static void print_said(const struct people *people, struct ayni_bytes name,
                       const struct ayni_control_value *said)
{
    static const char *const keys[] = { "org", "node", "steward", "time" };
    struct ayni_control_value withdrawn;
    SCOPED_BUFFER text = { 0 };
    char field[64];

    copy(field, sizeof(field), name);
    fprintf(people->to, "  %s: ", field);
    fprintf(people->to, "%s (", words_at(people, said, "value", &text));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        fprintf(people->to, "%s%s", i == 0 ? "" : ", ", words_at(people, said, keys[i], &text));
    if (ayni_control_find(said, "withdrawn", &withdrawn))
        fprintf(people->to, ", %s", _("taken back"));
    fprintf(people->to, ")\n");
}

/* Where all of them agreed: what it said then, and who had written that. */
static void print_before(const struct people *people, const struct ayni_control_value *conflict)
{
    struct ayni_control_value before, said;

    if (!ayni_control_find(conflict, "before", &before) || ayni_control_count(&before) == 0)
        return;
    fprintf(people->to, "\n%s\n", _("Before, when all had seen the same:"));
    struct ayni_control_cursor cursor = ayni_control_cursor(&before);
    for (struct ayni_bytes name; ayni_control_next(&cursor, &name, &said);)
        print_said(people, name, &said);
}

/* How often somebody has spoken of a field since then, and how many values are left of it. */
static bool has_more(const struct ayni_control_value *fields, struct ayni_bytes name,
                     const struct ayni_control_value *since)
{
    struct ayni_control_value values;
    char field[64];

    copy(field, sizeof(field), name);
    return ayni_control_find(fields, field, &values) &&
           ayni_control_count(since) > ayni_control_count(&values);
}

/* How it came to that, of fields of which more was said than what is left. */
static void print_since(const struct people *people, const struct ayni_control_value *conflict,
                        const struct ayni_control_value *fields)
{
    struct ayni_control_value all, since, said;
    bool any = false;

    if (!ayni_control_find(conflict, "since", &all))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&all);
    for (struct ayni_bytes name; ayni_control_next(&cursor, &name, &since);) {
        struct ayni_control_cursor inner = ayni_control_cursor(&since);
        if (!has_more(fields, name, &since))
            continue;
        if (!any)
            fprintf(people->to, "\n%s\n", _("How it came to that, in order:"));
        any = true;
        while (ayni_control_next(&inner, NULL, &said))
            print_said(people, name, &said);
    }
}

/* The value under the name of a field, in words. */
static const char *words_of_field(const struct people *people,
                                  const struct ayni_control_value *record, const char *key,
                                  const char *field, struct ayni_buffer *text)
{
    struct ayni_control_value fields;

    if (!ayni_control_find(record, key, &fields))
        return "";
    return words_at(people, &fields, field, text);
}

/* What rules of the catalogue settled: what each shows, and the values that it chose from. */
static void print_merged(const struct people *people, const struct ayni_control_value *record,
                         const struct ayni_control_value *merged)
{
    struct ayni_control_cursor fields = ayni_control_cursor(merged);
    struct ayni_control_value values;
    SCOPED_BUFFER text = { 0 };
    char field[64];

    fprintf(people->to, "\n%s\n", _("Settled by rules of the catalogue:"));
    for (struct ayni_bytes name; ayni_control_next(&fields, &name, &values);) {
        copy(field, sizeof(field), name);
        fprintf(people->to, "  %s: ", field);
        fprintf(people->to, "%s ", words_of_field(people, record, "shown", field, &text));
        fprintf(people->to, "(%s)\n", words_of_field(people, record, "rules", field, &text));
    }
    fputc('\n', people->to);
    print_alternatives(people, merged, true);
    fprintf(people->to, "\n%s\n  ayni resolve %s FIELD@N --reason \"...\"\n",
            _("If the rule was wrong, another value can be set over it:"),
            words_at(people, record, "id", &text));
}

void output_conflict(const struct people *people, const struct ayni_control_value *conflict)
{
    struct ayni_control_value fields, merged;

    print_heading(people, conflict);
    if (!ayni_control_find(conflict, "fields", &fields) || ayni_control_count(&fields) == 0) {
        fprintf(people->to, "%s\n", _("nothing is contested"));
    } else {
        print_alternatives(people, &fields, true);
        print_before(people, conflict);
        print_since(people, conflict, &fields);
        print_way_out(people, conflict);
    }
    if (ayni_control_find(conflict, "merged", &merged) && ayni_control_count(&merged) > 0)
        print_merged(people, conflict, &merged);
}
