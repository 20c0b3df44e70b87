#include "daemon/config_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proto/endpoint.h"
#include "proto/limits.h"

/* A whole number with one of the units given as pairs of a suffix and its factor. */
static bool parse_number(const char *text, const char *const *suffixes, const uint64_t *factors,
                         uint64_t *value)
{
    char *end;

    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || errno != 0)
        return false;
    for (size_t i = 0; suffixes[i] != NULL; i++) {
        if (strcasecmp(end, suffixes[i]) == 0 && number <= UINT64_MAX / factors[i]) {
            *value = number * factors[i];
            return true;
        }
    }
    return false;
}

bool config_parse_size(const char *text, uint64_t *value)
{
    static const char *const suffixes[] = { "", "K", "M", "G", "T", NULL };
    static const uint64_t factors[] = { 1, 1 << 10, 1 << 20, 1 << 30, 1ull << 40 };

    return parse_number(text, suffixes, factors, value);
}

bool config_parse_duration(const char *text, uint64_t *ms)
{
    static const char *const suffixes[] = { "ms", "s", "min", "h", NULL };
    static const uint64_t factors[] = { 1, 1000, 60000, 3600000 };

    return parse_number(text, suffixes, factors, ms);
}

bool config_parse_count(const char *text, uint64_t *value)
{
    static const char *const suffixes[] = { "", NULL };
    static const uint64_t factors[] = { 1 };

    return parse_number(text, suffixes, factors, value);
}

/* HH:MM */
static bool parse_minute(const char *text, unsigned *minute)
{
    for (size_t i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
            return false;
    unsigned hours = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    unsigned minutes = (unsigned)(text[3] - '0') * 10 + (unsigned)(text[4] - '0');
    *minute = hours * 60 + minutes;
    return minutes < 60 && *minute <= CONFIG_DAY_MINUTES;
}

bool config_parse_hours(const char *text, unsigned *from, unsigned *to)
{
    unsigned first = 0, last = CONFIG_DAY_MINUTES;

    if (strcmp(text, "always") != 0 &&
        (strlen(text) != 11 || text[5] != '-' || !parse_minute(text, &first) ||
         !parse_minute(text + 6, &last) || first == last || first == CONFIG_DAY_MINUTES))
        return false;
    *from = first;
    *to = last;
    return true;
}

bool config_parse_bool(const char *text, bool *value)
{
    bool yes =
        strcasecmp(text, "yes") == 0 || strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    bool no =
        strcasecmp(text, "no") == 0 || strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;

    if (yes || no)
        *value = yes;
    return yes || no;
}

/* --- places --- */

/* A port after the last colon, which has something before it. */
static bool has_port(const char *text)
{
    const char *colon = strrchr(text, ':');

    if (colon == NULL || colon == text || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    return colon[1] != '\0' && strlen(colon + 1) <= 5 && atoi(colon + 1) <= 65535;
}

/* Nothing that a file of settings would read as something else. */
static bool is_plain(const char *text)
{
    return strspn(text,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_*[]/%") ==
           strlen(text);
}

bool config_is_listen(const char *text)
{
    return strncmp(text, "tcp://", 6) == 0 && is_plain(text) && has_port(text + 6);
}

bool config_is_address(const char *text)
{
    return is_plain(text) && strchr(text, '/') == NULL && has_port(text);
}

bool config_is_endpoints(const char *text)
{
    size_t count = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        struct ayni_bytes endpoint = { (const uint8_t *)text, size };
        if (!ayni_endpoint_valid(endpoint) || ++count > AYNI_CARD_ENDPOINTS_MAX)
            return false;
        text += size;
        if (*text == ',' && *++text == '\0')
            return false;
    }
    return count > 0;
}
