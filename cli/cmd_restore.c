#include "cli/ask.h"

#include "cli/language.h"
#include "cli/output.h"

static bool waits(const struct output *output)
{
    struct ayni_control_value object, value;

    return ayni_control_value_decode(ayni_buffer_bytes(&output->items), &object) == AYNI_OK &&
           ayni_control_find(&object, "waiting", &value) && value.kind == AYNI_CONTROL_BOOL &&
           value.boolean;
}

static void print_next(const char *home, bool waiting)
{
    printf("\n%s\n", _("What to do next:"));
    printf("  aynid --home %s\n", home);
    printf("      %s\n",
           _("start the daemon: it fetches what it lacks, its own newer entries too"));
    if (!waiting)
        return;
    printf("  ayni --home %s restore --alone\n", home);
    printf("      %s\n", _("only where no other member can be reached: until it has heard from one "
                           "what was erased meanwhile, it shows and hands on no records"));
}

static enum ayni_status run_worker(const struct settings *settings,
                                   const struct arguments *arguments, const char *home,
                                   struct failure *failure)
{
    const char *words[] = {
        "aynid",
        "--worker",
        "restore",
        "--home",
        home,
        "--from",
        arguments_value(arguments, "folder"),
        arguments_value(arguments, "alone") != NULL ? "--alone" : NULL,
        NULL,
    };
    SCOPED_CLIENT client;
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    struct client_sink sink = output_sink(&output);
    enum ayni_status status = client_start_worker(words, &client, failure);

    if (status == AYNI_OK)
        status = client_listen(&client, &sink, failure);
    bool waiting = status == AYNI_OK && waits(&output);
    output_end(&output, status, failure);
    if (status == AYNI_OK && !settings->json)
        print_next(home, waiting);
    return status;
}

enum ayni_status cmd_restore(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    char home[PATH_MAX];

    if (arguments_value(arguments, "folder") == NULL && arguments_value(arguments, "alone") == NULL)
        return fail(failure, AYNI_E_USAGE, _("which backup? {} is missing"), "DIR", NULL);
    if (arguments_value(arguments, "folder") == NULL)
        return ask_and_print(settings, arguments, failure);
    enum ayni_status status = settings_home(settings, home, failure);
    return status == AYNI_OK ? run_worker(settings, arguments, home, failure) : status;
}
