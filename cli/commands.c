#include "cli/commands.h"

#include <string.h>

#include "cli/language.h"
#include "proto/nearest.h"

bool parameter_is_option(const struct parameter *parameter)
{
    return parameter->kind <= PARAMETER_LIST;
}

bool parameter_takes_rest(const struct parameter *parameter)
{
    return parameter->kind >= PARAMETER_PAIRS;
}

void parameter_option(const struct parameter *parameter, char name[OPTION_NAME_SIZE])
{
    snprintf(name, OPTION_NAME_SIZE, "%s", parameter->name);
    for (char *c = name; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
}

const struct command *command_next(struct command_walk *walk)
{
    for (; command_groups[walk->group] != NULL; walk->group++, walk->command = 0) {
        const struct command *command = &command_groups[walk->group]->commands[walk->command];
        if (command->name != NULL) {
            walk->command++;
            return command;
        }
    }
    return NULL;
}

/* How many of the words that `argv` begins with are the whole name; 0 for none. */
static int words_of(const char *name, char *const *argv, int argc)
{
    const char *space = strchr(name, ' ');

    if (space == NULL)
        return argc > 0 && strcmp(argv[0], name) == 0;
    return argc > 1 && strlen(argv[0]) == (size_t)(space - name) &&
                   strncmp(argv[0], name, strlen(argv[0])) == 0 && strcmp(argv[1], space + 1) == 0
               ? 2
               : 0;
}

/* Whether a name of two words begins with this one. */
static bool is_group(const char *word, const char *name)
{
    size_t size = strlen(word);
    return strncmp(name, word, size) == 0 && name[size] == ' ';
}

/* The second words of a group: "add, list, revoke". */
static void list_group(const char *word, char *to, size_t size)
{
    struct command_walk walk = { 0 };
    size_t used = 0;

    to[0] = '\0';
    for (const struct command *one; used < size && (one = command_next(&walk)) != NULL;)
        if (is_group(word, one->name))
            used += (size_t)snprintf(to + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     one->name + strlen(word) + 1);
}

static enum ayni_status unknown(char *const *argv, int argc, struct failure *failure)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(argv[0]));
    struct command_walk walk = { 0 };
    char group[256], second[64];

    list_group(argv[0], group, sizeof(group));
    if (group[0] != '\0') {
        snprintf(second, sizeof(second), "%s", argc > 1 && argv[1][0] != '-' ? argv[1] : "");
        fail(failure, AYNI_E_USAGE,
             second[0] != '\0' ? _("{} {} is no command") : _("{} needs a second word"), argv[0],
             second, NULL);
        fail_hint(failure, _("there are: {}"), group, NULL);
        return AYNI_E_USAGE;
    }
    for (const struct command *one; (one = command_next(&walk)) != NULL;)
        ayni_nearest_offer(&nearest, one->name);
    fail(failure, AYNI_E_USAGE, _("{} is no command"), argv[0], NULL);
    if (nearest.best != NULL)
        fail_hint(failure, _("did you mean: ayni {}"), nearest.best, NULL);
    else
        fail_hint(failure, _("ayni help lists them all"), NULL);
    return AYNI_E_USAGE;
}

enum ayni_status command_find(char *const *argv, int argc, const struct command **command,
                              int *words, struct failure *failure)
{
    struct command_walk walk = { 0 };
    int best = 0;

    for (const struct command *one; (one = command_next(&walk)) != NULL;) {
        int taken = words_of(one->name, argv, argc);
        if (taken > best) {
            *command = one;
            best = taken;
        }
    }
    if (best == 0)
        return unknown(argv, argc, failure);
    *words = best;
    return AYNI_OK;
}
