#include "cli/arguments.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/language.h"
#include "proto/nearest.h"
#include "proto/text.h"

/* getopt_long() answers: a global option, or PARAMETER_AT + the index of a parameter. */
enum { HOME = 1, NODE, JSON, LANGUAGE, HELP, VERSION, PARAMETER_AT = 100, GLOBALS = 6 };

static const struct option globals[GLOBALS] = {
    { "home", required_argument, NULL, HOME }, { "node", required_argument, NULL, NODE },
    { "json", no_argument, NULL, JSON },       { "lang", required_argument, NULL, LANGUAGE },
    { "help", no_argument, NULL, HELP },       { "version", no_argument, NULL, VERSION },
};

struct parsing {
    struct settings *settings;
    struct arguments *arguments; /* NULL before the command */
    bool help, version;
    struct failure *failure;
};

/* What a terminal of another encoding, or a binary file by mistake, would give. */
static enum ayni_status check_text(const char *text, struct failure *failure)
{
    if (!ayni_text_valid(ayni_bytes_of_text(text)))
        return fail(failure, AYNI_E_USAGE, _("a value is not UTF-8"), NULL);
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 && *text != '\t' && *text != '\n')
            return fail(failure, AYNI_E_USAGE, _("a value holds control characters"), NULL);
    return AYNI_OK;
}

/* Words with a | between are all that a value may be. */
static enum ayni_status check_choice(const struct parameter *parameter, const char *value,
                                     struct failure *failure)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(value));
    char words[160], *rest = NULL;

    if (strchr(parameter->value, '|') == NULL || strchr(parameter->value, '=') != NULL ||
        strpbrk(parameter->value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL)
        return AYNI_OK;
    snprintf(words, sizeof(words), "%s", parameter->value);
    for (char *word = strtok_r(words, "|", &rest); word != NULL;
         word = strtok_r(NULL, "|", &rest)) {
        if (strcmp(word, value) == 0)
            return AYNI_OK;
        ayni_nearest_offer(&nearest, word);
    }
    fail(failure, AYNI_E_USAGE, _("{} is none of {}"), value, parameter->value, NULL);
    if (nearest.best != NULL)
        fail_hint(failure, _("did you mean: {}"), nearest.best, NULL);
    return AYNI_E_USAGE;
}

static enum ayni_status check_number(const struct parameter *parameter, const char *value,
                                     struct failure *failure)
{
    char *end, option[OPTION_NAME_SIZE];

    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno == 0 && end != value && *end == '\0' && number >= 0)
        return AYNI_OK;
    parameter_option(parameter, option);
    return fail(failure, AYNI_E_USAGE, _("--{} wants a whole number, not {}"), option, value, NULL);
}

static enum ayni_status take_value(struct parsing *parsing, size_t index, const char *value)
{
    const struct parameter *parameter;

    assert(parsing->arguments != NULL); /* what goes before the command has no parameters */
    parameter = &parsing->arguments->command->parameters[index];

    parsing->arguments->values[index] = value;
    enum ayni_status status = check_text(value, parsing->failure);
    if (status != AYNI_OK)
        return status;
    if (parameter->kind == PARAMETER_INT)
        return check_number(parameter, value, parsing->failure);
    if (parameter->value != NULL)
        return check_choice(parameter, value, parsing->failure);
    return AYNI_OK;
}

static enum ayni_status take_global(struct parsing *parsing, int option, const char *value)
{
    switch (option) {
    case HOME:
        parsing->settings->home = value;
        break;
    case NODE:
        parsing->settings->node = value;
        break;
    case JSON:
        parsing->settings->json = true;
        break;
    case HELP:
        parsing->help = true;
        break;
    case VERSION:
        parsing->version = true;
        break;
    case LANGUAGE:
        if (strcmp(value, "es") != 0 && strcmp(value, "en") != 0)
            return fail(parsing->failure, AYNI_E_USAGE, _("--lang is es or en, not {}"), value,
                        NULL);
        parsing->settings->language = language_choose(value);
        language_use(parsing->settings->language);
        break;
    default:
        break;
    }
    return AYNI_OK;
}

