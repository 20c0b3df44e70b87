#include <string.h>

#include "cli/labels.h"
#include "cli/language.h"
#include "cli/review.h"
#include "cli/words.h"

/* The words of a member of an object; nothing where it hasn't got it. */
static void put_member(const struct review *review, const struct ayni_control_value *object,
                       const char *key, const char *before)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value value;

    if (!ayni_control_find(object, key, &value) || value.kind == AYNI_CONTROL_NULL)
        return;
    words_put(&review->session.people.names, key, &value, &text);
    if (text.size == 0 || text.failed)
        return;
    fputs(before, stdout);
    people_text(&review->session.people, ayni_buffer_bytes(&text));
}

void review_print_record(const struct review *review)
{
    struct ayni_control_value record;

    printf("\n");
    printf("%s %zu/%zu", _("conflict"), review->session.at + 1, review->waiting_count);
    if (ayni_control_value_decode(ayni_buffer_bytes(&review->shown), &record) == AYNI_OK) {
        put_member(review, &record, "type", ": ");
        put_member(review, &record, "id", " ");
        put_member(review, &record, "space", ", ");
        put_member(review, &record, "title", "\n");
    }
    printf("\n");
}

/* A value, who says so and when; " - " goes before who. */
static void print_said(const struct review *review, const struct ayni_control_value *said)
{
    struct ayni_control_value value = { .kind = AYNI_CONTROL_NULL };
    SCOPED_BUFFER text = { 0 };

    ayni_control_find(said, "value", &value);
    words_put(&review->session.people.names, NULL, &value, &text);
    people_text(&review->session.people, ayni_buffer_bytes(&text));
    if (text.size == 0)
        fputs(_("(no value)"), stdout);
    put_member(review, said, "org", "  - ");
    put_member(review, said, "node", ", ");
    put_member(review, said, "steward", ", ");
    put_member(review, said, "time", ", ");
    put_member(review, said, "origin", ", ");
    if (ayni_control_find(said, "act", &value))
        printf(", %s", _("settled it so"));
}

/* What it was when all had seen the same. */
static void print_before(const struct review *review, const char *field)
{
    struct ayni_control_value record, before, said;

    if (ayni_control_value_decode(ayni_buffer_bytes(&review->shown), &record) != AYNI_OK ||
        !ayni_control_find(&record, "before", &before) || !ayni_control_find(&before, field, &said))
        return;
    printf("  %s  ", _("before:"));
    print_said(review, &said);
    printf("\n");
}

size_t review_print_field(const struct review *review, struct ayni_bytes field,
                          const struct ayni_control_value *alternatives)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(alternatives);
    struct ayni_control_value alternative;
    char name[REVIEW_FIELD_SIZE];
    size_t count = 0;

    snprintf(name, sizeof(name), "%.*s", (int)field.size, (const char *)field.data);
    if (strcmp(name, "_deleted") == 0)
        printf("%s: %s\n", name,
               _("one deleted the record, another went on with it. Is it to be deleted?"));
    else
        printf("%s:\n", name);
    print_before(review, name);
    while (ayni_control_next(&cursor, NULL, &alternative)) {
        printf("  %zu  ", ++count);
        print_said(review, &alternative);
        printf("%s\n", count == 1 ? _(" (shown now)") : "");
    }
    return count;
}

/* A version: when, who, and what she set. */
static void print_version(const struct review *review, const struct ayni_control_value *version)
{
    struct ayni_control_value fields, value;

    put_member(review, version, "time", "  ");
    put_member(review, version, "act", ", ");
    put_member(review, version, "org", ", ");
    put_member(review, version, "node", ", ");
    put_member(review, version, "steward", ", ");
    put_member(review, version, "origin", ", ");
    put_member(review, version, "reason", ": ");
    printf("\n");
    if (!ayni_control_find(version, "fields", &fields))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&fields);
    for (struct ayni_bytes name; ayni_control_next(&cursor, &name, &value);) {
        SCOPED_BUFFER text = { 0 };
        words_put(&review->session.people.names, NULL, &value, &text);
        printf("    %.*s = ", (int)name.size, (const char *)name.data);
        people_text(&review->session.people, ayni_buffer_bytes(&text));
        printf("\n");
    }
}

void review_print_log(const struct review *review)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&review->log));

    while (reader.position < reader.input.size) {
        struct ayni_control_value version = ayni_control_read(&reader);
        if (reader.status != AYNI_OK)
            return;
        print_version(review, &version);
    }
}

void review_print_keys(void)
{
    printf("%s\n", _("  1, 2 ...  keep this value\n"
                     "  e         enter another value\n"
                     "  s         skip this field for now\n"
                     "  h         show the history of the record\n"
                     "  u         take back what was settled last\n"
                     "  q         quit; what is left waits\n"
                     "  ?         these keys"));
}

void review_print_end(const struct review *review)
{
    size_t left = review->waiting_count - review->session.at;
    size_t skipped = 0;

    for (size_t i = 0; i < review->session.at; i++)
        skipped += review->waiting[i].skipped;
    printf("\n%s: %zu; %s: %zu; %s: %zu\n", _("settled"), review->session.decided_count,
           _("skipped"), skipped, _("not asked about"), left);
    if (left > 0 || skipped > 0)
        printf("%s\n", _("`ayni review` goes on with them."));
}
