#include "cli/request.h"

#include <stdlib.h>
#include <string.h>

static void put_list(struct ayni_control_writer *to, const char *name, const char *list)
{
    ayni_control_open_array(to, name);
    for (const char *word = list; *word != '\0';) {
        size_t size = strcspn(word, ",");
        if (size > 0)
            ayni_control_put_string(to, NULL, (struct ayni_bytes){ (const uint8_t *)word, size });
        word += size + (word[size] == ',');
    }
    ayni_control_close(to);
}

/* [name, value] for each that has `mark` between, up to whichever of = and @ comes first. */
static void put_pairs(const struct arguments *arguments, char mark, struct ayni_control_writer *to,
                      const char *name)
{
    ayni_control_open_array(to, name);
    for (size_t i = 0; i < arguments->rest_count; i++) {
        const char *word = arguments->rest[i];
        size_t size = strcspn(word, "=@");
        if (word[size] != mark)
            continue;
        ayni_control_open_array(to, NULL);
        ayni_control_put_string(to, NULL, (struct ayni_bytes){ (const uint8_t *)word, size });
        ayni_control_put_text(to, NULL, word + size + 1);
        ayni_control_close(to);
    }
    ayni_control_close(to);
}

static void put_words(const struct arguments *arguments, struct ayni_control_writer *to,
                      const char *name)
{
    ayni_control_open_array(to, name);
    for (size_t i = 0; i < arguments->rest_count; i++)
        ayni_control_put_text(to, NULL, arguments->rest[i]);
    ayni_control_close(to);
}

void request_put_arguments(const struct arguments *arguments, const struct settings *settings,
                           struct ayni_control_writer *to)
{
    for (size_t i = 0; arguments->command->parameters[i].name != NULL; i++) {
        const struct parameter *parameter = &arguments->command->parameters[i];
        const char *value = arguments->values[i];
        if (parameter->kind == PARAMETER_WORDS)
            put_words(arguments, to, parameter->name);
        else if (parameter_takes_rest(parameter))
            put_pairs(arguments, '=', to, parameter->name);
        if (parameter->kind == PARAMETER_CHOICES)
            put_pairs(arguments, '@', to, "alternatives");
        if (value == NULL || parameter->local)
            continue;
        if (parameter->kind == PARAMETER_FLAG)
            ayni_control_put_bool(to, parameter->name, true);
        else if (parameter->kind == PARAMETER_INT)
            ayni_control_put_int(to, parameter->name, strtoll(value, NULL, 10));
        else if (parameter->kind == PARAMETER_LIST)
            put_list(to, parameter->name, value);
        else
            ayni_control_put_text(to, parameter->name, value);
    }
    ayni_control_put_text(to, "lang", settings->language);
}
