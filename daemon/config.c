#include "daemon/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config_value.h"
#include "po/language.h"

enum kind {
    CONFIG_LISTEN,    /* these may be empty */
    CONFIG_ENDPOINTS, /* commas between */
    CONFIG_ADDRESS,
    CONFIG_WORD,
    CONFIG_BOOL,
    CONFIG_COUNT,
    CONFIG_SIZE,
    CONFIG_DURATION_MS
};

/* What fits into a line of a file as inih reads it (200 bytes), its name and a comment beside it.
 */
enum { VALUE_MAX = 160 };

static const char *const log_levels[] = { "debug", "info", "warning", "error", NULL };

#define AT(member) offsetof(struct config, member)
#define ROOM(member) sizeof(((struct config *)NULL)->member)

/* Every setting there is. Numbers have a range; sizes are bytes, durations milliseconds. */
static const struct key {
    const char *section, *name;
    enum kind kind;
    size_t offset, room;
    uint64_t min, max;
    const char *fallback;
    const char *const *words;
} keys[] = {
    { "net", "listen", CONFIG_LISTEN, AT(listen), ROOM(listen), 0, 0, "", NULL },
    { "net", "advertise", CONFIG_ENDPOINTS, AT(advertise), ROOM(advertise), 0, 0, "", NULL },
    { "net", "peer-timeout", CONFIG_DURATION_MS, AT(peer_timeout_ms), 0, 1000, 600000, "30s",
      NULL },
    { "net", "dial-interval-min", CONFIG_DURATION_MS, AT(dial_interval_min_ms), 0, 100, 600000,
      "2s", NULL },
    { "net", "dial-interval-max", CONFIG_DURATION_MS, AT(dial_interval_max_ms), 0, 100, 3600000,
      "60s", NULL },
    { "net", "peers-wanted", CONFIG_COUNT, AT(peers_wanted), 0, 0, 1000, "4", NULL },
    { "net", "metered", CONFIG_BOOL, AT(metered), 0, 0, 0, "no", NULL },
    { "store", "log-map-size", CONFIG_SIZE, AT(log_map_size), 0, 1 << 20, 1ull << 46, "64G", NULL },
    { "store", "views-map-size", CONFIG_SIZE, AT(views_map_size), 0, 1 << 20, 1ull << 46, "64G",
      NULL },
    { "store", "projection-memory", CONFIG_SIZE, AT(projection_memory), 0, 1 << 20, 1ull << 40,
      "256M", NULL },
    { "store", "ballast", CONFIG_SIZE, AT(ballast), 0, 0, 1ull << 34, "16M", NULL },
    { "store", "scrub-after", CONFIG_DURATION_MS, AT(scrub_after_ms), 0, 0, 30ull * 86400000, "1h",
      NULL },
    { "store", "backups-kept", CONFIG_DURATION_MS, AT(backups_kept_ms), 0, 0, 3650ull * 86400000,
      "0s", NULL },
    { "query", "time", CONFIG_DURATION_MS, AT(query_ms), 0, 1000, 300000, "60s", NULL },
    { "query", "reader-time", CONFIG_DURATION_MS, AT(query_reader_ms), 0, 1000, 300000, "20s",
      NULL },
    { "query", "rows", CONFIG_COUNT, AT(query_rows), 0, 1, 1ull << 32, "1000000", NULL },
    { "query", "reader-rows", CONFIG_COUNT, AT(query_reader_rows), 0, 1, 1ull << 32, "100000",
      NULL },
    { "query", "memory", CONFIG_SIZE, AT(query_memory), 0, 1 << 20, 1ull << 40, "256M", NULL },
    { "http", "listen", CONFIG_ADDRESS, AT(http), ROOM(http), 0, 0, "", NULL },
    { "log", "level", CONFIG_WORD, AT(log_level), ROOM(log_level), 0, 0, "info", log_levels },
};
enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static void explain(char *why, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void explain(char *why, size_t size, const char *format, ...)
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

static bool is_text(const struct key *key, const char *value)
{
    switch (key->kind) {
    case CONFIG_LISTEN:
        return value[0] == '\0' || config_is_listen(value);
    case CONFIG_ENDPOINTS:
        return value[0] == '\0' || config_is_endpoints(value);
    case CONFIG_ADDRESS:
        return value[0] == '\0' || config_is_address(value);
    default:
        return is_word(key->words, value);
    }
}

static bool assign_text(const struct key *key, char *to, const char *value)
{
    if (strlen(value) >= key->room || strlen(value) > VALUE_MAX || !is_text(key, value))
        return false;
    memcpy(to, value, strlen(value) + 1);
    return true;
}

static bool assign_number(const struct key *key, uint64_t *to, const char *value)
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

static bool assign(struct config *config, const struct key *key, const char *value)
{
    void *to = (char *)config + key->offset;

    switch (key->kind) {
    case CONFIG_LISTEN:
    case CONFIG_ENDPOINTS:
    case CONFIG_ADDRESS:
    case CONFIG_WORD:
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

static const char *expected(const struct key *key)
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

static const struct key *find_key(const char *section, const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

void config_init(struct config *config)
{
    *config = (struct config){ 0 };
    for (size_t i = 0; i < KEY_COUNT; i++)
        (void)assign(config, &keys[i], keys[i].fallback);
}

enum ayni_status config_set(struct config *config, const char *section, const char *name,
                            const char *value, char *why, size_t why_size)
{
    const struct key *key = find_key(section, name);

    if (key == NULL) {
        explain(why, why_size, _("there is no setting `%s` in [%s]"), name, section);
        return AYNI_E_USAGE;
    }
    if (!assign(config, key, value)) {
        explain(why, why_size, _("[%s] %s: `%s` is not %s"), section, name, value, expected(key));
        return AYNI_E_USAGE;
    }
    return AYNI_OK;
}

struct reading {
    struct config *config;
    const char *path;
    FILE *file;
    int line;
    int wrong_line; /* the first whose pair is wrong; `why` is about it */
    int long_line;  /* the first that is longer than inih takes; 0 for none */
    char *why;
    size_t why_size;
};

static char *read_line(char *line, int size, void *context)
{
    struct reading *reading = context;

    reading->line++;
    char *read = fgets(line, size, reading->file);
    if (read != NULL && strchr(line, '\n') == NULL && !feof(reading->file) &&
        reading->long_line == 0)
        reading->long_line = reading->line;
    return read;
}

static int read_pair(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    char what[256];

    if (config_set(reading->config, section, name, value, what, sizeof(what)) == AYNI_OK)
        return 1;
    if (reading->wrong_line == 0) {
        explain(reading->why, reading->why_size, _("%s, line %d: %s"), reading->path, reading->line,
                what);
        reading->wrong_line = reading->line;
    }
    return 0;
}

enum ayni_status config_read(struct config *config, const char *path, char *why, size_t why_size)
{
    struct reading reading = { config, path, fopen(path, "re"), 0, 0, 0, why, why_size };

    if (reading.file == NULL) {
        explain(why, why_size, "%s: %s", path, strerror(errno));
        return errno == ENOENT ? AYNI_E_NOT_FOUND : AYNI_E_IO;
    }
    int failed = ini_parse_stream(read_line, &reading, read_pair, &reading);
    bool unread = ferror(reading.file) != 0;
    fclose(reading.file);
    if (unread) {
        explain(why, why_size, _("%s: it can't be read"), path);
        return AYNI_E_IO;
    }
    if (reading.long_line != 0) {
        explain(why, why_size, _("%s, line %d: it is too long"), path, reading.long_line);
        return AYNI_E_USAGE;
    }
    if (failed == 0)
        return AYNI_OK;
    if (failed != reading.wrong_line)
        explain(why, why_size, _("%s, line %d: neither [section] nor key = value"), path, failed);
    return AYNI_E_USAGE;
}

/* AYNI_ and the names in upper case, with _ for -. */
static void environment_name(const struct key *key, char *name, size_t size)
{
    snprintf(name, size, "AYNI_%s_%s", key->section, key->name);
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

enum ayni_status config_read_environment(struct config *config, char *why, size_t why_size)
{
    char name[64], what[256];

    for (size_t i = 0; i < KEY_COUNT; i++) {
        environment_name(&keys[i], name, sizeof(name));
        const char *value = getenv(name);
        if (value == NULL)
            continue;
        if (config_set(config, keys[i].section, keys[i].name, value, what, sizeof(what)) !=
            AYNI_OK) {
            explain(why, why_size, _("environment, %s: %s"), name, what);
            return AYNI_E_USAGE;
        }
    }
    return AYNI_OK;
}

static void print_value(const struct config *config, const struct key *key, FILE *to)
{
    const void *from = (const char *)config + key->offset;

    switch (key->kind) {
    case CONFIG_LISTEN:
    case CONFIG_ENDPOINTS:
    case CONFIG_ADDRESS:
    case CONFIG_WORD:
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
}

void config_print(const struct config *config, FILE *to)
{
    const char *section = "";

    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(section, keys[i].section) != 0)
            fprintf(to, "%s[%s]\n", i == 0 ? "" : "\n", keys[i].section);
        section = keys[i].section;
        fprintf(to, "%s = ", keys[i].name);
        print_value(config, &keys[i], to);
        fprintf(to, "\n");
    }
}
