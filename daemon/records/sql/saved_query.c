#include "daemon/records/sql/saved_query.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/records/sql/shipped_queries.h"
#include "proto/nearest.h"
#include "proto/text.h"

static const char suffix[] = ".sql";
enum { SUFFIX_SIZE = sizeof(suffix) - 1 };

/* Nothing that leads out of the folder. */
static bool is_name(struct ayni_bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = (char)name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return name.size > 0 && name.size < SAVED_QUERY_NAME_SIZE;
}

/* --- files --- */

/* Its bytes to `text`: AYNI_E_NOT_FOUND where there is no file, AYNI_E_INVALID for one that is too
 * long or no file of bytes. */
static enum ayni_status read_file(const char *path, struct ayni_buffer *text)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool fits = fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
                facts.st_size <= SQL_QUERY_SIZE_MAX;
    size_t size = fits ? (size_t)facts.st_size : 0;
    uint8_t *room = fits ? ayni_buffer_extend(text, size) : NULL;
    ssize_t got = room == NULL ? 0 : read(fd, room, size);

    if (fd < 0)
        return AYNI_E_NOT_FOUND;
    close(fd);
    return fits && got == (ssize_t)size ? AYNI_OK : AYNI_E_INVALID;
}

static enum ayni_status read_home(const char *home, const char *name, struct ayni_buffer *text)
{
    char path[4096];
    int size = snprintf(path, sizeof(path), "%s/queries/%s%s", home, name, suffix);

    return size < (int)sizeof(path) ? read_file(path, text) : AYNI_E_NOT_FOUND;
}

/* --- what a file says of itself --- */

static char *trimmed(char *text)
{
    char *end = text + strlen(text);

    while (*text == ' ' || *text == '\t')
        text++;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        *--end = '\0';
    return text;
}

static void read_parameter(struct saved_query *query, char *said)
{
    char *equals = strchr(said, '=');

    if (equals == NULL || query->default_count == SQL_QUERY_PARAMETERS_MAX)
        return;
    *equals = '\0';
    query->defaults[query->default_count++] =
        (struct sql_parameter){ trimmed(said), trimmed(equals + 1) };
}

/* One line of comment, behind its hyphens. */
static void read_line(struct saved_query *query, char *line)
{
    char *said = trimmed(line);

    if (strncmp(said, "es:", 3) == 0)
        query->title_es = trimmed(said + 3);
    else if (strncmp(said, "en:", 3) == 0)
        query->title_en = trimmed(said + 3);
    else if (said[0] == ':')
        read_parameter(query, said + 1);
}

/* The lines of comment at its beginning, in a copy that is taken apart. */
static void read_head(struct saved_query *query, char *copy)
{
    for (char *line = copy, *next; strncmp(line, "--", 2) == 0; line = next) {
        char *end = strchr(line, '\n');
        next = end == NULL ? line + strlen(line) : end + 1;
        if (end != NULL)
            *end = '\0';
        read_line(query, line + 2);
    }
}

static enum ayni_status make(const char *name, bool of_home, struct ayni_bytes text,
                             struct saved_query *query)
{
    struct saved_query made = { .of_home = of_home };
    char *head = ayni_arena_text(&made.memory, text);

    made.sql = ayni_arena_text(&made.memory, text);
    made.name = ayni_arena_text(&made.memory, ayni_bytes_of_text(name));
    made.title_es = made.title_en = made.name;
    if (ayni_arena_status(&made.memory) != AYNI_OK) {
        ayni_arena_free(&made.memory);
        return AYNI_E_MEMORY;
    }
    read_head(&made, head);
    *query = made;
    return AYNI_OK;
}

/* --- one by its name --- */

static enum ayni_status fail_unknown(const char *home, const char *name,
                                     struct complaint *complaint)
{
    SCOPED_ARENA memory = { 0 };
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));
    const char **names;
    size_t count;
    enum ayni_status status = saved_query_names(home, &memory, &names, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        ayni_nearest_offer(&nearest, names[i]);
    complain_code(complaint, "unknown_query");
    if (nearest.best != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest.best, NULL);
    else
        complain_hint(complaint, N_("`ayni queries` lists them"), NULL);
    return complain(complaint, AYNI_E_USAGE, N_("there is no saved query {}"), name, NULL);
}

