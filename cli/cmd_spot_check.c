#include "cli/ask.h"

#include <string.h>

#include "cli/language.h"
#include "cli/output_rows.h"

/* Of a sample and of its answers, what the other doesn't take. */
static enum ayni_status refuse_mixed(const struct arguments *arguments, bool answers,
                                     struct failure *failure)
{
    static const char *const of_sample[] = { "sample", "type", "territory", "period",
                                             "node",   "seed", NULL };
    static const char *const of_answers[] = { "dry_run", "rejects", NULL };

    for (const char *const *name = answers ? of_sample : of_answers; *name != NULL; name++)
        if (arguments_value(arguments, *name) != NULL)
            return fail(failure, AYNI_E_USAGE,
                        answers ? _("--answers takes --space, --rejects and --dry-run alone")
                                : _("--rejects and --dry-run go with --answers"),
                        NULL);
    if (answers || arguments_value(arguments, "sample") != NULL)
        return AYNI_OK;
    fail_hint(failure, _("for example: ayni {}"), arguments->command->example, NULL);
    return fail(failure, AYNI_E_USAGE, _("spot-check needs --sample N, or --answers FILE"), NULL);
}

/* --- the sample --- */

struct sampling {
    struct output_rows rows;
    struct ayni_buffer last; /* the row printed last, encoded */
};

static enum ayni_status take_row(void *context, const struct ayni_control_value *row,
                                 struct failure *failure)
{
    struct sampling *sampling = context;

    ayni_buffer_clear(&sampling->last);
    ayni_buffer_append(&sampling->last, row->bytes.data, row->bytes.size);
    return output_rows_take(&sampling->rows, row, failure);
}

/* How many were drawn of how many, by which seed: it draws them again. */
static void tell_draw(const struct sampling *sampling)
{
    struct ayni_control_value columns, last, name, value;

    if (ayni_control_value_decode(ayni_buffer_bytes(&sampling->rows.columns), &columns) !=
            AYNI_OK ||
        ayni_control_value_decode(ayni_buffer_bytes(&sampling->last), &last) != AYNI_OK)
        return;
    struct ayni_control_cursor names = ayni_control_cursor(&columns);
    struct ayni_control_cursor values = ayni_control_cursor(&last);
    while (ayni_control_next(&names, NULL, &name) && ayni_control_next(&values, NULL, &value)) {
        if (ayni_bytes_equal(name.bytes, ayni_bytes_of_text("_n")))
            fprintf(stderr, "%s %lld", _("drawn:"), (long long)value.integer);
        else if (ayni_bytes_equal(name.bytes, ayni_bytes_of_text("_of")))
            fprintf(stderr, " / %lld", (long long)value.integer);
        else if (ayni_bytes_equal(name.bytes, ayni_bytes_of_text("_seed")))
            fprintf(stderr, ", --seed %.*s\n", (int)value.bytes.size,
                    (const char *)value.bytes.data);
    }
}

static enum ayni_status draw(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    struct sampling sampling = { .rows = { .json = settings->json } };
    struct client_sink sink = { .context = &sampling, .item = take_row };
    enum ayni_status status = ask_to(settings, arguments, &sink, failure);

    if (status == AYNI_OK)
        tell_draw(&sampling);
    output_rows_free(&sampling.rows);
    ayni_buffer_free(&sampling.last);
    return status;
}

/* --- the answers: an import of the form, as of any file --- */

static void give(struct arguments *arguments, const char *name, const char *value)
{
    for (size_t i = 0; arguments->command->parameters[i].name != NULL; i++)
        if (strcmp(arguments->command->parameters[i].name, name) == 0)
            arguments->values[i] = value;
}

static enum ayni_status load(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    static const char *const same[] = { "space", "rejects", "dry_run", NULL };
    struct arguments import = { 0 };
    char name_of_import[] = "import";
    int words;
    enum ayni_status status =
        command_find((char *[]){ name_of_import }, 1, &import.command, &words, failure);

    if (status != AYNI_OK)
        return status;
    give(&import, "type", "spot_check");
    give(&import, "file", arguments_value(arguments, "answers"));
    for (const char *const *name = same; *name != NULL; name++)
        give(&import, *name, arguments_value(arguments, *name));
    return cmd_import(settings, &import, failure);
}

enum ayni_status cmd_spot_check(const struct settings *settings, const struct arguments *arguments,
                                struct failure *failure)
{
    bool answers = arguments_value(arguments, "answers") != NULL;
    enum ayni_status status = refuse_mixed(arguments, answers, failure);

    if (status != AYNI_OK)
        return status;
    return answers ? load(settings, arguments, failure) : draw(settings, arguments, failure);
}
