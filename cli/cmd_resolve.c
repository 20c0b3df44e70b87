#include <stdio.h>

#include "cli/ask.h"
#include "cli/language.h"

/* What a command that is for one record or for many says of the other kind. */
struct wording {
    const char *option; /* with which it is for many */
    const char *names_one, *options_of_many, *needs;
};

/* What is for many alone, or for one alone, next to the other. */
static enum ayni_status refuse_mixed(const struct arguments *arguments,
                                     const struct wording *wording, struct failure *failure)
{
    static const char *const for_many[] = { "type", "where", "dry_run", NULL };
    static const char *const for_one[] = { "id", "expect", NULL };
    bool many = arguments_value(arguments, wording->option) != NULL;

    for (const char *const *name = many ? for_one : for_many; *name != NULL; name++) {
        if (arguments_value(arguments, *name) == NULL)
            continue;
        fail_hint(failure, _("ayni help {} lists the options"), arguments->command->name, NULL);
        return fail(failure, AYNI_E_USAGE,
                    many ? _(wording->names_one) : _(wording->options_of_many), NULL);
    }
    if (many && arguments->rest_count > 0)
        return fail(failure, AYNI_E_USAGE, _(wording->names_one), NULL);
    if (many || arguments_value(arguments, "id") != NULL)
        return AYNI_OK;
    fail_hint(failure, _("for example: ayni {}"), arguments->command->example, NULL);
    return fail(failure, AYNI_E_USAGE, _(wording->needs), NULL);
}

/* What is told of is settled; the rest of it is the output's. */
struct settling {
    struct client_sink sink;
    bool takes_back;
    unsigned long count;
};

static enum ayni_status count_item(void *context, const struct ayni_control_value *item,
                                   struct failure *failure)
{
    struct settling *settling = context;

    settling->count++;
    return settling->sink.item(settling->sink.context, item, failure);
}

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct settling *settling = context;

    settling->sink.progress(settling->sink.context, done, total);
}

/* Each record is settled wholly or not, so the same can be asked again. */
static void explain_half(const struct settling *settling, struct failure *failure)
{
    char count[24];

    snprintf(count, sizeof(count), "%lu", settling->count);
    fail_hint(failure,
              settling->takes_back
                  ? _("{} records or more were taken back before; the same command takes back the "
                      "rest")
                  : _("{} fields or more were settled before; the same command settles the rest"),
              count, NULL);
}

static enum ayni_status settle_many(const struct settings *settings,
                                    const struct arguments *arguments, bool takes_back,
                                    struct failure *failure)
{
    struct command many = *arguments->command;
    struct arguments asked = *arguments;

    many.form = OUTPUT_MANY;
    asked.command = &many;
    SCOPED_OUTPUT output = output_begin(settings, &many);
    struct settling settling = { .sink = output_sink(&output), .takes_back = takes_back };
    const struct client_sink sink = { .context = &settling,
                                      .item = count_item,
                                      .progress = show_progress };
    enum ayni_status status = ask_for_sink(&output, &asked, &sink, failure);
    if (status != AYNI_OK && settling.count > 0 && arguments_value(arguments, "dry_run") == NULL)
        explain_half(&settling, failure);
    output_end(&output, status, failure);
    return status;
}

/* One record answers with one object, many with a list. */
static enum ayni_status settle(const struct settings *settings, const struct arguments *arguments,
                               const struct wording *wording, bool takes_back,
                               struct failure *failure)
{
    enum ayni_status status = refuse_mixed(arguments, wording, failure);

    if (status != AYNI_OK)
        return status;
    return arguments_value(arguments, wording->option) != NULL
               ? settle_many(settings, arguments, takes_back, failure)
               : ask_and_print(settings, arguments, failure);
}

enum ayni_status cmd_resolve(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    static const struct wording wording = { "prefer",
                                            N_("--prefer settles many records: name none"),
                                            N_("--type, --where and --dry-run go with --prefer"),
                                            N_("resolve needs a record, or --prefer RULE") };

    return settle(settings, arguments, &wording, false, failure);
}

enum ayni_status cmd_unresolve(const struct settings *settings, const struct arguments *arguments,
                               struct failure *failure)
{
    static const struct wording wording = { "since", N_("--since is about many records: name none"),
                                            N_("--type, --where and --dry-run go with --since"),
                                            N_("unresolve needs a record, or --since TIME") };

    return settle(settings, arguments, &wording, true, failure);
}
