#include "cli/ask.h"
#include "cli/language.h"
#include "cli/words.h"

/*
 * An act as a page of plain text, for a printer and two pens: what it counts, the hash of its list
 * in groups that can be compared by eye, who has signed it on which node, and what is open.
 */
struct page {
    const struct people *people;
    const struct ayni_control_value *act;
};

/* The text of a value as people read it; empty where there is none. */
static void put_words(const struct page *page, const struct ayni_control_value *object,
                      const char *key, struct ayni_buffer *to)
{
    struct ayni_control_value value;

    ayni_buffer_clear(to);
    if (ayni_control_find(object, key, &value))
        words_put(&page->people->names, key, &value, to);
}

static void print_words(const struct page *page, const struct ayni_control_value *object,
                        const char *key)
{
    SCOPED_BUFFER text = { 0 };

    put_words(page, object, key, &text);
    people_text(page->people, ayni_buffer_bytes(&text));
}

/* How many columns a UTF-8 text takes, near enough for labels of ours. */
static int columns_of(const char *text)
{
    int columns = 0;

    for (; *text != '\0'; text++)
        columns += (*text & 0xc0) != 0x80;
    return columns;
}

enum { LABEL_COLUMNS = 34 };

static void begin_line(const struct page *page, const char *label)
{
    fprintf(page->people->to, "%s%*s", label, LABEL_COLUMNS - columns_of(label), "");
}

static void end_line(const struct page *page)
{
    fputc('\n', page->people->to);
}

static void print_line(const struct page *page, const char *label, const char *key,
                       const char *second)
{
    begin_line(page, label);
    print_words(page, page->act, key);
    if (second != NULL) {
        fputs("  ", page->people->to);
        print_words(page, page->act, second);
    }
    end_line(page);
}

/* Hexadecimal in groups of four, eight groups a line. */
static void print_groups(const struct page *page, const char *key)
{
    enum { GROUP = 4, LINE = 8 * GROUP };
    SCOPED_BUFFER text = { 0 };

    put_words(page, page->act, key, &text);
    for (size_t i = 0; i < text.size; i++) {
        if (i % LINE == 0)
            fputs(i == 0 ? "    " : "\n    ", page->people->to);
        else if (i % GROUP == 0)
            fputc(' ', page->people->to);
        fputc(text.data[i], page->people->to);
    }
    end_line(page);
}

static void print_head(const struct page *page)
{
    fprintf(page->people->to, "%s\n\n", _("MONTHLY ACT OF THE CHILDREN OF A DISTRICT"));
    print_line(page, _("Month"), "period", NULL);
    print_line(page, _("Municipality"), "municipality", "municipality_name");
    print_line(page, _("Facility"), "facility", "facility_name");
    print_line(page, _("District"), "territory", NULL);
    end_line(page);
    print_line(page, _("Children at the month's end"), "children", NULL);
    print_line(page, _("Added since the act before"), "added", NULL);
    print_line(page, _("Removed since the act before"), "removed", NULL);
    print_line(page, _("Open problems"), "open_problems", NULL);
    end_line(page);
    fprintf(page->people->to, "%s\n", _("Hash of the ordered list of children"));
    print_groups(page, "list_root");
    fprintf(page->people->to, "%s\n", _("Computed over the entries with the fingerprint"));
    print_groups(page, "frontier");
    end_line(page);
}

/* --- what has changed, who has signed, what is open --- */

static void print_changed(const struct page *page)
{
    struct ayni_control_value changed;

    if (!ayni_control_find(page->act, "changed_since", &changed) ||
        changed.kind != AYNI_CONTROL_BOOL)
        fprintf(page->people->to, "%s\n",
                _("Whether the list has changed since isn't known here."));
    else if (changed.boolean)
        fprintf(page->people->to, "%s\n", _("CHANGED SINCE THE ACT: the list is another one now."));
    else
        fprintf(page->people->to, "%s\n", _("The list is today as it is in the act."));
    end_line(page);
}

static void print_signer(const struct page *page, const struct ayni_control_value *signer)
{
    struct ayni_control_value itself;

    fputs("    ", page->people->to);
    print_words(page, signer, "org");
    fputs("  ", page->people->to);
    print_words(page, signer, "name");
    if (ayni_control_find(signer, "counts", &itself) && itself.kind == AYNI_CONTROL_BOOL &&
        itself.boolean) {
        fprintf(page->people->to, "\n        %s ", _("node"));
        print_words(page, signer, "node");
        fputs(", ", page->people->to);
        print_words(page, signer, "time");
    } else {
        fprintf(page->people->to, "  (%s)", _("not by a node of its own"));
    }
    end_line(page);
}

static void print_signers(const struct page *page)
{
    struct ayni_control_value signers, signer;

    fprintf(page->people->to, "%s\n", _("Signed electronically"));
    if (!ayni_control_find(page->act, "signers", &signers))
        return;
    struct ayni_control_cursor cursor = ayni_control_cursor(&signers);
    while (ayni_control_next(&cursor, NULL, &signer))
        print_signer(page, &signer);
    end_line(page);
}

/* What the daemon calls by a word, as people say it. */
static const char *reason_of(struct ayni_bytes reason)
{
    if (ayni_bytes_equal(reason, ayni_bytes_of_text("contested")))
        return _("contested");
    return ayni_bytes_equal(reason, ayni_bytes_of_text("missing")) ? _("missing") : NULL;
}

static void print_problem(const struct page *page, const struct ayni_control_value *problem)
{
    struct ayni_control_value reason;

    fputs("    [ ] ", page->people->to);
    print_words(page, problem, "name");
    fputs("  ", page->people->to);
    print_words(page, problem, "field");
    fputs(": ", page->people->to);
    if (ayni_control_find(problem, "reason", &reason) && reason.kind == AYNI_CONTROL_TEXT &&
        reason_of(reason.bytes) != NULL)
        fputs(reason_of(reason.bytes), page->people->to);
    else
        print_words(page, problem, "reason");
    fputs("\n        ", page->people->to);
    print_words(page, problem, "id");
    end_line(page);
}

static void print_problems(const struct page *page)
{
    struct ayni_control_value problems, problem, left_out;

    if (!ayni_control_find(page->act, "problems", &problems) || ayni_control_count(&problems) == 0)
        return;
    fprintf(page->people->to, "%s\n", _("Open today"));
    struct ayni_control_cursor cursor = ayni_control_cursor(&problems);
    while (ayni_control_next(&cursor, NULL, &problem))
        print_problem(page, &problem);
    if (ayni_control_find(page->act, "problems_left_out", &left_out) &&
        left_out.kind == AYNI_CONTROL_INT && left_out.integer > 0)
        fprintf(page->people->to, "    + %lld\n", (long long)left_out.integer);
    end_line(page);
}

static void print_page(const struct people *people, const struct ayni_control_value *act)
{
    const struct page page = { people, act };
    const char *left = _("For the municipality"), *right = _("For the facility");

    print_head(&page);
    print_changed(&page);
    print_signers(&page);
    print_problems(&page);
    fprintf(people->to, "\n\n_____________________________     _____________________________\n");
    fprintf(people->to, "%s%*s%s\n", left, LABEL_COLUMNS - columns_of(left), "", right);
}

enum ayni_status cmd_act_print(const struct settings *settings, const struct arguments *arguments,
                               struct failure *failure)
{
    return ask_and_show(settings, arguments, print_page, failure);
}
