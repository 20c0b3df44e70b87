#include "cli/ask.h"
#include "cli/language.h"

/* What is for many alone, or for one alone, next to the other. */
static enum ayni_status refuse_mixed(const struct arguments *arguments, bool many,
                                     struct failure *failure)
{
    static const char *const for_many[] = { "type", "where", "dry_run", NULL };
    static const char *const for_one[] = { "id", "expect", NULL };

    for (const char *const *name = many ? for_one : for_many; *name != NULL; name++) {
        if (arguments_value(arguments, *name) == NULL)
            continue;
        fail_hint(failure, _("ayni help {} lists the options"), "resolve", NULL);
        return fail(failure, AYNI_E_USAGE,
                    many ? _("--prefer settles many records: name none")
                         : _("--type, --where and --dry-run go with --prefer"),
                    NULL);
    }
    if (many && arguments->rest_count > 0)
        return fail(failure, AYNI_E_USAGE, _("--prefer settles many records: name none"), NULL);
    if (many || arguments_value(arguments, "id") != NULL)
        return AYNI_OK;
    fail_hint(failure, _("for example: ayni {}"), arguments->command->example, NULL);
    return fail(failure, AYNI_E_USAGE, _("resolve needs a record, or --prefer RULE"), NULL);
}

/* One record answers with one object; --prefer, which settles many, with a list. */
enum ayni_status cmd_resolve(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    struct command many = *arguments->command;
    struct arguments asked = *arguments;
    bool is_many = arguments_value(arguments, "prefer") != NULL;
    enum ayni_status status = refuse_mixed(arguments, is_many, failure);

    if (status != AYNI_OK)
        return status;
    if (is_many) {
        many.form = OUTPUT_MANY;
        asked.command = &many;
    }
    return ask_and_print(settings, &asked, failure);
}
