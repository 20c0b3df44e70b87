#include "tests/support/folder.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"

void test_folder_make(struct test_folder *folder)
{
    const char *base = getenv("TMPDIR");

    snprintf(folder->path, sizeof(folder->path), "%s/ayni-test-XXXXXX", base ? base : "/tmp");
    test_require(mkdtemp(folder->path) != NULL, folder->path);
}

static int remove_one(const char *path, const struct stat *is, int type, struct FTW *place)
{
    (void)is;
    (void)type;
    (void)place;
    return remove(path);
}

void test_folder_remove(struct test_folder *folder)
{
    nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void test_folder_path(const struct test_folder *folder, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", folder->path, name);
}

void test_folder_write(const struct test_folder *folder, const char *name, const void *data,
                       size_t size)
{
    char path[512];

    test_folder_path(folder, name, path, sizeof(path));
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(data, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

bool test_file_holds(const char *path, struct ayni_bytes bytes)
{
    struct stat is;
    FILE *file = fopen(path, "rb");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fstat(fileno(file), &is), 0);
    char *all = malloc((size_t)is.st_size);
    ck_assert_ptr_nonnull(all);
    ck_assert_uint_eq(fread(all, 1, (size_t)is.st_size, file), (size_t)is.st_size);
    bool holds = memmem(all, (size_t)is.st_size, bytes.data, bytes.size) != NULL;
    free(all);
    fclose(file);
    return holds;
}
