#include "daemon/federation/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/suite.h"

/* A file system without hard links, as a stick's FAT is. */
static bool has_no_links;
int link(const char *from, const char *to)
{
    if (!has_no_links)
        return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
    errno = EPERM;
    return -1;
}

static struct test_folder home;
static char why[512];

static void setup_home(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_folder_make(&home);
    why[0] = '\0';
}
static void teardown_home(void)
{
    test_folder_remove(&home);
}

START_TEST(an_identity_is_made_once_and_read_the_same)
{
    struct identity first, second;

    ck_assert_int_eq(identity_open(home.path, &first, why, sizeof(why)), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_E_EXISTS);
    ck_assert_int_eq(identity_open(home.path, &first, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(identity_open(home.path, &second, why, sizeof(why)), AYNI_OK);
    ck_assert(ayni_id_equal(&first.node, &second.node));
    ck_assert_int_eq(memcmp(first.transport_public, second.transport_public, 32), 0);
    ck_assert_int_eq(memcmp(first.place, second.place, 16), 0);
    identity_close(&first);
    identity_close(&second);
}
END_TEST

START_TEST(a_key_is_copied_to_a_stick_that_knows_no_links)
{
    struct test_folder stick;
    struct identity first, second;

    test_folder_make(&stick);
    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_OK);
    has_no_links = true;
    ck_assert_int_eq(identity_copy(home.path, stick.path, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(identity_copy(home.path, stick.path, why, sizeof(why)), AYNI_E_EXISTS);
    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_E_EXISTS);
    has_no_links = false;
    ck_assert_int_eq(identity_open(home.path, &first, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(identity_open(stick.path, &second, why, sizeof(why)), AYNI_OK);
    ck_assert(ayni_id_equal(&first.node, &second.node));
    identity_close(&first);
    identity_close(&second);
    test_folder_remove(&stick);
}
END_TEST

START_TEST(a_key_file_that_others_may_read_is_refused)
{
    struct identity identity;
    char path[512];

    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_OK);
    test_folder_path(&home, "node.key", path, sizeof(path));
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(identity_open(home.path, &identity, why, sizeof(why)), AYNI_E_RIGHT);
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(identity_open(home.path, &identity, why, sizeof(why)), AYNI_OK);
    identity_close(&identity);
}
END_TEST

START_TEST(a_copy_of_the_home_is_elsewhere)
{
    struct identity here, there;
    char path[512], text[512];

    ck_assert_int_eq(identity_make(home.path, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(identity_open(home.path, &here, why, sizeof(why)), AYNI_OK);
    test_folder_path(&home, "node.key", path, sizeof(path));
    FILE *file = fopen(path, "r");
    size_t size = fread(text, 1, sizeof(text), file);
    fclose(file);
    char kept[600];
    snprintf(kept, sizeof(kept), "%s.kept", path);
    ck_assert_int_eq(rename(path, kept), 0);
    test_folder_write(&home, "node.key", text, size);
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(identity_open(home.path, &there, why, sizeof(why)), AYNI_OK);
    ck_assert(ayni_id_equal(&here.node, &there.node));
    ck_assert_int_ne(memcmp(here.place, there.place, 16), 0);
    identity_close(&here);
    identity_close(&there);
}
END_TEST

static const char *const broken_keys[] = {
    "",
    "\n",
    "ayni-node-key-2\nidentity 00\ntransport 00\n",
    "ayni-node-key-1\n",
    "ayni-node-key-1\nidentity 00\ntransport 00\n",
    "ayni-node-key-1\nidentity zz\ntransport zz\n",
    "garbage garbage garbage garbage",
};
START_TEST(a_broken_key_file_is_told)
{
    struct identity identity;
    char path[512];

    test_folder_write(&home, "node.key", broken_keys[_i], strlen(broken_keys[_i]));
    test_folder_path(&home, "node.key", path, sizeof(path));
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(identity_open(home.path, &identity, why, sizeof(why)), AYNI_E_MALFORMED);
    ck_assert_ptr_nonnull(strstr(why, "node.key"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *keys = tcase_create("keys");

    tcase_add_checked_fixture(keys, setup_home, teardown_home);
    tcase_add_test(keys, an_identity_is_made_once_and_read_the_same);
    tcase_add_test(keys, a_key_is_copied_to_a_stick_that_knows_no_links);
    tcase_add_test(keys, a_key_file_that_others_may_read_is_refused);
    tcase_add_test(keys, a_copy_of_the_home_is_elsewhere);
    tcase_add_loop_test(keys, a_broken_key_file_is_told, 0,
                        (int)(sizeof(broken_keys) / sizeof(broken_keys[0])));
    suite_add_tcase(suite, keys);
    return test_run(suite);
}