enum ayni_status saved_query_read(const char *home, const char *name, struct saved_query *query,
                                  struct complaint *complaint)
{
    SCOPED_BUFFER text = { 0 };
    enum ayni_status status = AYNI_E_NOT_FOUND;

    if (is_name(ayni_bytes_of_text(name)))
        status = read_home(home, name, &text);
    if (status == AYNI_OK && !ayni_text_valid(ayni_buffer_bytes(&text)))
        status = AYNI_E_INVALID;
    if (status == AYNI_OK)
        return make(name, true, ayni_buffer_bytes(&text), query);
    if (status == AYNI_E_INVALID)
        return complain(complaint, status, N_("{} can't be read as a saved query"), name, NULL);
    struct ayni_bytes shipped = shipped_query_text(name);
    return shipped.size == 0 ? fail_unknown(home, name, complaint)
                             : make(name, false, shipped, query);
}

void saved_query_free(struct saved_query *query)
{
    ayni_arena_free(&query->memory);
    *query = (struct saved_query){ 0 };
}

/* --- all of them --- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void keep(struct ayni_buffer *names, struct ayni_arena *memory, struct ayni_bytes name)
{
    const char *copy = ayni_arena_text(memory, name);

    ayni_buffer_append(names, &copy, sizeof(copy));
}

static void list_home(const char *home, struct ayni_buffer *names, struct ayni_arena *memory)
{
    char path[4096];
    DIR *folder =
        snprintf(path, sizeof(path), "%s/queries", home) < (int)sizeof(path) ? opendir(path) : NULL;

    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct ayni_bytes name = ayni_bytes_of_text(entry->d_name);
        if (name.size <= SUFFIX_SIZE ||
            strcmp(entry->d_name + name.size - SUFFIX_SIZE, suffix) != 0)
            continue;
        name.size -= SUFFIX_SIZE;
        if (is_name(name))
            keep(names, memory, name);
    }
    closedir(folder);
}

enum ayni_status saved_query_names(const char *home, struct ayni_arena *memory, const char ***names,
                                   size_t *count)
{
    SCOPED_BUFFER found = { 0 };
    size_t kept = 0;

    list_home(home, &found, memory);
    for (size_t i = 0; shipped_query_name(i) != NULL; i++)
        keep(&found, memory, ayni_bytes_of_text(shipped_query_name(i)));
    if (ayni_buffer_status(&found) != AYNI_OK || ayni_arena_status(memory) != AYNI_OK)
        return AYNI_E_MEMORY;
    size_t all = found.size / sizeof(const char *);
    const char **list = ayni_arena_take(memory, all, sizeof(*list));
    if (list == NULL)
        return AYNI_E_MEMORY;
    memcpy(list, found.data, found.size);
    qsort(list, all, sizeof(*list), by_name);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || strcmp(list[kept - 1], list[i]) != 0)
            list[kept++] = list[i];
    *names = list;
    *count = kept;
    return AYNI_OK;
}

/* --- parameters --- */

static bool is_given(const struct sql_parameter *given, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(given[i].name, name) == 0)
            return true;
    return false;
}

enum ayni_status saved_query_parameters(const struct saved_query *query,
                                        const struct sql_parameter *given, size_t given_count,
                                        struct sql_parameter *all, size_t *count,
                                        struct complaint *complaint)
{
    *count = 0;
    if (given_count + query->default_count > SQL_QUERY_PARAMETERS_MAX)
        return complain(complaint, AYNI_E_LIMIT, N_("the query is too long"), NULL);
    for (size_t i = 0; i < given_count; i++)
        all[(*count)++] = given[i];
    for (size_t i = 0; i < query->default_count; i++)
        if (!is_given(given, given_count, query->defaults[i].name))
            all[(*count)++] = query->defaults[i];
    return AYNI_OK;
}
