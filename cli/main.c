#include "cli/arguments.h"
#include "cli/ask.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/language.h"
#include "cli/output.h"

#include <string.h>

/* --lang speaks for errors in the options before it, too. */
static void speak_early(int argc, char **argv, struct settings *settings)
{
    for (int i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--lang") == 0)
            settings->language = language_choose(argv[i + 1]);
        else if (strncmp(argv[i], "--lang=", strlen("--lang=")) == 0)
            settings->language = language_choose(argv[i] + strlen("--lang="));
    language_use(settings->language);
}

/* A failure among the options is told as JSON, too, wherever --json stands. */
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

/* `ayni member --help`: the first word of several commands. */
static bool asks_for_sisters(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "--help") == 0;
}

static enum ayni_status run_command(int argc, char **argv, struct settings *settings,
                                    struct failure *failure)
{
    const struct command *command;
    struct arguments arguments;
    bool help = false;
    int words;

    enum ayni_status status = command_find(argv, argc, &command, &words, failure);
    if (status != AYNI_OK)
        return asks_for_sisters(argc, argv) && help_print_sisters(argv[0], stdout) ? AYNI_OK
                                                                                   : status;
    /* getopt looks behind the first word. */
    status = arguments_parse(command, argc - words + 1, argv + words - 1, settings, &help,
                             &arguments, failure);
    if (status != AYNI_OK)
        return status;
    if (help) {
        help_show(command);
        return AYNI_OK;
    }
    command_run *run = command->run != NULL ? command->run : ask_and_print;
    return run(settings, &arguments, failure);
}

static enum ayni_status run(int argc, char **argv, struct settings *settings,
                            struct failure *failure)
{
    bool help = false, version = false;
    int used = 1;

    if (argc == 2 && strcmp(argv[1], "--dump-commands") == 0) {
        help_dump(stdout);
        return AYNI_OK;
    }
    if (argc > 2 && strcmp(argv[1], "--complete") == 0) {
        complete(argc - 2, argv + 2, settings);
        return AYNI_OK;
    }
    enum ayni_status status =
        arguments_parse_global(argc, argv, settings, &help, &version, &used, failure);
    if (status != AYNI_OK)
        return status;
    if (version) {
        printf("ayni %s\n", AYNI_VERSION);
        return AYNI_OK;
    }
    if (help) {
        help_show(NULL);
        return AYNI_OK;
    }
    if (used == argc) {
        fail(failure, AYNI_E_USAGE, _("which command?"), NULL);
        fail_hint(failure, _("ayni help lists them all"), NULL);
        return AYNI_E_USAGE;
    }
    return run_command(argc - used, argv + used, settings, failure);
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct failure failure = { 0 };

    settings_init(&settings);
    speak_early(argc, argv, &settings);
    enum ayni_status status = run(argc, argv, &settings, &failure);
    fflush(stdout); /* output_status() knows whether it could */
    if (status == AYNI_OK)
        status = output_status(&failure);
    if (status != AYNI_OK)
        failure_print(&failure, settings.json || asks_for_json(argc, argv));
    return exit_code_of(status);
}
