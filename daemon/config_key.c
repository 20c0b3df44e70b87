#include "daemon/config_key.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "daemon/config_value.h"
#include "po/language.h"

/* What fits into a line of a file as inih reads it (200 bytes), its name and a comment beside it.
 */
enum { VALUE_MAX = 160 };

void config_explain(char *why, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, size, format, arguments);
    va_end(arguments);
}

static bool is_word(const char *const *words, const char *text)
{
    for (; *words != NULL; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

static bool is_text(const struct config_key *key, const char *value)
{
    unsigned from, to;

    switch (key->kind) {
    case CONFIG_LISTEN:
        return value[0] == '\0' || config_is_listen(value);
    case CONFIG_ENDPOINTS:
        return value[0] == '\0' || config_is_endpoints(value);
    case CONFIG_ADDRESS:
        return value[0] == '\0' || config_is_address(value);
    case CONFIG_HOURS:
        return config_parse_hours(value, &from, &to);
    default:
        return is_word(key->words, value);
    }
}

static bool assign_text(const struct config_key *key, char *to, const char *value)
{
    if (strlen(value) >= key->room || strlen(value) > VALUE_MAX || !is_text(key, value))
        return false;
    memcpy(to, value, strlen(value) + 1);
    return true;
}

static bool assign_number(const struct config_key *key, uint64_t *to, const char *value)
{
    uint64_t number = 0;
    bool parsed = key->kind == CONFIG_SIZE          ? config_parse_size(value, &number)
                  : key->kind == CONFIG_DURATION_MS ? config_parse_duration(value, &number)
                                                    : config_parse_count(value, &number);

    if (!parsed || number < key->min || number > key->max)
        return false;
    *to = number;
    return true;
}

bool config_key_assign(const struct config_key *key, void *base, const char *value)
{
    void *to = (char *)base + key->offset;

    switch (key->kind) {
    case CONFIG_LISTEN:
    case CONFIG_ENDPOINTS:
    case CONFIG_ADDRESS:
    case CONFIG_WORD:
    case CONFIG_HOURS:
        return assign_text(key, to, value);
    case CONFIG_BOOL:
        return config_parse_bool(value, to);
    case CONFIG_COUNT:
    case CONFIG_SIZE:
    case CONFIG_DURATION_MS:
        return assign_number(key, to, value);
    }
    return false;
}

const char *config_key_expected(const struct config_key *key)
{
    switch (key->kind) {
    case CONFIG_LISTEN:
        return _("tcp://ADDRESS:PORT");
    case CONFIG_ENDPOINTS:
        return _("tcp://HOST:PORT, up to 8 of them and 160 bytes, commas between");
    case CONFIG_ADDRESS:
        return _("ADDRESS:PORT");
    case CONFIG_WORD:
        return _("debug, info, warning or error");
    case CONFIG_HOURS:
        return _("always, or from when to when, as 22:00-06:00");
    case CONFIG_BOOL:
        return _("yes or no");
    case CONFIG_COUNT:
        return _("a whole number within its range");
    case CONFIG_SIZE:
        return _("a size such as 512M or 4G, within its range");
    case CONFIG_DURATION_MS:
        return _("a time such as 500ms, 30s or 2min, within its range");
    }
    return "";
}

void config_key_print(const struct config_key *key, const void *base, FILE *to)
{
    const void *from = (const char *)base + key->offset;

    fprintf(to, "%s = ", key->name);
    switch (key->kind) {
    case CONFIG_LISTEN:
    case CONFIG_ENDPOINTS:
    case CONFIG_ADDRESS:
    case CONFIG_WORD:
    case CONFIG_HOURS:
        fprintf(to, "%s", (const char *)from);
        break;
    case CONFIG_BOOL:
        fprintf(to, "%s", *(const bool *)from ? "yes" : "no");
        break;
    case CONFIG_DURATION_MS:
        fprintf(to, "%" PRIu64 "ms", *(const uint64_t *)from);
        break;
    case CONFIG_COUNT:
    case CONFIG_SIZE:
        fprintf(to, "%" PRIu64, *(const uint64_t *)from);
        break;
    }
    fprintf(to, "\n");
}
