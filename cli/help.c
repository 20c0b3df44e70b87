#include "cli/help.h"

#include <string.h>

#include "cli/language.h"

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
static void print_row(const char *usage, const char *help, FILE *to)
{
    const int column = 22;

    if (strlen(usage) > (size_t)column)
        fprintf(to, "  %s\n  %*s %s\n", usage, column, "", help);
    else
        fprintf(to, "  %-*s %s\n", column, usage, help);
}

static void print_globals(FILE *to)
{
    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++)
        print_row(globals[i].usage, _(globals[i].help), to);
}

static void print_group(const struct command_group *group, FILE *to)
{
    fprintf(to, "%s\n", _(group->title));
    for (const struct command *command = group->commands; command->name != NULL; command++)
        fprintf(to, "  %-18s %s\n", command->name, _(command->summary));
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
    char text[160];

    fprintf(to, "%s: ayni %s", _("usage"), command->name);
    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (parameter->help == NULL)
            continue;
        spell(parameter, text, sizeof(text));
        fprintf(to, parameter->required ? " %s%s" : " [%s%s]", text,
                parameter_takes_rest(parameter) ? " ..." : "");
    }
    fprintf(to, "\n\n");
}

void help_print(const struct command *command, FILE *to)
{
    char text[160];

    print_usage(command, to);
    fprintf(to, "%s\n\n", _(command->summary));
    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (parameter->help == NULL)
            continue;
        spell(parameter, text, sizeof(text));
        print_row(text, _(parameter->help), to);
    }
    if (command->parameters[0].name != NULL)
        fprintf(to, "\n");
    fprintf(to, "%s\n  ayni %s\n", _("for example:"), command->example);
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
