#ifndef AYNI_CLI_COMPLETE_VALUES_H
#define AYNI_CLI_COMPLETE_VALUES_H

#include "cli/commands.h"

/* The word that is being typed, and what is printed of those that could stand there. */
struct completing {
    const struct settings *settings;
    const char *current;
    const char *type; /* the record type that the command names before it; or NULL */
};

/* Print a candidate, made of three parts, if it begins as the current word does. */
void complete_offer(const struct completing *completing, const char *before, const char *word,
                    const char *after);
/*
 * What a parameter may be, `before` it where it is written in one word with
 * its option. Of what the daemon knows nothing is printed where it doesn't
 * answer at once.
 */
void complete_values(const struct completing *completing, const struct parameter *parameter,
                     const char *before);

#endif
