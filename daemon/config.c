#include "daemon/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config_key.h"
#include "daemon/config_peer.h"
#include "po/language.h"

static const char *const log_levels[] = { "debug", "info", "warning", "error", NULL };

#define AT(member) offsetof(struct config, member)
#define ROOM(member) sizeof(((struct config *)NULL)->member)

/* Every setting there is. Numbers have a range; sizes are bytes, durations milliseconds. */
static const struct config_key keys[] = {
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
    { "net", "proxy", CONFIG_ADDRESS, AT(proxy), ROOM(proxy), 0, 0, "", NULL },
    { "link", "rate", CONFIG_SIZE, AT(link.rate), 0, 0, 1ull << 40, "0", NULL },
    { "link", "day", CONFIG_SIZE, AT(link.day), 0, 0, 1ull << 50, "0", NULL },
    { "link", "hours", CONFIG_HOURS, AT(link.hours), ROOM(link.hours), 0, 0, "always", NULL },
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

static const struct config_key *find_key(const char *section, const char *name)
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
        (void)config_key_assign(&keys[i], config, keys[i].fallback);
}

enum ayni_status config_set(struct config *config, const char *section, const char *name,
                            const char *value, char *why, size_t why_size)
{
    if (config_is_peer_section(section))
        return config_peer_set(config, section, name, value, why, why_size);
    const struct config_key *key = find_key(section, name);
    if (key == NULL) {
        config_explain(why, why_size, _("there is no setting `%s` in [%s]"), name, section);
        return AYNI_E_USAGE;
    }
    if (!config_key_assign(key, config, value)) {
        config_explain(why, why_size, _("[%s] %s: `%s` is not %s"), section, name, value,
                       config_key_expected(key));
        return AYNI_E_USAGE;
    }
    return AYNI_OK;
}

enum { SECTION_SIZE = AYNI_ENDPOINT_SIZE_MAX + 32 };

struct reading {
    struct config *config;
    const char *path;
    FILE *file;
    char section[SECTION_SIZE]; /* of lines that follow, where it isn't left to inih */
    int line;
    int wrong_line; /* the first whose pair is wrong; `why` is about it */
    int long_line;  /* the first that is longer than inih takes; 0 for none */
    char *why;
    size_t why_size;
};

/* Where the bracket at the start of the line is closed, others within it left out; NULL: nowhere.
 */
static char *closing_bracket(char *line)
{
    int depth = 0;

    for (char *c = line; *c != '\0' && *c != '\n'; c++) {
        depth += *c == '[' ? 1 : *c == ']' ? -1 : 0;
        if (depth == 0)
            return c;
    }
    return NULL;
}

/* inih cuts a section's name off after 49 characters, and at the first bracket, which may be that
 * of an IPv6 address: so it gets none, and the name is kept here. */
static void take_section(struct reading *reading, char *line)
{
    char *end = line[0] == '[' ? closing_bracket(line) : NULL;

    if (end == NULL)
        return;
    if (end - line > SECTION_SIZE && reading->long_line == 0)
        reading->long_line = reading->line;
    *end = '\0';
    snprintf(reading->section, sizeof(reading->section), "%s", line + 1);
    line[1] = ']';
    line[2] = '\0';
}

static char *read_line(char *line, int size, void *context)
{
    struct reading *reading = context;

    reading->line++;
    char *read = fgets(line, size, reading->file);
    if (read != NULL && strchr(line, '\n') == NULL && !feof(reading->file) &&
        reading->long_line == 0)
        reading->long_line = reading->line;
    if (read != NULL)
        take_section(reading, line);
    return read;
}

static int read_pair(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    char what[256];

    if (section[0] == '\0')
        section = reading->section;
    if (config_set(reading->config, section, name, value, what, sizeof(what)) == AYNI_OK)
        return 1;
    if (reading->wrong_line == 0) {
        config_explain(reading->why, reading->why_size, _("%s, line %d: %s"), reading->path,
                       reading->line, what);
        reading->wrong_line = reading->line;
    }
    return 0;
}

enum ayni_status config_read(struct config *config, const char *path, char *why, size_t why_size)
{
    struct reading reading = {
        .config = config, .path = path, .file = fopen(path, "re"), .why = why, .why_size = why_size
    };

    if (reading.file == NULL) {
        config_explain(why, why_size, "%s: %s", path, strerror(errno));
        return errno == ENOENT ? AYNI_E_NOT_FOUND : AYNI_E_IO;
    }
    int failed = ini_parse_stream(read_line, &reading, read_pair, &reading);
    bool unread = ferror(reading.file) != 0;
    fclose(reading.file);
    if (unread) {
        config_explain(why, why_size, _("%s: it can't be read"), path);
        return AYNI_E_IO;
    }
    if (reading.long_line != 0) {
        config_explain(why, why_size, _("%s, line %d: it is too long"), path, reading.long_line);
        return AYNI_E_USAGE;
    }
    if (failed == 0)
        return AYNI_OK;
    if (failed != reading.wrong_line)
        config_explain(why, why_size, _("%s, line %d: neither [section] nor key = value"), path,
                       failed);
    return AYNI_E_USAGE;
}

/* AYNI_ and the names in upper case, with _ for -. */
static void environment_name(const struct config_key *key, char *name, size_t size)
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
            config_explain(why, why_size, _("environment, %s: %s"), name, what);
            return AYNI_E_USAGE;
        }
    }
    return AYNI_OK;
}

void config_print(const struct config *config, FILE *to)
{
    const char *section = "";

    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(section, keys[i].section) != 0)
            fprintf(to, "%s[%s]\n", i == 0 ? "" : "\n", keys[i].section);
        section = keys[i].section;
        config_key_print(&keys[i], config, to);
    }
    config_peers_print(config, to);
}