/* What getopt_long() didn't take: an option nobody knows, one without its value, or a value too
 * many. */
static enum ayni_status refuse_option(const struct parsing *parsing, const struct option *options,
                                      char *word, bool misses_value)
{
    char *equals = strchr(word, '=');

    if (equals != NULL)
        *equals = '\0';
    if (misses_value)
        return fail(parsing->failure, AYNI_E_USAGE, _("the option {} needs a value"), word, NULL);
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(word + strspn(word, "-")));
    for (size_t i = 0; options[i].name != NULL; i++) {
        if (equals != NULL && strcmp(options[i].name, word + 2) == 0)
            return fail(parsing->failure, AYNI_E_USAGE, _("the option {} takes no value"), word,
                        NULL);
        ayni_nearest_offer(&nearest, options[i].name);
    }
    fail(parsing->failure, AYNI_E_USAGE, _("there is no option {}"), word, NULL);
    if (nearest.best != NULL)
        fail_hint(parsing->failure, _("did you mean: --{}"), nearest.best, NULL);
    else if (parsing->arguments != NULL)
        fail_hint(parsing->failure, _("ayni help {} lists the options"),
                  parsing->arguments->command->name, NULL);
    return AYNI_E_USAGE;
}

/* Takes all options; what is no option is left in argv from optind on. `how` is "+:" to stop at the
 * first word. */
static enum ayni_status take_options(struct parsing *parsing, int argc, char **argv,
                                     const struct option *options, const char *how)
{
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    for (;;) {
        int option = getopt_long(argc, argv, how, options, NULL);
        enum ayni_status status;
        if (option == -1)
            return AYNI_OK;
        if (option == '?' || option == ':')
            return refuse_option(parsing, options, argv[optind - 1], option == ':');
        const char *value = optarg != NULL ? optarg : "";
        if (option < PARAMETER_AT)
            status = take_global(parsing, option, value);
        else
            status = take_value(parsing, (size_t)(option - PARAMETER_AT), value);
        if (status != AYNI_OK)
            return status;
    }
}

enum ayni_status arguments_parse_global(int argc, char **argv, struct settings *settings,
                                        bool *help, bool *version, int *used,
                                        struct failure *failure)
{
    struct parsing parsing = { .settings = settings, .failure = failure };
    struct option options[GLOBALS + 1] = { { 0 } };

    memcpy(options, globals, sizeof(globals));
    enum ayni_status status = take_options(&parsing, argc, argv, options, "+:");
    *help = parsing.help;
    *version = parsing.version;
    *used = optind;
    return status;
}

/* The options of a command, and the global ones whose names it doesn't use itself. */
static void list_options(const struct command *command, struct option *options,
                         char names[][OPTION_NAME_SIZE])
{
    size_t count = 0;

    for (size_t i = 0; command->parameters[i].name != NULL; i++) {
        const struct parameter *parameter = &command->parameters[i];
        assert(i < ARGUMENTS_MAX);
        if (!parameter_is_option(parameter))
            continue;
        parameter_option(parameter, names[i]);
        options[count++] =
            (struct option){ names[i],
                             parameter->kind == PARAMETER_FLAG ? no_argument : required_argument,
                             NULL, PARAMETER_AT + (int)i };
    }
    for (size_t i = 0; i < GLOBALS; i++)
        options[count++] = globals[i]; /* of two of one name getopt takes the first */
}

