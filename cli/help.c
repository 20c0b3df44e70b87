#include "cli/help.h"

#include <string.h>

#include "cli/examples.h"
#include "cli/language.h"
#include "cli/pager.h"
#include "cli/wrap.h"

enum { NAME_WIDTH = 18, USAGE_WIDTH = 22, MARGIN = 2 };

static const struct {
    const char *usage, *help;
} globals[] = {
    { "--home DIR", N_("the home of the node; else AYNI_HOME, else by XDG") },
    { "--node ENDPOINT", N_("ask this node instead: its control socket, or tcp://HOST:PORT/KEY") },
    { "--json", N_("one JSON document on standard output; a line for each row of lists") },
    { "--lang es|en", N_("the language of texts") },
    { "--help, --version", N_("what it says") },
};

/* What is longer than its column has the line for itself. */
static void print_row(const char *usage, const char *help, int width, FILE *to)
{
    int column = MARGIN + width + 1;

    if (strlen(usage) > (size_t)width)
        fprintf(to, "%*s%s\n%*s", MARGIN, "", usage, column, "");
    else
        fprintf(to, "%*s%-*s ", MARGIN, "", width, usage);
    wrap_print(help, (size_t)column, to);
}

static void print_globals(FILE *to)
{
    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++)
        print_row(globals[i].usage, _(globals[i].help), USAGE_WIDTH, to);
}

static void print_group(const struct command_group *group, FILE *to)
{
    fprintf(to, "%s\n", _(group->title));
    for (const struct command *command = group->commands; command->name != NULL; command++)
        print_row(command->name, _(command->summary), NAME_WIDTH, to);
    fprintf(to, "\n");
}

void help_print_all(FILE *to)
{
    fprintf(to, "%s: ayni [--home DIR] [--node ENDPOINT] [--json] [--lang es|en] %s ...\n\n",
            _("usage"), _("COMMAND"));
    for (size_t i = 0; command_groups[i] != NULL; i++)
        print_group(command_groups[i], to);
    print_globals(to);
    fprintf(to, "\n%s\n", _("ayni help COMMAND explains one of them."));
}

/* "--name VALUE" or "VALUE". */
static void spell(const struct parameter *parameter, char *to, size_t size)
{
    char option[OPTION_NAME_SIZE];

    parameter_option(parameter, option);
    if (!parameter_is_option(parameter))
        snprintf(to, size, "%s", parameter->value);
    else if (parameter->kind == PARAMETER_FLAG)
        snprintf(to, size, "--%s", option);
    else
        snprintf(to, size, "--%s %s", option, parameter->value);
}

static void print_usage(const struct command *command, FILE *to)
{
    char option[160], piece[sizeof(option) + 8];
    size_t begins = (size_t)fprintf(to, "%s: ayni %s", _("usage"), command->name);
    struct wrap wrap = { .to = to, .column = begins, .indent = begins + 1, .begun = true };

    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (parameter->help == NULL)
            continue;
        spell(parameter, option, sizeof(option));
        snprintf(piece, sizeof(piece), parameter->required ? "%s%s" : "[%s%s]", option,
                 parameter_takes_rest(parameter) ? " ..." : "");
        wrap_piece(&wrap, piece, strlen(piece));
    }
    fprintf(to, "\n\n");
}

static void print_examples(const struct command *command, FILE *to)
{
    fprintf(to, "%s\n  ayni %s\n", _("for example:"), command->example);
    for (const char *const *more = examples_more(command); *more != NULL; more++)
        fprintf(to, "  ayni %s\n", *more);
}

/* Whether the first words of two names are the same. */
static bool are_sisters(const char *one, const char *other)
{
    size_t size = strcspn(one, " ");
    return strcspn(other, " ") == size && strncmp(one, other, size) == 0;
}

static void print_see_also(const struct command *command, FILE *to)
{
    struct command_walk walk = { 0 };
    bool first = true;

    for (const struct command *other; (other = command_next(&walk)) != NULL;) {
        if (other == command || !are_sisters(other->name, command->name))
            continue;
        fprintf(to, "%s%s", first ? "\n" : ", ", first ? _("see also: ") : "");
        fprintf(to, "ayni %s", other->name);
        first = false;
    }
    if (!first)
        fputc('\n', to);
}

void help_print(const struct command *command, FILE *to)
{
    char text[160];

    print_usage(command, to);
    wrap_print(_(command->summary), 0, to);
    fputc('\n', to);
    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (parameter->help == NULL)
            continue;
        spell(parameter, text, sizeof(text));
        print_row(text, _(parameter->help), USAGE_WIDTH, to);
    }
    if (command->parameters[0].name != NULL)
        fprintf(to, "\n");
    print_examples(command, to);
    print_see_also(command, to);
}

bool help_print_sisters(const char *word, FILE *to)
{
    struct command_walk walk = { 0 };
    bool any = false;

    for (const struct command *command; (command = command_next(&walk)) != NULL;)
        if (are_sisters(command->name, word)) {
            print_row(command->name, _(command->summary), NAME_WIDTH, to);
            any = true;
        }
    if (any)
        fprintf(to, "\n%s\n", _("ayni help COMMAND explains one of them."));
    return any;
}

void help_show(const struct command *command)
{
    struct pager pager = { 0 };

    pager_begin(&pager);
    if (command != NULL)
        help_print(command, stdout);
    else
        help_print_all(stdout);
    pager_end(&pager);
}

void help_dump(FILE *to)
{
    struct command_walk walk = { 0 };
    char option[OPTION_NAME_SIZE];

    for (const struct command *command; (command = command_next(&walk)) != NULL;) {
        fprintf(to, "%s\t", command->name);
        for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
             parameter++) {
            if (!parameter_is_option(parameter))
                continue;
            parameter_option(parameter, option);
            fprintf(to, " --%s%s", option, parameter->kind == PARAMETER_FLAG ? "" : "=");
        }
        fprintf(to, "\n");
    }
}
