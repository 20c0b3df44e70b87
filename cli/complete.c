#include "cli/complete.h"

#include <string.h>

#include "cli/complete_values.h"
#include "cli/failure.h"

static const char *const globals[] = {
    "--home", "--node", "--json", "--lang", "--help", "--version"
};
enum { GLOBALS = 6, FIRST_SIZE = 32 };

/* A line that is being typed: its command, and the words behind the command's name. */
struct line {
    struct completing completing;
    const struct command *command;
    char *const *words;
    int count; /* of those that are finished */
};

static bool global_takes_value(const char *word)
{
    return strcmp(word, "--home") == 0 || strcmp(word, "--node") == 0 ||
           strcmp(word, "--lang") == 0;
}

static void offer_globals(const struct completing *completing)
{
    for (size_t i = 0; i < GLOBALS; i++)
        complete_offer(completing, "", globals[i], "");
}

/* The value of a global option: only those of --lang are known. */
static void offer_languages(const struct completing *completing, const char *option)
{
    if (strcmp(option, "--lang") != 0)
        return;
    complete_offer(completing, "", "es", "");
    complete_offer(completing, "", "en", "");
}

/* --- the name of the command --- */

/* First words of all commands, each once: those of a group stand together. */
static void offer_first_words(const struct completing *completing)
{
    struct command_walk walk = { 0 };
    char last[FIRST_SIZE] = "";

    for (const struct command *command; (command = command_next(&walk)) != NULL;) {
        size_t size = strcspn(command->name, " ");
        if (strlen(last) == size && strncmp(last, command->name, size) == 0)
            continue;
        snprintf(last, sizeof(last), "%.*s", (int)size, command->name);
        complete_offer(completing, "", last, "");
    }
}

static void offer_second_words(const struct completing *completing, const char *first)
{
    struct command_walk walk = { 0 };
    size_t size = strlen(first);

    for (const struct command *command; (command = command_next(&walk)) != NULL;)
        if (strncmp(command->name, first, size) == 0 && command->name[size] == ' ')
            complete_offer(completing, "", command->name + size + 1, "");
}

/* --- what is behind it --- */

/* The option of that name, which may end in `=VALUE`; NULL where there is none. */
static const struct parameter *option_of(const struct command *command, const char *word)
{
    char option[OPTION_NAME_SIZE];
    size_t size = strcspn(word, "=");

    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (!parameter_is_option(parameter))
            continue;
        parameter_option(parameter, option);
        if (size == strlen(option) + 2 && strncmp(word, "--", 2) == 0 &&
            strncmp(word + 2, option, size - 2) == 0)
            return parameter;
    }
    return NULL;
}

static bool takes_next_word(const struct line *line, const char *word)
{
    const struct parameter *parameter = option_of(line->command, word);

    if (strchr(word, '=') != NULL)
        return false;
    return parameter != NULL ? parameter->kind != PARAMETER_FLAG : global_takes_value(word);
}

/* Finished words that are neither options nor values of options; the first is `*first`. */
static int count_positional(const struct line *line, const char **first)
{
    int count = 0;

    for (int i = 0; i < line->count; i++) {
        if (line->words[i][0] == '-' && line->words[i][1] != '\0') {
            i += takes_next_word(line, line->words[i]);
            continue;
        }
        if (count++ == 0)
            *first = line->words[i];
    }
    return count;
}

/* The parameter that the next word goes to; NULL where there is no more. */
static const struct parameter *positional_at(const struct command *command, int index)
{
    for (const struct parameter *parameter = command->parameters; parameter->name != NULL;
         parameter++) {
        if (parameter_takes_rest(parameter))
            return parameter;
        if (parameter->kind == PARAMETER_POSITIONAL && index-- == 0)
            return parameter;
    }
    return NULL;
}

static bool names_a_type_first(const struct command *command)
{
    const struct parameter *first = positional_at(command, 0);
    return first != NULL && first->value != NULL && strcmp(first->value, "TYPE") == 0;
}

static void offer_options(const struct line *line)
{
    char option[OPTION_NAME_SIZE];

    for (const struct parameter *parameter = line->command->parameters; parameter->name != NULL;
         parameter++) {
        if (!parameter_is_option(parameter))
            continue;
        parameter_option(parameter, option);
        complete_offer(&line->completing, "--", option, "");
    }
    offer_globals(&line->completing);
}

static void complete_arguments(struct line *line)
{
    const char *current = line->completing.current, *first = NULL;
    int count = count_positional(line, &first);
    const struct parameter *parameter = NULL;
    char before[OPTION_NAME_SIZE + 4] = "";

    if (names_a_type_first(line->command))
        line->completing.type = first;
    if (line->count > 0 && takes_next_word(line, line->words[line->count - 1])) {
        parameter = option_of(line->command, line->words[line->count - 1]);
    } else if (current[0] == '-' && strchr(current, '=') != NULL) {
        parameter = option_of(line->command, current);
        snprintf(before, sizeof(before), "%.*s=", (int)strcspn(current, "="), current);
    } else if (current[0] == '-') {
        offer_options(line);
    } else {
        parameter = positional_at(line->command, count);
    }
    if (parameter != NULL)
        complete_values(&line->completing, parameter, before);
}

/* How many words are global options and their values; what they say of the node is noted. */
static int pass_globals(int count, char *const *words, struct settings *settings)
{
    int at = 0;

    while (at < count && words[at][0] == '-') {
        bool takes_value = global_takes_value(words[at]);
        if (takes_value && at + 1 < count && strcmp(words[at], "--home") == 0)
            settings->home = words[at + 1];
        if (takes_value && at + 1 < count && strcmp(words[at], "--node") == 0)
            settings->node = words[at + 1];
        at += takes_value ? 2 : 1;
    }
    return at;
}

void complete(int argc, char *const *argv, struct settings *settings)
{
    int count = argc - 1; /* of finished words */
    int at = count < 0 ? 0 : pass_globals(count, argv, settings);
    struct line line = { .completing = { .settings = settings } };
    struct failure ignored = { 0 };
    int taken;

    if (count < 0)
        return;
    line.completing.current = argv[count];
    if (at > count) {
        offer_languages(&line.completing, argv[count - 1]);
        return;
    }
    if (at == count) {
        if (argv[count][0] == '-')
            offer_globals(&line.completing);
        else
            offer_first_words(&line.completing);
        return;
    }
    if (strcmp(argv[at], "help") == 0) {
        complete(argc - at - 1, argv + at + 1, settings);
        return;
    }
    if (count - at == 1)
        offer_second_words(&line.completing, argv[at]);
    if (command_find(argv + at, count - at, &line.command, &taken, &ignored) != AYNI_OK)
        return;
    line.words = argv + at + taken;
    line.count = count - at - taken;
    complete_arguments(&line);
}