/* FIELD=VALUE, or FIELD@N where that will do, or any word. */
static enum ayni_status check_rest(const struct arguments *arguments,
                                   const struct parameter *parameter, struct failure *failure)
{
    for (size_t i = 0; i < arguments->rest_count; i++) {
        const char *word = arguments->rest[i];
        enum ayni_status status = check_text(word, failure);
        if (status != AYNI_OK)
            return status;
        if (parameter->kind == PARAMETER_WORDS)
            continue;
        size_t name = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_");
        bool number = parameter->kind == PARAMETER_CHOICES && word[name] == '@' &&
                      word[name + 1] != '\0' &&
                      word[name + 1 + strspn(word + name + 1, "0123456789")] == '\0';
        if (name > 0 && (word[name] == '=' || number))
            continue;
        return fail(failure, AYNI_E_USAGE, _("{} is not of the form {}"), word, parameter->value,
                    NULL);
    }
    return AYNI_OK;
}

static enum ayni_status missing(const struct command *command, const struct parameter *parameter,
                                struct failure *failure)
{
    char option[OPTION_NAME_SIZE];

    if (parameter_is_option(parameter)) {
        parameter_option(parameter, option);
        fail(failure, AYNI_E_USAGE, _("{} needs --{} {}"), command->name, option, parameter->value,
             NULL);
    } else {
        fail(failure, AYNI_E_USAGE, _("{} needs {}"), command->name, parameter->value, NULL);
    }
    fail_hint(failure, _("for example: ayni {}"), command->example, NULL);
    return AYNI_E_USAGE;
}

/* Words without a -- go to the positional parameters in their order; optional ones get what is to
 * spare. */
static enum ayni_status take_words(struct parsing *parsing, int count, char **words)
{
    const struct parameter *parameters = parsing->arguments->command->parameters;
    int needed = 0, used = 0;

    for (size_t i = 0; parameters[i].name != NULL; i++)
        needed += parameters[i].kind == PARAMETER_POSITIONAL && parameters[i].required;
    for (size_t i = 0; parameters[i].name != NULL; i++) {
        const struct parameter *parameter = &parameters[i];
        if (parameter_takes_rest(parameter)) {
            parsing->arguments->rest = words + used;
            parsing->arguments->rest_count = (size_t)(count - used);
            return check_rest(parsing->arguments, parameter, parsing->failure);
        }
        bool takes = parameter->required ? used < count : count - used > needed;
        if (parameter->kind != PARAMETER_POSITIONAL || !takes)
            continue;
        needed -= parameter->required;
        enum ayni_status status = take_value(parsing, i, words[used++]);
        if (status != AYNI_OK)
            return status;
    }
    if (used < count)
        return fail(parsing->failure, AYNI_E_USAGE, _("{} is one word too many for {}"),
                    words[used], parsing->arguments->command->name, NULL);
    return AYNI_OK;
}

static enum ayni_status check_needed(const struct arguments *arguments, struct failure *failure)
{
    const struct parameter *parameters = arguments->command->parameters;

    for (size_t i = 0; parameters[i].name != NULL; i++) {
        bool given = parameter_takes_rest(&parameters[i]) ? arguments->rest_count > 0
                                                          : arguments->values[i] != NULL;
        if (parameters[i].required && !given)
            return missing(arguments->command, &parameters[i], failure);
    }
    return AYNI_OK;
}

enum ayni_status arguments_parse(const struct command *command, int argc, char **argv,
                                 struct settings *settings, bool *help, struct arguments *arguments,
                                 struct failure *failure)
{
    char names[ARGUMENTS_MAX][OPTION_NAME_SIZE];
    struct option options[ARGUMENTS_MAX + GLOBALS + 1] = { { 0 } };
    struct parsing parsing = { .settings = settings, .arguments = arguments, .failure = failure };

    *arguments = (struct arguments){ .command = command };
    list_options(command, options, names);
    enum ayni_status status = take_options(&parsing, argc, argv, options, ":");
    *help = parsing.help;
    if (status != AYNI_OK || parsing.help)
        return status;
    status = take_words(&parsing, argc - optind, argv + optind);
    return status == AYNI_OK ? check_needed(arguments, failure) : status;
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; arguments->command->parameters[i].name != NULL; i++)
        if (strcmp(arguments->command->parameters[i].name, name) == 0)
            return arguments->values[i];
    return NULL;
}
