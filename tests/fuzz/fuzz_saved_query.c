/* Any bytes as the file of a saved query, and as a name that is asked for: it is a query with
 * parameters that can be set, or there are words. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/records/sql/saved_query.h"
#include "tests/support/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_folder home;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void remove_home(void)
{
    test_folder_remove(&home);
}

static void put_file(const uint8_t *data, size_t size)
{
    static int file = -1;
    char path[400];

    if (file < 0) {
        test_folder_make(&home);
        atexit(remove_home);
        test_folder_path(&home, "queries", path, sizeof(path));
        require(mkdir(path, 0700) == 0);
        test_folder_path(&home, "queries/mine.sql", path, sizeof(path));
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    }
    require(file >= 0 && ftruncate(file, 0) == 0);
    require(pwrite(file, data, size, 0) == (ssize_t)size);
}

/* Each parameter once: those that are given, and the defaults of others. */
static void set_parameters(const struct saved_query *query)
{
    const struct sql_parameter given[] = { { "territory", "1601" }, { "none", "" } };
    struct sql_parameter all[SQL_QUERY_PARAMETERS_MAX];
    struct complaint complaint = { 0 };
    size_t count = 0;

    if (saved_query_parameters(query, given, 2, all, &count, &complaint) != AYNI_OK) {
        require(complaint.text != NULL);
        return;
    }
    require(count >= 2 && count <= SQL_QUERY_PARAMETERS_MAX);
    for (size_t i = 0; i < count; i++)
        require(all[i].name != NULL && all[i].value != NULL);
}

static void read_one(const char *name)
{
    SCOPED_SAVED_QUERY query = { 0 };
    struct complaint complaint = { 0 };

    if (saved_query_read(home.path, name, &query, &complaint) != AYNI_OK) {
        require(complaint.text != NULL);
        return;
    }
    require(query.sql != NULL && query.title_es != NULL && query.title_en != NULL);
    require(query.default_count <= SQL_QUERY_PARAMETERS_MAX);
    set_parameters(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[2 * SAVED_QUERY_NAME_SIZE];
    size_t used = size < sizeof(name) - 1 ? size : sizeof(name) - 1;

    put_file(data, size);
    read_one("mine");
    if (used > 0)
        memcpy(name, data, used);
    name[used] = '\0';
    read_one(name);
    return 0;
}
